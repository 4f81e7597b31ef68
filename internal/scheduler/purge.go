package scheduler

import (
	"context"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/retention"
)

// Purger deletes what a class of things has too old: at most limit things whose
// anchor is the cutoff or earlier. It says how many these were; fewer than limit
// means that nothing is left to do.
type Purger interface {
	Purge(ctx context.Context, cutoff time.Time, limit int) (int, error)
}

// PurgeMeter counts what was deleted.
type PurgeMeter interface {
	Purged(class string, count int)
}

// purgeBatch is how many things are deleted at a time: few enough that nobody
// who writes to the same table has to wait for long.
const purgeBatch = 1000

// Purge keeps a class to its period, hourly and in small batches. The job has the
// name that the retention table gives.
func Purge(p Purger, kept retention.Period, m PurgeMeter) Job {
	class := kept.Class()
	return Job{Name: class.Purger, Every: time.Hour, Run: func(ctx context.Context, now time.Time) error {
		for {
			n, err := p.Purge(ctx, kept.Cutoff(now), purgeBatch)
			m.Purged(string(class.Name), n)
			if err != nil {
				return fmt.Errorf("purge %s: %w", class.Name, err)
			}
			if n < purgeBatch {
				return nil
			}
			if err := ctx.Err(); err != nil {
				return err // the rest is done in the next period
			}
		}
	}}
}
