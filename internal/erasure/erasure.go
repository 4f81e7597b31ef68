// Package erasure removes everything there is of a photo. There is one path for
// a person's DELETE, for expiry, and for whatever else will ask for it:
//
//  1. the record is marked as being erased, which takes the photo from everyone
//     and its name from every contest and from the access log; a receipt is begun,
//     and noted in the journal that outlives restored backups; then the photo's key is deleted: from here on
//     every copy of the pictures is noise, wherever it lies;
//  2. entries in the queue are deleted;
//  3. blobs are deleted;
//  4. the record is deleted;
//  5. the receipt is finished, signed, and forgets the photo.
//
// Steps 1 to 4 are the list Options.Steps. Each notes in the receipt what it found
// before it deletes that, and succeeds when there is nothing left for it to do. So
// an erasure that broke off anywhere is simply begun again: the record stays marked
// until step 4 and the receipt knows the photo until step 5, and the sweep looks
// for both.
package erasure

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/attest"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// Receipt is what whoever asked gets as proof.
type Receipt = photo.Receipt

// Marks begin an erasure; false says that there is nothing to erase.
type Marks interface {
	BeginErasure(ctx context.Context, id photo.ID) (bool, error)
	BeginExpiry(ctx context.Context, id photo.ID, now time.Time) (bool, error)
}

// Beginner gives an erasure that has begun its receipt.
type Beginner interface {
	BeginReceipt(ctx context.Context, id photo.ID, fresh func(photo.ErasureReason) (Receipt, error)) (photo.Erasure, error)
}

// Receipts keep the proof.
type Receipts interface {
	Beginner
	Note(ctx context.Context, receipt string, found photo.Traces) error
	Finish(ctx context.Context, x photo.Erasure, seal func(Receipt) (Receipt, error)) (Receipt, error)
}

// Backlog finds erasures whose records are gone and whose receipts still wait,
// and makes what was deleted unreadable in the database's files.
type Backlog interface {
	Unfinished(ctx context.Context, after string, limit int) ([]photo.Erasure, error)
	Scrub(ctx context.Context) error
}

// Journal remembers erasures where no backup of the records can undo them.
type Journal interface {
	Note(ctx context.Context, id photo.ID, r Receipt) error
	Find(ctx context.Context, id photo.ID) (Receipt, error)
	Noted(ctx context.Context) ([]Receipt, error)
}

// Meter counts erasures.
type Meter interface {
	Erased(reason string, err error)
}

// Options are what an Eraser works with; all are needed.
type Options struct {
	Marks    Marks
	Receipts Receipts
	Backlog  Backlog
	Journal  Journal
	// Steps are gone through in order. The first makes the pictures unreadable, the
	// last deletes the record.
	Steps  []Step
	Signer *attest.Signer
	Meter  Meter
	Log    *slog.Logger
	Now    func() time.Time
}

// Eraser erases photos.
type Eraser struct{ Options }

// New returns an eraser.
func New(o Options) *Eraser { return &Eraser{o} }

// erasureLimit bounds one pass of one erasure.
const erasureLimit = 30 * time.Second

// Erase removes a photo now; photo.ErrNotFound if there is none. Once the key is
// gone it succeeds, even if something else resists: the receipt is then
// unfinished, and the sweep goes on. It does not stop when the one who asked
// has gone away.
func (e *Eraser) Erase(ctx context.Context, id photo.ID) (Receipt, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), erasureLimit)
	defer cancel()
	begun, err := e.Marks.BeginErasure(ctx, id)
	if err != nil {
		return Receipt{}, fmt.Errorf("erase photo: %w", err)
	}
	if !begun {
		return Receipt{}, photo.ErrNotFound
	}
	x, err := e.lock(ctx, id, e.fresh)
	if err != nil {
		e.Meter.Erased(string(photo.ErasedOnRequest), err)
		return Receipt{}, fmt.Errorf("erase photo: %w", err)
	}
	receipt, err := e.remove(ctx, x)
	e.Meter.Erased(string(x.Receipt.Reason), err)
	if err != nil {
		e.Log.Error("erasure unfinished, the sweep goes on", "receipt", x.Receipt.ID, "error", err)
		return x.Receipt, nil
	}
	return receipt, nil
}

