package scheduler

import (
	"context"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/retention"
)

// Journal remembers erasures for as long as a backup may bring one back.
type Journal interface {
	Prune(ctx context.Context, before time.Time) (int, error)
}

// PurgeJournal forgets erasures that no backup can bring back any more.
func PurgeJournal(j Journal) Job {
	return Job{Name: "purge_journal", Every: time.Hour, Run: func(ctx context.Context, now time.Time) error {
		_, err := j.Prune(ctx, now.Add(-retention.JournalLife()))
		return err
	}}
}
