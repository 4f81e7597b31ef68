package scheduler

import (
	"context"
	"time"
)

// Archive holds the queue's entries of tasks that failed.
type Archive interface {
	PurgeArchived(ctx context.Context, olderThan time.Time) (int, error)
}

// archivedFor is how long a failed task's entry can be looked at. It holds IDs
// and one of our own error texts.
const archivedFor = 24 * time.Hour

// PurgeArchived deletes entries of failed tasks. Asynq would keep them for 90
// days, far longer than the photos they name.
func PurgeArchived(archive Archive) Job {
	return Job{Name: "purge_archived", Every: 5 * time.Minute, Run: func(ctx context.Context, now time.Time) error {
		_, err := archive.PurgeArchived(ctx, now.Add(-archivedFor))
		return err
	}}
}
