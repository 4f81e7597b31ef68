package scheduler

import (
	"context"
	"time"
)

// Sweeper settles what the stores hold or miss against the records; see package
// orphan.
type Sweeper interface {
	Sweep(ctx context.Context, now time.Time) error
}

// Stores tell whether records, keys and blobs belong to one installation; see package
// installation.
type Stores interface {
	Agree(ctx context.Context) error
}

// SweepOrphans goes a part of the way through all stores. It asks for stores that
// belong together, because to the wrong records everything is an orphan, and for a
// clock that can be believed, because what is young must be left alone.
func SweepOrphans(s Sweeper, together Stores, c ExpiryClock) Job {
	return Job{Name: "sweep_orphans", Every: 5 * time.Minute, Run: func(ctx context.Context, _ time.Time) error {
		if err := together.Agree(ctx); err != nil {
			return err
		}
		now, err := c.Expiry(ctx)
		if err != nil {
			return err
		}
		return s.Sweep(ctx, now)
	}}
}
