package privacydesk

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// Filing is a request as it arrives.
type Filing struct {
	subjectrequest.Filing
	Ground photo.Ground // of a restriction with a photo's key
	Actor  string       // audit.Person, or the officer who types it in
}

// Filed is what the person gets.
type Filed struct {
	Request subjectrequest.Request
	Key     secret.Key // opens state and answer; shown once
}

// ErrGround says that a restriction needs one of the law's grounds.
var ErrGround = errors.New("a restriction needs a ground")

// File takes a request in and does at once what a program can do. Errors are those of
// subjectrequest.New and of the register, ErrGround, and letter.ErrTooMany when the
// mailbox has been sent enough.
func (d *Desk) File(ctx context.Context, f Filing) (Filed, error) {
	f.RequesterKey = d.RequesterKey
	c, keys, err := subjectrequest.New(f.Filing, d.by(f.Actor))
	if err == nil && f.Channel == subjectrequest.PhotoKey {
		err = d.before(ctx, f)
	}
	if err != nil {
		return Filed{}, err
	}
	letters, err := d.letters(c.Request, c.Request.Email, d.first(c.Request, keys))
	if err != nil {
		return Filed{}, err
	}
	r, err := d.Requests.File(ctx, c, letters...)
	if err != nil {
		return Filed{}, err
	}
	d.post(ctx, letters)
	return Filed{d.served(ctx, r), keys.Own}, nil
}

// first is the first letter: to an address from a form nothing but the question
// whether it is theirs.
func (d *Desk) first(r subjectrequest.Request, keys subjectrequest.Keys) letter.Content {
	if r.Channel == subjectrequest.ByEmail {
		return letter.ConfirmAddress{Case: caseOf(r), Secrets: keys.Link, Until: r.Link.Until}
	}
	return d.acknowledgement(r)
}

// before is what holds from the moment on in which the key is shown. Both can be done
// twice, so that whoever is cut off in between just asks again.
func (d *Desk) before(ctx context.Context, f Filing) error {
	switch f.Kind {
	case subjectrequest.Restriction:
		if !slices.Contains(photo.Grounds(), f.Ground) {
			return ErrGround
		}
		now := d.Now()
		_, err := d.Photos.Restrict(ctx, f.Photo.ID, photo.Restriction{
			ID: photo.NewRestrictionID(), Ground: f.Ground, Since: now, ReviewBy: subjectrequest.RestrictionReviewDue(now),
		})
		return err
	case subjectrequest.Objection:
		if f.Photo.Reference == "" {
			return nil // it was refused before
		}
		return d.Statistics.Forget(ctx, f.Photo.Reference)
	}
	return nil
}

// served is Serve for whoever waits: what breaks off the scheduler takes up.
func (d *Desk) served(ctx context.Context, r subjectrequest.Request) subjectrequest.Request {
	now, err := d.Serve(ctx, r.ID)
	if err != nil {
		d.Log.Warn("a request waits for the sweep", "error", err)
		return r
	}
	return now
}

// Confirm is for whoever followed the mailed link, or typed its code in. It returns the
// request as it is then. subjectrequest.ErrNotFound says that nothing is opened by
// that, and Request.Confirm the rest.
func (d *Desk) Confirm(ctx context.Context, link secret.Key) (subjectrequest.Request, error) {
	for try := 0; ; try++ {
		r, err := d.Locks.OfLink(ctx, link)
		if err != nil {
			return subjectrequest.Request{}, fmt.Errorf("confirm an address: %w", err)
		}
		c, err := r.Confirm(d.by(audit.Person))
		if err != nil {
			return subjectrequest.Request{}, err
		}
		letters, err := d.letters(c.Request, c.Request.Email, d.acknowledgement(c.Request))
		if err == nil {
			err = d.Requests.Save(ctx, c, letters...)
		}
		if errors.Is(err, letter.ErrTooMany) { // the proof counts without it
			letters, err = nil, d.Requests.Save(ctx, c)
		}
		if errors.Is(err, subjectrequest.ErrChanged) && try < 2 {
			continue // an officer has acted on it in this moment
		}
		if err != nil {
			return subjectrequest.Request{}, fmt.Errorf("confirm an address: %w", err)
		}
		d.post(ctx, letters)
		return d.served(ctx, c.Request), nil
	}
}

// Resend sends a new link in place of the one before; subjectrequest.SendLink's errors,
// and letter.ErrTooMany.
func (d *Desk) Resend(ctx context.Context, r subjectrequest.Request, actor string) error {
	c, pair, err := r.SendLink(d.by(actor))
	if err != nil {
		return err
	}
	letters, err := d.letters(c.Request, r.Email, letter.ConfirmAddress{Case: caseOf(r), Secrets: pair, Until: c.Request.Link.Until})
	if err == nil {
		err = d.Requests.Save(ctx, c, letters...)
	}
	if err == nil {
		d.post(ctx, letters)
	}
	return err
}
