// Package complaintdesk is what happens to a complaint from the form to the answer: it
// works out the day by which the answer is due, keeps each step together with the letter
// that tells the person of it, and asks for the letter to be sent. What a step is, and
// when it may be taken, package complaint knows.
package complaintdesk

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/complaint"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// Register keeps complaints, each change with its letters; see sqlstore for the errors.
type Register interface {
	File(ctx context.Context, c complaint.Change, letters ...letter.Letter) error
	Save(ctx context.Context, c complaint.Change, letters ...letter.Letter) error
	Merge(ctx context.Context, merged, kept complaint.Change) error
}

// Finder looks up complaints; complaint.ErrNotFound for none.
type Finder interface {
	Find(ctx context.Context, id complaint.ID) (complaint.Complaint, error)
	OfLink(ctx context.Context, link secret.Key) (complaint.Complaint, error)
}

// Queue asks for a letter to be sent. That it fails stops nobody: a sweep looks for
// what waits.
type Queue interface {
	EnqueueLetter(ctx context.Context, c letter.Claim) error
}

// Options are what a Desk works with; all are needed.
type Options struct {
	Register Register
	Finder   Finder
	Queue    Queue
	Writer   letter.Writer
	Calendar subjectrequest.Calendar // the controller's
	Days     int                     // until an answer is due, the day of filing not counted
	Log      *slog.Logger
	Now      func() time.Time
}

// Desk does what people and officers do with complaints.
type Desk struct{ Options }

// New returns a desk.
func New(o Options) *Desk { return &Desk{o} }

// Filed is what the person gets.
type Filed struct {
	Complaint complaint.Complaint
	Key       secret.Key // opens state and answer; shown once
}

// File takes a complaint in. An address gets one letter, which asks to confirm it. The
// errors are those of complaint.New and of the register.
func (d *Desk) File(ctx context.Context, f complaint.Filing) (Filed, error) {
	f.Now = d.Now()
	f.DueAt = d.Calendar.End(d.Calendar.Day(f.Now).AddDays(d.Days))
	c, keys, err := complaint.New(f)
	if err != nil {
		return Filed{}, err
	}
	var tells letter.Content
	if keys.Link != (secret.Pair{}) {
		tells = letter.ConfirmAddress{Case: caseOf(c.Complaint), Secrets: keys.Link, Until: c.Complaint.Link.Until}
	}
	letters, err := d.write(c.Complaint, tells)
	if err == nil {
		err = d.Register.File(ctx, c, letters...)
	}
	if err != nil {
		return Filed{}, err
	}
	d.post(ctx, letters)
	return Filed{c.Complaint, keys.Own}, nil
}

// confirmTries is how often Confirm looks again when somebody else acts on the complaint
// in the same moment.
const confirmTries = 3

// Confirm is for whoever followed the mailed link or typed its code in. They get the
// acknowledgement or, if there is an answer already, a letter that tells of it.
// complaint.ErrNotFound says that it opens nothing, ErrLinkUsed and ErrLinkExpired that
// it does not any more.
func (d *Desk) Confirm(ctx context.Context, link secret.Key) (c complaint.Complaint, err error) {
	for range confirmTries {
		if c, err = d.confirm(ctx, link); !errors.Is(err, complaint.ErrChanged) {
			break
		}
	}
	if err != nil {
		return complaint.Complaint{}, fmt.Errorf("confirm an address: %w", err)
	}
	return c, nil
}

func (d *Desk) confirm(ctx context.Context, link secret.Key) (complaint.Complaint, error) {
	c, err := d.Finder.OfLink(ctx, link)
	if err != nil {
		return c, err
	}
	confirmed, pair, err := c.Confirm(d.Now())
	if err != nil {
		return c, err
	}
	letters, err := d.write(confirmed.Complaint, d.news(confirmed.Complaint, pair))
	if err == nil {
		err = d.Register.Save(ctx, confirmed, letters...)
	}
	if errors.Is(err, letter.ErrTooMany) { // the proof counts without it
		letters, err = nil, d.Register.Save(ctx, confirmed)
	}
	if err != nil {
		return c, err
	}
	d.post(ctx, letters)
	return confirmed.Complaint, nil
}

// Renew sends a new link to the address that a link was mailed to, for whoever comes when
// its time is over. complaint.ErrNotFound says that it opens nothing, and SendLink the
// rest; letter.ErrTooMany that the mailbox has had enough.
func (d *Desk) Renew(ctx context.Context, link secret.Key) error {
	c, err := d.Finder.OfLink(ctx, link)
	if err != nil {
		return fmt.Errorf("renew a link: %w", err)
	}
	sent, pair, err := c.SendLink(complaint.By{Actor: audit.Person, Now: d.Now()})
	if err != nil {
		return err
	}
	letters, err := d.write(c, letter.ConfirmAddress{Case: caseOf(c), Secrets: pair, Until: sent.Complaint.Link.Until})
	if err == nil {
		err = d.Register.Save(ctx, sent, letters...)
	}
	if err == nil {
		d.post(ctx, letters)
	}
	return err
}

// news is what a person hears first at an address that they have confirmed.
func (d *Desk) news(c complaint.Complaint, answer secret.Pair) letter.Content {
	if answer != (secret.Pair{}) {
		return answerOf(c, answer)
	}
	if !c.State.Open() {
		return nil
	}
	return letter.Acknowledge{Case: caseOf(c), Received: c.FiledAt, AnswerBy: LastDay(c)}
}

// LastDay is a moment of the last day on which the answer is in time.
func LastDay(c complaint.Complaint) time.Time { return c.DueAt.Add(-time.Minute) }

func caseOf(c complaint.Complaint) letter.Case {
	return letter.Case{Matter: letter.Complaint, Reference: string(c.ID)}
}

func answerOf(c complaint.Complaint, pair secret.Pair) letter.Answer {
	return letter.Answer{Case: caseOf(c), Secrets: pair, Until: c.ReadableUntil()}
}

// write is the letter to whoever complained; none without an address or anything to tell.
func (d *Desk) write(c complaint.Complaint, tells letter.Content) ([]letter.Letter, error) {
	if tells == nil {
		return nil, nil
	}
	l, err := d.Writer.Write(letter.Envelope{To: c.Email, About: string(c.ID), Now: d.Now()}, tells)
	if err != nil {
		return nil, err
	}
	return []letter.Letter{l}, nil
}

// post asks for letters to be sent now rather than by the next sweep.
func (d *Desk) post(ctx context.Context, letters []letter.Letter) {
	for _, l := range letters {
		if err := d.Queue.EnqueueLetter(ctx, letter.Claim{ID: l.ID}); err != nil {
			d.Log.Warn("a letter waits for the sweep", "error", err)
		}
	}
}
