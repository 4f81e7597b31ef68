package erasure

import (
	"context"
	"errors"
	"fmt"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// Restored is a database of records that was taken back from a backup.
type Restored interface {
	// IDs returns the photos in the order of their IDs, those after the given one
	// and at most limit.
	IDs(ctx context.Context, after photo.ID, limit int) ([]photo.ID, error)
}

// Restorer takes a receipt back that a restored database has lost.
type Restorer interface {
	Restore(ctx context.Context, lost Receipt) error
}

// Reapplier makes a restored database forget again what was erased since its
// backup.
type Reapplier struct {
	*Eraser
	Photos   Restored
	Receipts Restorer
	Keys     Keys
}

// Reapplied says what a Reapplier has done.
type Reapplied struct {
	Kept     int // photos
	Erased   int // photos
	Receipts int // noted in the journal; the database now has them all
}

const reapplyBatch = 200

// Reapply erases every photo that the journal knows as erased, under the receipt
// it had, and every photo whose key is gone, under a new one. Then it gives the
// database back the receipts that it has lost. It may be broken off and run again.
func (r *Reapplier) Reapply(ctx context.Context) (done Reapplied, err error) {
	for after := photo.ID(""); ; {
		ids, err := r.Photos.IDs(ctx, after, reapplyBatch)
		if err != nil {
			return done, fmt.Errorf("reapply erasures: %w", err)
		}
		if len(ids) == 0 {
			break
		}
		for _, id := range ids {
			after = id
			erased, err := r.again(ctx, id)
			if err != nil {
				return done, fmt.Errorf("reapply erasures: %w", err)
			}
			if erased {
				done.Erased++
			} else {
				done.Kept++
			}
		}
	}
	noted, err := r.Journal.Noted(ctx)
	if err != nil {
		return done, fmt.Errorf("reapply erasures: %w", err)
	}
	for _, receipt := range noted {
		if err := r.Receipts.Restore(ctx, receipt); err != nil {
			return done, fmt.Errorf("reapply erasures: %w", err)
		}
		done.Receipts++
	}
	return done, r.Settle(ctx)
}

// again erases one photo if it must not be there, and says whether.
func (r *Reapplier) again(ctx context.Context, id photo.ID) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, erasureLimit)
	defer cancel()
	receipt, err := r.Journal.Find(ctx, id)
	switch {
	case errors.Is(err, photo.ErrNotFound):
		has, err := r.Keys.Has(ctx, id)
		if err != nil || has {
			return false, err
		}
		if receipt, err = r.fresh(photo.ErasedAfterRestore); err != nil {
			return false, err
		}
	case err != nil:
		return false, err
	}
	if begun, err := r.Marks.BeginErasure(ctx, id); err != nil || !begun {
		return false, err
	}
	x, err := r.lock(ctx, id, func(photo.ErasureReason) (Receipt, error) { return receipt.Reopened().Signed(r.Signer) })
	if err != nil {
		return false, err
	}
	_, err = r.remove(ctx, x)
	return true, err
}
