package archivist

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/archive"
	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/policy"
	"github.com/passportphotogenie/passportphotogenie/internal/register"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// Trail has a request's history, oldest first.
type Trail interface {
	About(ctx context.Context, subject string) ([]audit.Event, error)
}

// Letters has the letters about a request, oldest first.
type Letters interface {
	About(ctx context.Context, about string) ([]letter.Record, error)
}

// Source lists what one register has under an e-mail address that was proved; never a
// photo, and nothing that opens one.
type Source interface {
	Section() string // its name in the archive: lower case, plural
	Filed(ctx context.Context, a email.Address) ([]archive.Item, error)
}

// Processors has those who work for the controller today.
type Processors interface {
	List(ctx context.Context) ([]register.Processor, error)
}

// Holdings are all places where something is held of a person; all are needed.
type Holdings struct {
	Trail   Trail
	Letters Letters
	Photo   PhotoHoldings
	Sources []Source

	Policy     *policy.Policy
	Facts      policy.Facts // but for the processors
	Processors Processors
}

// document returns a request's JSON, and from when its time counts.
func (h Holdings) document(ctx context.Context, r subjectrequest.Request, now time.Time) (document []byte, since time.Time, err error) {
	d := archive.Document{Format: archive.Format, Kind: r.Kind, MadeAt: now.UTC().Truncate(time.Second), Request: archive.NewRequest(r), Filed: []archive.Section{}}
	if d.Photo, err = h.Photo.of(ctx, r, now); err != nil {
		return nil, since, err
	}
	if a, proved := archive.Proved(r); proved {
		if d.Filed, err = h.filed(ctx, a, r.Kind); err != nil {
			return nil, since, err
		}
	}
	if r.Kind == subjectrequest.Access {
		if err := h.history(ctx, r, &d.Request); err != nil {
			return nil, since, err
		}
	}
	facts := h.Facts
	if facts.Processors, err = h.Processors.List(ctx); err != nil {
		return nil, since, err
	}
	d.Facts = archive.NewFacts(facts, h.Policy.InForce(now).Number)
	if document, err = json.MarshalIndent(d, "", "  "); err != nil {
		return nil, since, fmt.Errorf("write document: %w", err)
	}
	return document, d.Since(now), nil
}

// history adds what was done with the request and written about it.
func (h Holdings) history(ctx context.Context, r subjectrequest.Request, into *archive.Request) error {
	events, err := h.Trail.About(ctx, string(r.ID))
	if err != nil {
		return err
	}
	for _, e := range events {
		into.History = append(into.History, archive.NewStep(e))
	}
	letters, err := h.Letters.About(ctx, string(r.ID))
	if err != nil {
		return err
	}
	for _, l := range letters {
		if archive.IsTo(l, r.Email) {
			into.Letters = append(into.Letters, archive.NewLetter(l))
		}
	}
	return nil
}

func (h Holdings) filed(ctx context.Context, a email.Address, k subjectrequest.Kind) (all []archive.Section, err error) {
	for _, source := range h.Sources {
		section := archive.Section{Name: source.Section(), Items: []archive.Item{}}
		items, err := source.Filed(ctx, a)
		if err != nil {
			return nil, err
		}
		for _, i := range items {
			if k == subjectrequest.Portability {
				if i = i.Portable(); len(i.Provided) == 0 {
					continue
				}
			}
			section.Items = append(section.Items, i)
		}
		all = append(all, section)
	}
	return all, nil
}

// find returns what a photo's key opens: the photo of a request, unless its time is
// over; photo.ErrNotFound then.
func find(ctx context.Context, photos Photos, r subjectrequest.Request, now time.Time) (photo.Photo, error) {
	if r.Photo.ID == "" {
		return photo.Photo{}, photo.ErrNotFound
	}
	p, err := photos.Get(ctx, r.Photo.ID)
	if err == nil && (p.Status == photo.Erasing || p.Expired(now)) {
		err = photo.ErrNotFound
	}
	return p, err
}

// gone makes nothing of an error that says that there is nothing.
func gone(err error, words ...error) error {
	for _, word := range words {
		if errors.Is(err, word) {
			return nil
		}
	}
	return err
}
