// Package erasure removes everything there is of a photo. There is one path for
// a person's DELETE, for expiry, and for whatever else will ask for it:
//
//  1. the record is marked as being erased, which takes the photo from everyone
//     and its name from every contest and from the access log, a receipt is begun, and the photo's key is
//     deleted: from here on every copy of the pictures is noise, wherever it lies;
//  2. entries in the queue are deleted;
//  3. blobs are deleted;
//  4. the record is deleted;
//  5. the receipt is finished and forgets the photo.
//
// Every step succeeds when there is nothing left for it to do, so an erasure
// that broke off anywhere is simply begun again: the record stays marked until
// step 4, and the sweep finds it.
package erasure

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// Receipt is what whoever asked gets as proof.
type Receipt = photo.Receipt

// Photos are the records.
type Photos interface {
	Get(ctx context.Context, id photo.ID) (photo.Photo, error)
	Remove(ctx context.Context, id photo.ID) error
}

// Marks begin an erasure; false says that there is nothing to erase.
type Marks interface {
	BeginErasure(ctx context.Context, id photo.ID) (bool, error)
	BeginExpiry(ctx context.Context, id photo.ID, now time.Time) (bool, error)
}

// Receipts keep the proof.
type Receipts interface {
	BeginReceipt(ctx context.Context, id photo.ID, fresh photo.Receipt) (photo.Receipt, error)
	FinishReceipts(ctx context.Context, now time.Time) (int, error)
}

// Vault holds key and pictures.
type Vault interface {
	EraseKey(ctx context.Context, id photo.ID) error
	EraseBlobs(ctx context.Context, id photo.ID) error
}

// Queue holds tasks.
type Queue interface {
	ForgetPhoto(ctx context.Context, id photo.ID, revision int) error
}

// Statistics notes that a photo is going, in a row that does not know the photo;
// it never fails.
type Statistics interface {
	Erased(ctx context.Context, p photo.Photo)
}

// Meter counts erasures.
type Meter interface {
	Erased(reason string, err error)
}

// Options are what an Eraser works with; all are needed.
type Options struct {
	Photos     Photos
	Marks      Marks
	Receipts   Receipts
	Vault      Vault
	Queue      Queue
	Statistics Statistics
	Meter      Meter
	Log        *slog.Logger
	Now        func() time.Time
}

// Eraser erases photos.
type Eraser struct{ Options }

// New returns an eraser.
func New(o Options) *Eraser { return &Eraser{o} }

// Limits of time. The queue's is short because Redis may be down, and what it
// holds of a photo is an ID that soon names nothing.
const (
	erasureLimit = 30 * time.Second
	queueLimit   = 2 * time.Second
)

// Erase removes a photo now; photo.ErrNotFound if there is none. Once the key is
// gone it succeeds, even if blobs or the record resist: the receipt is then
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
	receipt, err := e.lock(ctx, id, photo.ErasedOnRequest)
	if err != nil {
		e.Meter.Erased(string(photo.ErasedOnRequest), err)
		return Receipt{}, fmt.Errorf("erase photo: %w", err)
	}
	err = e.remove(ctx, id)
	e.Meter.Erased(string(receipt.Reason), err)
	if err != nil {
		e.Log.Error("erasure unfinished, the sweep goes on", "receipt", receipt.ID, "error", err)
		return receipt, nil
	}
	receipt.FinishedAt = e.Now()
	e.Log.Info("erased", "receipt", receipt.ID, "reason", string(receipt.Reason))
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
	receipt, err := e.lock(ctx, id, photo.ErasedByExpiry)
	if errors.Is(err, photo.ErrNotFound) {
		return false, nil // another sweep was quicker
	}
	if err == nil {
		err = e.remove(ctx, id)
	}
	e.Meter.Erased(string(photo.ErasedByExpiry), err)
	if err != nil {
		return false, fmt.Errorf("expire photo: %w", err)
	}
	e.Log.Info("erased", "receipt", receipt.ID, "reason", string(receipt.Reason))
	return true, nil
}

// Settle finishes the receipts of erasures that broke off just before their end.
func (e *Eraser) Settle(ctx context.Context) error {
	_, err := e.Receipts.FinishReceipts(ctx, e.Now())
	return err
}

// lock is the rest of step 1.
func (e *Eraser) lock(ctx context.Context, id photo.ID, why photo.ErasureReason) (Receipt, error) {
	receipt, err := e.Receipts.BeginReceipt(ctx, id, photo.NewReceipt(why, e.Now()))
	if err != nil {
		return Receipt{}, err
	}
	return receipt, e.Vault.EraseKey(ctx, id)
}

// remove is steps 2 to 5.
func (e *Eraser) remove(ctx context.Context, id photo.ID) error {
	e.forget(ctx, id)
	if err := e.Vault.EraseBlobs(ctx, id); err != nil {
		return err
	}
	if err := e.Photos.Remove(ctx, id); err != nil {
		return err
	}
	return e.Settle(ctx)
}

// forget tells the statistics and tries to delete the queue's entries. What it can't delete is deleted
// by a worker that finds no such claim, or as an archived entry past its time.
func (e *Eraser) forget(ctx context.Context, id photo.ID) {
	p, err := e.Photos.Get(ctx, id)
	if err == nil {
		e.Statistics.Erased(ctx, p)
		limited, cancel := context.WithTimeout(ctx, queueLimit)
		defer cancel()
		err = e.Queue.ForgetPhoto(limited, id, p.Revision)
	}
	if err != nil {
		e.Log.Warn("an erasure leaves the queue as it is", "error", err)
	}
}
