package scheduler

import (
	"context"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/retention"
)

// Archive holds the queue's entries of tasks that failed.
type Archive interface {
	PurgeArchived(ctx context.Context, olderThan time.Time) (int, error)
}

// PurgeArchived deletes entries of failed tasks when their period is over: till
// then they can be looked at. They hold IDs and one of our own error texts. Asynq
// would keep them for 90 days, far longer than the photos they name.
func PurgeArchived(archive Archive, kept retention.Period, m PurgeMeter) Job {
	return Job{Name: "purge_archived", Every: 5 * time.Minute, Run: func(ctx context.Context, now time.Time) error {
		n, err := archive.PurgeArchived(ctx, kept.Cutoff(now))
		m.Purged(string(kept.Class().Name), n)
		return err
	}}
}
