package scheduler

import (
	"context"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/retention"
)

type figures struct{ before time.Time }

func (f *figures) RollUp(_ context.Context, before time.Time) error {
	f.before = before
	return nil
}

func TestRowsAreCountedADayBeforeTheyArePurged(t *testing.T) {
	f := &figures{}
	kept := standard(t, retention.UsageStatistics)
	ok(t, RollUp(f, kept).Run(t.Context(), midnight))
	if !f.before.Equal(midnight.AddDate(0, 0, -89)) {
		t.Errorf("counted are rows until %v", f.before)
	}
}