// Expire removes a photo that was found due, or whose erasure broke off. It
// returns false if the photo is no longer due.
func (e *Eraser) Expire(ctx context.Context, id photo.ID, now time.Time) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, erasureLimit)
	defer cancel()
	begun, err := e.Marks.BeginExpiry(ctx, id, now)
	if err != nil {
		return false, fmt.Errorf("expire photo: %w", err)
	}
	if !begun {
		return false, nil
	}
	x, err := e.lock(ctx, id, e.fresh)
	if errors.Is(err, photo.ErrNotFound) {
		return false, nil // another sweep was quicker
	}
	if err == nil {
		_, err = e.remove(ctx, x)
	}
	e.Meter.Erased(string(photo.ErasedByExpiry), err)
	if err != nil {
		return false, fmt.Errorf("expire photo: %w", err)
	}
	return true, nil
}

// fresh is a new receipt, signed as pending.
func (e *Eraser) fresh(why photo.ErasureReason) (Receipt, error) {
	return photo.NewReceipt(why, e.Now()).Signed(e.Signer)
}

// lock is step 1 without the mark.
func (e *Eraser) lock(ctx context.Context, id photo.ID, fresh func(photo.ErasureReason) (Receipt, error)) (photo.Erasure, error) {
	x, err := e.Receipts.BeginReceipt(ctx, id, fresh)
	if err != nil {
		return photo.Erasure{}, err
	}
	// Before the key goes: a restored record without a key is erased as well, but
	// only the journal gives it back its receipt.
	if err := e.Journal.Note(ctx, id, x.Receipt); err != nil {
		return photo.Erasure{}, err
	}
	return x, e.Steps[0].Erase(ctx, x, e.noteIn(ctx, x))
}

// remove is all that follows. The receipt that it returns is unfinished when a step
// has to wait for something.
func (e *Eraser) remove(ctx context.Context, x photo.Erasure) (Receipt, error) {
	waits := false
	x.Now = e.Now()
	for _, step := range e.Steps[1:] {
		err := step.Erase(ctx, x, e.noteIn(ctx, x))
		if errors.Is(err, ErrLater) {
			waits = true
			e.Log.Warn("an erasure waits for a last trace", "receipt", x.Receipt.ID, "error", err)
		} else if err != nil {
			return x.Receipt, err
		}
	}
	if waits {
		return x.Receipt, e.Backlog.Scrub(ctx)
	}
	return e.finish(ctx, x)
}

func (e *Eraser) noteIn(ctx context.Context, x photo.Erasure) Note {
	return func(found photo.Traces) error { return e.Receipts.Note(ctx, x.Receipt.ID, found) }
}

// finish is step 5.
func (e *Eraser) finish(ctx context.Context, x photo.Erasure) (Receipt, error) {
	receipt, err := e.Receipts.Finish(ctx, x, func(counted Receipt) (Receipt, error) { return e.seal(ctx, x, counted) })
	if err != nil {
		return x.Receipt, err
	}
	if err := e.Backlog.Scrub(ctx); err != nil {
		return receipt, err
	}
	e.Log.Info("erased", "receipt", receipt.ID, "reason", string(receipt.Reason))
	return receipt, nil
}

// seal finishes and signs a receipt, and notes it in the journal first: one that
// the journal knows as finished stays what it was, whatever happened to the records
// since.
func (e *Eraser) seal(ctx context.Context, x photo.Erasure, counted Receipt) (Receipt, error) {
	earlier, err := e.Journal.Find(ctx, x.Photo)
	if err == nil && earlier.ID == counted.ID && !earlier.FinishedAt.IsZero() {
		return earlier, nil
	}
	if err != nil && !errors.Is(err, photo.ErrNotFound) {
		return Receipt{}, err
	}
	counted.FinishedAt = e.Now()
	sealed, err := counted.Signed(e.Signer)
	if err != nil {
		return Receipt{}, err
	}
	return sealed, e.Journal.Note(ctx, x.Photo, sealed)
}
