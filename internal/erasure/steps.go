package erasure

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/vault"
)

// Step removes what one place holds of a photo. It notes what it found before it
// removes any of it, so that the receipt is right also when the process is killed
// in between. It succeeds when there is nothing, also when the record is gone
// already.
type Step interface {
	Erase(ctx context.Context, x photo.Erasure, note Note) error
}

// Note keeps in the receipt how many of each kind of data there are.
type Note func(found photo.Traces) error

// ErrLater says that a place could not be cleared yet, which shall not keep the
// others from being cleared: the receipt stays pending, and the sweep tries again.
var ErrLater = errors.New("it has to wait")

// StepFunc is a function as a Step.
type StepFunc func(ctx context.Context, x photo.Erasure, note Note) error

// Erase is Step's.
func (f StepFunc) Erase(ctx context.Context, x photo.Erasure, note Note) error {
	return f(ctx, x, note)
}

// Keys hold one key per photo.
type Keys interface {
	Has(ctx context.Context, id photo.ID) (bool, error)
	Erase(ctx context.Context, id photo.ID) error
}

// Key deletes the photo's key. It has to be the first step.
func Key(keys Keys) Step {
	return StepFunc(func(ctx context.Context, x photo.Erasure, note Note) error {
		has, err := keys.Has(ctx, x.Photo)
		if err == nil && has {
			err = note(photo.Traces{photo.KeyTrace: 1})
		}
		if err != nil {
			return err
		}
		return keys.Erase(ctx, x.Photo)
	})
}

// Records are those of photos; photo.ErrNotFound for none.
type Records interface {
	Get(ctx context.Context, id photo.ID) (photo.Photo, error)
}

// Statistics notes that a photo is going, in a row that does not know the photo;
// it never fails.
type Statistics interface {
	Erased(ctx context.Context, p photo.Photo)
}

// Usage tells the statistics, as long as there is a record to tell of. What they keep
// is no trace: it leads back to nobody.
func Usage(r Records, s Statistics) Step {
	return StepFunc(func(ctx context.Context, x photo.Erasure, _ Note) error {
		p, err := r.Get(ctx, x.Photo)
		if errors.Is(err, photo.ErrNotFound) {
			return nil
		}
		if err == nil {
			s.Erased(ctx, p)
		}
		return err
	})
}

// Queue holds tasks; ForgetPhoto fails while a worker is at one of them.
type Queue interface {
	ForgetPhoto(ctx context.Context, id photo.ID, revision int, note func(entries int) error) error
}

// queueLimit is short because Redis may be down, and what it holds of a photo is
// an ID that soon names nothing.
const queueLimit = 2 * time.Second

// Entries deletes the queue's entries of a photo's tasks. Redis, which may be away,
// and a worker that has the picture in its hands hold up the receipt and nothing
// else.
func Entries(q Queue) Step {
	return StepFunc(func(ctx context.Context, x photo.Erasure, note Note) error {
		ctx, cancel := context.WithTimeout(ctx, queueLimit)
		defer cancel()
		err := q.ForgetPhoto(ctx, x.Photo, x.Revision, func(n int) error { return note(photo.Traces{photo.QueueTrace: n}) })
		if err != nil {
			return fmt.Errorf("%w: %w", ErrLater, err)
		}
		return nil
	})
}

// Store holds pictures.
type Store interface {
	Count(ctx context.Context, id photo.ID) (map[vault.Kind]int, error)
	EraseBlobs(ctx context.Context, id photo.ID) error
}

// Blobs deletes original, results, reports and analysis.
func Blobs(s Store) Step {
	return StepFunc(func(ctx context.Context, x photo.Erasure, note Note) error {
		found, err := s.Count(ctx, x.Photo)
		if err != nil {
			return err
		}
		traces := photo.Traces{}
		for kind, n := range found {
			traces[photo.Trace(kind)] = n
		}
		if err := note(traces); err != nil {
			return err
		}
		return s.EraseBlobs(ctx, x.Photo)
	})
}

// Remover deletes a record that is marked.
type Remover interface {
	Remove(ctx context.Context, id photo.ID, now time.Time) error
}

// Record deletes the photo's record. It has to be the last step. The receipt
// counted the record when it was begun.
func Record(r Remover) Step {
	return StepFunc(func(ctx context.Context, x photo.Erasure, _ Note) error { return r.Remove(ctx, x.Photo, x.Now) })
}
