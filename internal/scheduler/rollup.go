package scheduler

import (
	"context"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/retention"
)

// Figures are counted from rows that are over, or were begun at before or earlier.
type Figures interface {
	RollUp(ctx context.Context, before time.Time) error
}

// rollUpAhead is how long before its purge a row is counted at the latest.
const rollUpAhead = retention.Day

// RollUp counts photos into the daily figures, which stay when the rows are
// purged. Nothing is purged that was not counted.
func RollUp(f Figures, kept retention.Period) Job {
	return Job{Name: "roll_up_statistics", Every: time.Hour, Run: func(ctx context.Context, now time.Time) error {
		return f.RollUp(ctx, kept.Cutoff(now).Add(rollUpAhead))
	}}
}
