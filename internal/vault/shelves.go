package vault

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// Folders are what blobs lie in; all names of folders end in a slash.
type Folders interface {
	Move(ctx context.Context, from, to string) error
	Looker
}

// Looker tells what lies where. That a blob is not there must be certain.
type Looker interface {
	Exists(ctx context.Context, name string) (bool, error)
	Newest(ctx context.Context, folder string) (time.Time, error)
	Walk(root string) Names
}

// Names goes through many names: Next returns up to n, and io.EOF when there are no
// more.
type Names interface {
	Next(ctx context.Context, n int) ([]string, error)
	Close() error
}

// The two places where a photo's blobs may lie. A bucket's rules delete from the
// first what has been forgotten there; from the second only we delete. Which of the
// two it is does not concern the encryption, which is bound to the photo, the kind
// and the revision.
const (
	Shelf     = "photos/"
	HeldShelf = "held/"
)

// heldName is where a blob of the shelf lies while its photo is restricted.
func heldName(name string) string { return HeldShelf + name[len(Shelf):] }

// Hold brings the photo's blobs to where no rule deletes them. They can be read all
// the while. Repeating it brings what has come since.
func (v *Vault) Hold(ctx context.Context, id photo.ID) error {
	return v.blobs.Move(ctx, prefix(id), heldName(prefix(id)))
}

// Release brings them back.
func (v *Vault) Release(ctx context.Context, id photo.ID) error {
	return v.blobs.Move(ctx, heldName(prefix(id)), prefix(id))
}

// open looks in both places, and in the first again: the blob may be on its way.
func (v *Vault) open(ctx context.Context, name string) (blob io.ReadCloser, err error) {
	for _, at := range []string{name, heldName(name), name} {
		if blob, err = v.blobs.Open(ctx, at); !errors.Is(err, ErrMissing) {
			return blob, err
		}
	}
	return nil, err
}

func (v *Vault) exists(ctx context.Context, name string) (bool, error) {
	for _, at := range []string{name, heldName(name), name} {
		if found, err := v.blobs.Exists(ctx, at); found || err != nil {
			return found, err
		}
	}
	return false, nil
}

// deleteAll deletes a folder in both places.
func (v *Vault) deleteAll(ctx context.Context, folder string) error {
	return errors.Join(v.blobs.DeleteAll(ctx, folder), v.blobs.DeleteAll(ctx, heldName(folder)))
}

// Whole reports whether everything is there that the photo's record speaks of: the
// key, the original, and of a ready photo result and report.
func (v *Vault) Whole(ctx context.Context, p photo.Photo) (bool, error) {
	items := []Item{OriginalOf(p.ID)}
	if p.Status == photo.Ready {
		made := photo.Claim{ID: p.ID, Revision: p.Revision, Attempt: p.ResultAttempt}
		items = append(items, Of(Result, made), Of(Report, made))
	}
	if _, err := v.keys.Find(ctx, p.ID); err != nil {
		if errors.Is(err, ErrMissing) {
			return false, nil
		}
		return false, fmt.Errorf("look for a photo's key: %w", err)
	}
	for _, item := range items {
		if found, err := v.exists(ctx, item.name()); !found || err != nil {
			return false, err
		}
	}
	return true, nil
}

// LastStored returns when the youngest of the photo's blobs was written, by the
// store's clock; the zero time if there is none.
func (v *Vault) LastStored(ctx context.Context, id photo.ID) (time.Time, error) {
	on, err := v.blobs.Newest(ctx, prefix(id))
	if err != nil {
		return time.Time{}, err
	}
	held, err := v.blobs.Newest(ctx, heldName(prefix(id)))
	if err != nil || held.Before(on) {
		return on, err
	}
	return held, nil
}

// Walk goes through the photos of which there are blobs, in no order. One may come
// twice.
func (v *Vault) Walk() *Walk {
	return &Walk{places: []Names{v.blobs.Walk(Shelf), v.blobs.Walk(HeldShelf)}}
}

// Walk is a way through the photos that have blobs.
type Walk struct{ places []Names }

// Next returns up to n photos, or none in between, and io.EOF with the last of them
// or after. What does not lie in a photo's folder is not ours and passed over.
func (w *Walk) Next(ctx context.Context, n int) (ids []photo.ID, err error) {
	if len(w.places) == 0 {
		return nil, io.EOF
	}
	names, err := w.places[0].Next(ctx, n)
	if errors.Is(err, io.EOF) {
		if err = w.places[0].Close(); err == nil && len(w.places) == 1 {
			err = io.EOF
		}
		w.places = w.places[1:]
	}
	for _, name := range names {
		if id, ours := photo.ParseID(name); ours {
			ids = append(ids, id)
		}
	}
	return ids, err
}

// Close ends a walk that has not come to its end.
func (w *Walk) Close() (err error) {
	for _, p := range w.places {
		err = errors.Join(err, p.Close())
	}
	w.places = nil
	return err
}
