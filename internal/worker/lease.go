package worker

import (
	"context"
	"errors"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// holdLease renews the claim until letGo is called. The returned context ends
// with the cause photo.ErrClaimLost as soon as the claim is known or has to be
// assumed to be lost. A renewal that letGo cuts off does no harm if it arrives
// all the same: it only touches a photo that this claim still holds.
func (t *turn) holdLease(ctx context.Context) (held context.Context, letGo func()) {
	held, lose := context.WithCancelCause(ctx)
	renewing, stop := context.WithCancel(held)
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(t.RenewEvery)
		defer tick.Stop()
		for until := t.photo.LeaseUntil; ; {
			select {
			case <-renewing.Done():
				return
			case <-tick.C:
			}
			var ok bool
			if until, ok = t.renew(renewing, until); !ok {
				lose(photo.ErrClaimLost)
				return
			}
		}
	}()
	return held, func() { stop(); <-done }
}

// renew returns until when the lease is good, and whether it still is. A store
// that does not answer takes the claim away only when the lease has lapsed.
func (t *turn) renew(ctx context.Context, until time.Time) (time.Time, bool) {
	limited, cancel := context.WithTimeout(ctx, t.RenewEvery)
	defer cancel()
	now := t.Now()
	err := t.Claims.Renew(limited, t.claim, now)
	switch {
	case err == nil:
		return now.Add(photo.Lease), true
	case errors.Is(err, photo.ErrClaimLost):
		return until, false
	case ctx.Err() != nil:
		return until, true // nobody needs it any more
	}
	t.log.Warn("a lease was not renewed", "error", err)
	return until, t.Now().Before(until)
}
