package intake

import (
	"context"
	"errors"

	"github.com/passportphotogenie/passportphotogenie/internal/edit"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// Revisions keeps the record of a photo that is edited.
type Revisions interface {
	Get(ctx context.Context, id photo.ID) (photo.Photo, error)
	// Revise answers photo.ErrChanged when the photo does not stand like from
	// any more.
	Revise(ctx context.Context, from photo.Photo, r photo.Revised) (photo.Photo, error)
}

// Why an edit is refused, beside edit.InvalidError and what photo.Stopped says.
var (
	ErrNotEditable  = errors.New("the photo can't be edited")
	ErrTooManyEdits = errors.New("the photo was edited too often")
	ErrNoRevision   = errors.New("the photo has no such revision")
	ErrBusy         = errors.New("the photo is being edited by others too often to keep up")
)

// Change is an edit as a client asks for it: what is nil stays as it is. Restore
// goes back to the order of an earlier revision first.
type Change struct {
	Restore  *int
	Document *string
	AgeBand  *photo.AgeBand
	Settings edit.Change
}

// mostTries bounds how often an edit is tried against others that come first.
const mostTries = 10

// Revise has the photo made anew with the change. Edits that come at once are
// made one after the other, each on top of the one before, so that the last one
// wins where they touch the same setting and nothing else is lost. A change that
// changes nothing leaves the photo as it is. The photo must be one that its key
// has opened.
func (in *Intake) Revise(ctx context.Context, p photo.Photo, c Change) (photo.Photo, error) {
	for range mostTries {
		order, err := c.to(p)
		if err != nil {
			return photo.Photo{}, err
		}
		if order == p.Order() {
			return p, nil
		}
		now := in.Now()
		made, err := in.Revisions.Revise(ctx, p, photo.Revised{Order: order, Now: now, ExpiresAt: in.Life.ExpiresAt(now)})
		if err == nil {
			in.dispatch(ctx, made.Claim())
			in.Statistics.Received(ctx, made)
			return made, nil
		}
		if !errors.Is(err, photo.ErrChanged) {
			return photo.Photo{}, unavailable("revise", err)
		}
		if p, err = in.current(ctx, p.ID); err != nil {
			return photo.Photo{}, err
		}
	}
	return photo.Photo{}, ErrBusy
}

// current reads the photo again; photo.ErrNotFound when its time has come.
func (in *Intake) current(ctx context.Context, id photo.ID) (photo.Photo, error) {
	p, err := in.Revisions.Get(ctx, id)
	if err != nil && !errors.Is(err, photo.ErrNotFound) {
		return photo.Photo{}, unavailable("read the photo", err)
	}
	if err != nil || p.Status == photo.Erasing || p.Expired(in.Now()) {
		return photo.Photo{}, photo.ErrNotFound
	}
	return p, nil
}

// to returns the order that the change makes of the photo's.
func (c Change) to(p photo.Photo) (photo.Order, error) {
	if err := p.Stopped(); err != nil {
		return photo.Order{}, err
	}
	if !p.Editable() {
		return photo.Order{}, ErrNotEditable
	}
	if p.Revision >= photo.MaxRevisions {
		return photo.Order{}, ErrTooManyEdits
	}
	order := p.Order()
	if c.Restore != nil {
		earlier, err := restored(p, *c.Restore)
		if err != nil {
			return photo.Order{}, err
		}
		order = earlier
	}
	if c.Document != nil {
		order.Document = *c.Document
	}
	if c.AgeBand != nil {
		order.AgeBand = *c.AgeBand
	}
	var err error
	order.Settings, err = c.Settings.To(order.Settings)
	return order, err
}

func restored(p photo.Photo, number int) (photo.Order, error) {
	for _, r := range p.Revisions() {
		if r.Number == number {
			return r.Order, nil
		}
	}
	return photo.Order{}, ErrNoRevision
}
