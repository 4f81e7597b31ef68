package erasure

import (
	"context"
	"errors"
)

// settleBatch is how many unfinished erasures are looked up at a time.
const settleBatch = 200

// Settle goes on with erasures whose records are gone and whose receipts still
// wait: because something could not be removed then, or because they broke off just
// before their end. It also makes what was deleted unreadable in the database's
// files, so that a run that broke off before that is made good by the next.
//
// What waits once more is no error, and ends the run: what hinders one hinders all.
func (e *Eraser) Settle(ctx context.Context) error {
	return errors.Join(e.settle(ctx), e.Backlog.Scrub(ctx))
}

func (e *Eraser) settle(ctx context.Context) error {
	var failed error
	for after := ""; ; {
		batch, err := e.Backlog.Unfinished(ctx, after, settleBatch)
		if err != nil || len(batch) == 0 {
			return errors.Join(failed, err)
		}
		for _, x := range batch {
			if err := ctx.Err(); err != nil {
				return errors.Join(failed, err)
			}
			after = x.Receipt.ID
			receipt, err := e.remove(ctx, x)
			if err != nil {
				failed = err // one that resists does not stop the rest; the last says why
			} else if receipt.FinishedAt.IsZero() {
				return failed
			}
		}
	}
}
