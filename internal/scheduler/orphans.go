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

// SweepOrphans goes a part of the way through all stores. It asks for a clock that can
// be believed, because what is young must be left alone.
func SweepOrphans(s Sweeper, c ExpiryClock) Job {
	return Job{Name: "sweep_orphans", Every: 5 * time.Minute, Run: func(ctx context.Context, _ time.Time) error {
		now, err := c.Expiry(ctx)
		if err != nil {
			return err
		}
		return s.Sweep(ctx, now)
	}}
}
