package scheduler

import (
	"context"
	"testing"
	"time"
)

// asked remembers the time before which it shall forget.
type asked struct{ before time.Time }

func (a *asked) Prune(_ context.Context, before time.Time) (int, error) {
	a.before = before
	return 0, nil
}

func TestTheJournalIsKeptForADayMoreThanABackup(t *testing.T) {
	a := &asked{}
	ok(t, PurgeJournal(a).Run(t.Context(), midnight))
	if want := midnight.AddDate(0, 0, -8); !a.before.Equal(want) {
		t.Errorf("the journal before %s is pruned, not before %s", a.before, want)
	}
}
