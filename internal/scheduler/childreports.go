package scheduler

import (
	"context"
	"log/slog"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/childreport"
)

// ChildReports is the register of reports about children, as far as it forgets.
type ChildReports interface {
	// Forget makes at most limit reports that were closed by a time forget what was said
	// and by whom, and says how many.
	Forget(ctx context.Context, closedUntil time.Time, limit int) (int, error)
}

// ChildTeller writes to those whose reports a photo's own end has closed.
type ChildTeller interface {
	Tell(ctx context.Context) error
}

// TellOfChildReports has people told of reports that nobody had to decide.
func TellOfChildReports(t ChildTeller) Job {
	return Job{Name: "tell_of_child_reports", Every: time.Minute, Run: func(ctx context.Context, _ time.Time) error { return t.Tell(ctx) }}
}

// ForgetChildReports makes reports about children forget words and addresses
// childreport.WordsLife after their closing; dates and outcomes stay. It does not go by
// a clock that can't be believed.
func ForgetChildReports(r ChildReports, clock ExpiryClock, log *slog.Logger) Job {
	return Job{Name: "forget_child_reports", Every: time.Hour, Run: func(ctx context.Context, now time.Time) error {
		if _, doubt := clock.Expiry(ctx); doubt != nil {
			return doubt
		}
		for sum := 0; ; {
			n, err := r.Forget(ctx, now.Add(-childreport.WordsLife), settleBatch)
			if sum += n; err == nil && n == settleBatch {
				continue
			}
			if sum > 0 {
				log.Info("forgot the words of reports", "job", "forget_child_reports", "count", sum)
			}
			return err
		}
	}}
}
