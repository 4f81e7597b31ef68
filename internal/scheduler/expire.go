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
		erased := 0
		failed, err := rounds[photo.ID, photo.ID]{
			batch: expireBatch,
			find:  func(ctx context.Context, limit int) ([]photo.ID, error) { return e.Due.Due(ctx, now, limit) },
			key:   func(id photo.ID) photo.ID { return id },
			do: func(ctx context.Context, id photo.ID) error {
				done, err := e.Expirer.Expire(ctx, id, now)
				if done && err == nil {
					erased++
				}
				return err
			},
		}.run(ctx)
		err = errors.Join(doubt, err, e.Expirer.Settle(ctx))
		if erased+failed.count > 0 {
			e.Log.Info("expired", "job", "expire", "count", erased)
		}
		if failed.count > 0 {
			err = errors.Join(err, fmt.Errorf("%d photos could not be erased, the last because: %w", failed.count, failed.last))
		}
		return err
	}}
}
