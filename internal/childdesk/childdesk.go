// Package childdesk is what happens to reports about children: it takes them in,
// confirms addresses, has decisions kept and erases what was rightly reported. Each
// step is one transaction of the register with all that tells of it; what follows
// after, erasing a photo whose erasure has begun, the expiry sweep ends as well.
package childdesk

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/childreport"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
)

// Register keeps the reports.
type Register interface {
	File(ctx context.Context, c childreport.Change, name string, letters ...letter.Letter) (childreport.Report, error)
	Save(ctx context.Context, c childreport.Change, letters ...letter.Letter) error
	finder
}

type finder interface {
	Find(ctx context.Context, id childreport.ID) (childreport.Report, error)
	FindByLink(ctx context.Context, given string) (childreport.Report, error)
	Untold(ctx context.Context, limit int) ([]childreport.Report, error)
}

// Eraser removes a photo at once and for good; photo.ErrNotFound if there is none.
type Eraser interface {
	Erase(ctx context.Context, id photo.ID) (photo.Receipt, error)
}

// Options are what a Desk works with; all are needed.
type Options struct {
	Register Register
	Eraser   Eraser
	Writer   letter.Writer
	Log      *slog.Logger
	Now      func() time.Time
}

// Desk does what people and officers do with reports.
type Desk struct{ Options }

// New returns a desk.
func New(o Options) *Desk { return &Desk{o} }

// File takes a report in and returns it with the key of whoever reports, which is shown
// once. A mailbox gets one letter, which asks to confirm the address. The error says
// what is wrong with the filing, see childreport.New, or is letter.ErrTooMany.
func (d *Desk) File(ctx context.Context, f childreport.Filing) (childreport.Report, secret.Key, error) {
	f.Now = d.Now()
	c, name, keys, err := childreport.New(f)
	if err != nil {
		return childreport.Report{}, "", err
	}
	var letters []letter.Letter
	if keys.Link != (secret.Pair{}) {
		if letters, err = d.write(c.Report, letter.ConfirmAddress{Case: caseOf(c.Report), Secrets: keys.Link, Until: c.Report.Link.Until}); err != nil {
			return childreport.Report{}, "", err
		}
	}
	r, err := d.Register.File(ctx, c, name, letters...)
	if err != nil {
		return childreport.Report{}, "", err
	}
	return r, keys.Own, nil
}

// confirmTries is how often Confirm looks again when somebody else changes the report
// in the same moment.
const confirmTries = 3

// Confirm is for whoever followed a mailed link or typed its code in. The mailbox gets a
// letter: that the report has arrived or, if it is closed already, its answer.
// childreport.ErrNotFound says that it is no report's link, childreport.ErrLink that it
// was followed before or its time is over.
func (d *Desk) Confirm(ctx context.Context, given string) (r childreport.Report, err error) {
	for range confirmTries {
		if r, err = d.Register.FindByLink(ctx, given); err != nil {
			break
		}
		var c childreport.Change
		var answer secret.Pair
		if c, answer, err = r.Confirm(d.Now()); err != nil {
			break
		}
		tell := letter.Content(letter.Acknowledge{Case: caseOf(c.Report), Received: c.Report.FiledAt, AnswerBy: c.Report.DueAt})
		if answer != (secret.Pair{}) {
			tell = answerOf(c.Report, answer)
		}
		var letters []letter.Letter
		if letters, err = d.write(c.Report, tell); err != nil {
			break
		}
		if err = d.Register.Save(ctx, c, letters...); !errors.Is(err, childreport.ErrChanged) {
			r = c.Report
			break
		}
	}
	if err != nil {
		return childreport.Report{}, fmt.Errorf("confirm a child report's address: %w", err)
	}
	return r, nil
}

// Decide closes a report as an officer says; its errors are those of
// childreport.Report.Decide. A photo that is to go is erased at once. Should that fail,
// nobody can see the photo all the same and the sweep goes on, so that is no error.
func (d *Desk) Decide(ctx context.Context, id childreport.ID, s childreport.Decision) error {
	s.Now = d.Now()
	r, err := d.Register.Find(ctx, id)
	if err != nil {
		return err
	}
	c, answer, err := r.Decide(s)
	if err != nil {
		return err
	}
	var letters []letter.Letter
	if answer != (secret.Pair{}) {
		if letters, err = d.write(c.Report, answerOf(c.Report, answer)); err != nil {
			return err
		}
	}
	if err := d.Register.Save(ctx, c, letters...); err != nil {
		return err
	}
	if s.State == childreport.Upheld {
		d.erase(ctx, r.Photo.ID)
	}
	return nil
}

// tellAtOnce is how many letters one run of Tell writes at most; the next goes on.
const tellAtOnce = 200

// Tell writes to those whose reports a photo's own end has closed. One that resists does
// not stop the rest.
func (d *Desk) Tell(ctx context.Context) error {
	untold, err := d.Register.Untold(ctx, tellAtOnce)
	for _, r := range untold {
		err = errors.Join(err, d.tell(ctx, r))
	}
	return err
}

func (d *Desk) tell(ctx context.Context, r childreport.Report) error {
	c, answer, err := r.Tell(d.Now())
	if err != nil {
		return err
	}
	letters, err := d.write(c.Report, answerOf(c.Report, answer))
	if err != nil {
		return err
	}
	err = d.Register.Save(ctx, c, letters...)
	if errors.Is(err, childreport.ErrChanged) { // another process was quicker
		return nil
	}
	return err
}

func (d *Desk) erase(ctx context.Context, id photo.ID) {
	_, err := d.Eraser.Erase(ctx, id)
	if err != nil && !errors.Is(err, photo.ErrNotFound) { // the sweep was quicker
		d.Log.Error("the erasure of a reported photo is unfinished, the sweep goes on", "error", err)
	}
}

// write writes one letter to whoever reported.
func (d *Desk) write(r childreport.Report, c letter.Content) ([]letter.Letter, error) {
	l, err := d.Writer.Write(letter.Envelope{To: r.Email, About: string(r.ID), Now: d.Now()}, c)
	if err != nil {
		return nil, err
	}
	return []letter.Letter{l}, nil
}

func caseOf(r childreport.Report) letter.Case {
	return letter.Case{Matter: letter.ChildReport, Reference: string(r.ID)}
}

func answerOf(r childreport.Report, answer secret.Pair) letter.Answer {
	return letter.Answer{Case: caseOf(r), Secrets: answer, Until: r.ReadableUntil()}
}
