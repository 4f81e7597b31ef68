package privacydesk

import (
	"context"
	"errors"
	"fmt"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/contest"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// serveTries is how often Serve begins anew when somebody else acts on the request in
// the same moment.
const serveTries = 3

// Serve does for a request what a program can do, from wherever it stands, and returns
// it as it is then. It may be called at any time and any number of times.
func (d *Desk) Serve(ctx context.Context, id subjectrequest.ID) (r subjectrequest.Request, err error) {
	for range serveTries {
		if r, err = d.Requests.Find(ctx, id); err != nil {
			break
		}
		if r, err = d.serve(ctx, r); !errors.Is(err, subjectrequest.ErrChanged) {
			break
		}
	}
	if err != nil {
		return r, fmt.Errorf("serve a request: %w", err)
	}
	return r, nil
}

func (d *Desk) serve(ctx context.Context, r subjectrequest.Request) (subjectrequest.Request, error) {
	if !r.State.Open() || !r.Identified() || !mechanical(r) {
		return r, nil
	}
	if r.State == subjectrequest.Received {
		accepted, err := d.take(ctx, r, Deed{Action: subjectrequest.Accept, Actor: audit.Service})
		if err != nil {
			return r, err
		}
		r = accepted
	}
	switch r.Kind {
	case subjectrequest.Access, subjectrequest.Portability:
		if err := d.Queue.EnqueueArchive(ctx, r.ID); err != nil {
			d.Log.Warn("an archive waits for the sweep", "error", err)
		}
		return r, nil
	case subjectrequest.Erasure:
		return d.eraseFor(ctx, r)
	case subjectrequest.AutomatedDecision:
		return d.decided(ctx, r)
	}
	return d.answer(ctx, r, note(r))
}

// mechanical reports whether a program can do what is asked for: with a photo's key all
// but a rectification, and without one only what it takes to read.
func mechanical(r subjectrequest.Request) bool {
	switch r.Kind {
	case subjectrequest.Access, subjectrequest.Portability:
		return r.Channel == subjectrequest.PhotoKey || r.Channel == subjectrequest.ByEmail
	case subjectrequest.Restriction, subjectrequest.Objection, subjectrequest.Erasure:
		return r.Channel == subjectrequest.PhotoKey
	case subjectrequest.AutomatedDecision:
		return r.Contest != ""
	}
	return false
}

// answer fulfils a request in the service's name.
func (d *Desk) answer(ctx context.Context, r subjectrequest.Request, words string) (subjectrequest.Request, error) {
	return d.take(ctx, r, Deed{Action: subjectrequest.Fulfil, Actor: audit.Service, Words: words, Receipt: r.Answer.Receipt})
}

// eraseFor erases the photo, its lines of the access log and its statistics. The
// receipt is handed to the request by the erasure itself, so that a photo that is gone
// already, or whose erasure breaks off, has left it there.
func (d *Desk) eraseFor(ctx context.Context, r subjectrequest.Request) (subjectrequest.Request, error) {
	if r.Photo.ID != "" {
		if err := d.erase(ctx, r.Photo.ID); err != nil {
			return r, err
		}
		now, err := d.Requests.Find(ctx, r.ID)
		if err != nil {
			return r, err
		}
		r = now
	}
	return d.answer(ctx, r, note(r))
}

// erase removes all that leads to the photo's key holder. A photo that is gone is none
// of the errors.
func (d *Desk) erase(ctx context.Context, id photo.ID) error {
	p, err := d.Photos.Get(ctx, id)
	if err == nil && p.Reference != "" {
		err = d.Statistics.Forget(ctx, p.Reference)
	}
	if err == nil {
		err = d.AccessLines.Forget(ctx, id)
	}
	if err == nil {
		_, err = d.Eraser.Erase(ctx, id)
	}
	if errors.Is(err, photo.ErrNotFound) {
		return nil
	}
	return err
}

// decided answers with what a person has decided about the contest; until then the
// request waits, and a contest that was withdrawn leaves it to the desk.
func (d *Desk) decided(ctx context.Context, r subjectrequest.Request) (subjectrequest.Request, error) {
	c, err := d.Contests.Find(ctx, r.Contest)
	if errors.Is(err, contest.ErrNotFound) || err == nil && c.State != contest.Decided {
		return r, nil
	}
	if err != nil {
		return r, err
	}
	events, err := d.Trail.About(ctx, string(c.ID))
	if err != nil {
		return r, err
	}
	return d.answer(ctx, r, ruled(c.Ruling)+d.looks(events))
}

// ArchiveBuilt answers a request whose archive can be fetched.
func (d *Desk) ArchiveBuilt(ctx context.Context, id subjectrequest.ID) error {
	for try := 0; ; try++ {
		r, err := d.Requests.Find(ctx, id)
		if err == nil && r.State == subjectrequest.Fulfilled {
			return nil // by an earlier call
		}
		if err == nil {
			_, err = d.answer(ctx, r, note(r))
		}
		if errors.Is(err, subjectrequest.ErrChanged) && try+1 < serveTries {
			continue
		}
		if err != nil {
			return fmt.Errorf("answer with an archive: %w", err)
		}
		return nil
	}
}
