package complaintdesk

import (
	"context"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/complaint"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
)

// Deed is what an officer does with a complaint, or the person who withdraws it.
type Deed struct {
	Complaint complaint.ID
	Version   int          // of the complaint that was shown
	Action    audit.Action // complaint.TakeOn, Reply, Close or Merge
	Actor     string

	Words   string            // to the person, of Reply and of a Close that needs them
	Closing complaint.Closing // of Close
	Into    complaint.ID      // of Merge
}

// Act takes a step and tells the person. complaint.ErrChanged says that somebody else
// has acted on the complaint since it was shown, and its other errors why the step can't
// be taken.
func (d *Desk) Act(ctx context.Context, do Deed) (complaint.Complaint, error) {
	c, err := d.Finder.Find(ctx, do.Complaint)
	if err == nil {
		err = c.Seen(do.Version)
	}
	if err != nil {
		return c, err
	}
	if do.Action == complaint.Merge {
		return d.merge(ctx, c, do)
	}
	step, answer, err := d.step(c, do)
	if err != nil {
		return c, err
	}
	var tells letter.Content
	if answer != (secret.Pair{}) {
		tells = answerOf(step.Complaint, answer)
	}
	letters, err := d.write(step.Complaint, tells)
	if err == nil {
		err = d.Register.Save(ctx, step, letters...)
	}
	if err != nil {
		return c, err
	}
	d.post(ctx, letters)
	return step.Complaint, nil
}

func (d *Desk) by(do Deed) complaint.By { return complaint.By{Actor: do.Actor, Now: d.Now()} }

func (d *Desk) step(c complaint.Complaint, do Deed) (step complaint.Change, answer secret.Pair, err error) {
	switch do.Action {
	case complaint.TakeOn:
		step, err = c.Take(d.by(do))
		return step, answer, err
	case complaint.Reply:
		return c.Reply(do.Words, d.by(do))
	case complaint.Close:
		return c.Close(do.Closing, do.Words, d.by(do))
	}
	return step, answer, complaint.ErrNotNow
}

func (d *Desk) merge(ctx context.Context, c complaint.Complaint, do Deed) (complaint.Complaint, error) {
	into, err := d.Finder.Find(ctx, do.Into)
	if err != nil {
		return c, err
	}
	merged, kept, err := c.Merge(into, d.by(do))
	if err == nil {
		err = d.Register.Merge(ctx, merged, kept)
	}
	return merged.Complaint, err
}
