package scheduler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
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

// expireAtOnce is how many are erased at a time. An erasure mostly waits, for the
// database and a dozen answers of the bucket: one by one, a scheduler would not keep up
// with a million photos a day.
const expireAtOnce = 8

// Expire erases what is due. One photo that resists does not stop the rest. While the
// time can't be known, it only goes on with erasures that were begun.
func Expire(e Expiry) Job {
	return Job{Name: "expire", Every: time.Minute, Run: func(ctx context.Context, _ time.Time) error {
		now, doubt := e.Clock.Expiry(ctx)
		if now = now.Add(-e.Grace); doubt != nil {
			now = time.Time{} // by which nothing has expired
		}
		var erased atomic.Int64
		failed, err := rounds[photo.ID, photo.ID]{
			batch: expireBatch, atOnce: expireAtOnce,
			find: func(ctx context.Context, limit int) ([]photo.ID, error) { return e.Due.Due(ctx, now, limit) },
			key:  func(id photo.ID) photo.ID { return id },
			do: func(ctx context.Context, id photo.ID) error {
				done, err := e.Expirer.Expire(ctx, id, now)
				if done && err == nil {
					erased.Add(1)
				}
				return err
			},
		}.run(ctx)
		err = errors.Join(doubt, err, e.Expirer.Settle(ctx))
		if gone := int(erased.Load()); gone+failed.count > 0 {
			e.Log.Info("expired", "job", "expire", "count", gone)
		}
		if failed.count > 0 {
			err = errors.Join(err, fmt.Errorf("%d photos could not be erased, the last because: %w", failed.count, failed.last))
		}
		return err
	}}
}
