package scheduler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// Due finds photos whose time is over or whose erasure broke off.
type Due interface {
	Due(ctx context.Context, now time.Time, limit int) ([]photo.ID, error)
}

// Expirer erases one of them; see erasure.Eraser.
type Expirer interface {
	Expire(ctx context.Context, id photo.ID, now time.Time) (bool, error)
	Settle(ctx context.Context) error
}

// ExpiryClock tells the time to expire by; see Clock. An error says that it can't be
// known.
type ExpiryClock interface {
	Expiry(ctx context.Context) (time.Time, error)
}

// Expiry is what Expire works with; all are needed but Grace.
type Expiry struct {
	Due     Due
	Expirer Expirer
	Clock   ExpiryClock
	Grace   time.Duration // that a photo has after its time; see retention.PictureLife
	Log     *slog.Logger
}

// expireBatch is how many photos are looked up at a time.
const expireBatch = 200

// Expire erases what is due. One photo that resists does not stop the rest. While the
// time can't be known, it only goes on with erasures that were begun.
func Expire(e Expiry) Job {
	return Job{Name: "expire", Every: time.Minute, Run: func(ctx context.Context, _ time.Time) error {
		now, doubt := e.Clock.Expiry(ctx)
		if now = now.Add(-e.Grace); doubt != nil {
			now = time.Time{} // by which nothing has expired
		}
		x := &expiry{due: e.Due, expirer: e.Expirer, now: now}
		err := errors.Join(doubt, x.run(ctx), e.Expirer.Settle(ctx))
		if x.erased+x.failed > 0 {
			e.Log.Info("expired", "job", "expire", "count", x.erased)
		}
		if x.failed > 0 {
			err = errors.Join(err, fmt.Errorf("%d photos could not be erased, the last because: %w", x.failed, x.last))
		}
		return err
	}}
}

// expiry is one run.
type expiry struct {
	due     Due
	expirer Expirer
	now     time.Time

	erased, failed int
	last           error // failure
}

// run goes on until a batch brings nothing new: those that resist are found
// again each time, before the younger ones.
func (x *expiry) run(ctx context.Context) error {
	tried := map[photo.ID]bool{}
	for {
		ids, err := x.due.Due(ctx, x.now, expireBatch+x.failed)
		if err != nil {
			return err
		}
		fresh := 0
		for _, id := range ids {
			if err := ctx.Err(); err != nil {
				return err
			}
			if tried[id] {
				continue
			}
			tried[id] = true
			fresh++
			x.expire(ctx, id)
		}
		if fresh == 0 {
			return nil
		}
	}
}

func (x *expiry) expire(ctx context.Context, id photo.ID) {
	erased, err := x.expirer.Expire(ctx, id, x.now)
	switch {
	case err != nil:
		x.failed++
		x.last = err
	case erased:
		x.erased++
	}
}
