package tasks

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hibiken/asynq"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// errActive says that a worker is running a photo's entry.
var errActive = errors.New("a worker is still at it")

// ForgetPhoto removes every entry of a photo whose last revision is given, in
// whatever state, and calls note with their number before it removes the first.
// One that a worker is running cannot be removed: that is an error, and
// ForgetPhoto is to be called again. The claim of such an entry no longer holds,
// so it ends by itself soon.
func (q *Queue) ForgetPhoto(ctx context.Context, id photo.ID, revision int, note func(entries int) error) error {
	entries, err := q.entriesOf(ctx, id, revision)
	if err == nil && len(entries) > 0 {
		err = note(len(entries))
	}
	if err != nil {
		return fmt.Errorf("forget a photo's tasks: %w", err)
	}
	var failed error
	for _, entry := range entries {
		if err := q.forget(entry.queue, entry.id); err != nil {
			failed = errors.Join(failed, err)
		}
	}
	if failed != nil {
		return fmt.Errorf("forget a photo's tasks: %w", failed)
	}
	return nil
}

// entry is one of the photo's in a queue.
type entry struct{ queue, id string }

// entriesOf looks for every entry that the photo may have, in both lanes: an edit changes
// the lane.
func (q *Queue) entriesOf(ctx context.Context, id photo.ID, revision int) (found []entry, err error) {
	if err := q.announce(ctx); err != nil {
		return nil, err
	}
	for r := 1; r <= revision; r++ {
		for a := 0; a <= photo.MaxAttempts; a++ {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			in, err := q.lanesOf(photoTaskID(photo.Claim{ID: id, Revision: r, Attempt: a}))
			if err != nil {
				return nil, err
			}
			found = append(found, in...)
		}
	}
	return found, nil
}

// lanesOf looks for an entry in both lanes.
func (q *Queue) lanesOf(id string) (found []entry, err error) {
	for _, lane := range []string{Photos, Bulk} {
		_, err := q.inspector.GetTaskInfo(lane, id)
		if err == nil {
			found = append(found, entry{lane, id})
		} else if !gone(err) {
			return nil, err
		}
	}
	return found, nil
}

func (q *Queue) forget(queue, taskID string) error {
	err := q.inspector.DeleteTask(queue, taskID)
	if err == nil || gone(err) {
		return nil
	}
	info, look := q.inspector.GetTaskInfo(queue, taskID)
	if gone(look) {
		return nil
	}
	if look == nil && info.State == asynq.TaskStateActive {
		return errActive
	}
	return err
}

// pageSize bounds what one look at a list of entries holds in memory.
const pageSize = 200

// PurgeArchived deletes, from all queues, the archived entries that failed
// before olderThan, and says how many.
func (q *Queue) PurgeArchived(ctx context.Context, olderThan time.Time) (int, error) {
	if err := q.announce(ctx); err != nil {
		return 0, err
	}
	total := 0
	for _, queue := range Queues() {
		n, err := q.purge(ctx, queue, olderThan)
		total += n
		if err != nil {
			return total, fmt.Errorf("purge archived entries: %w", err)
		}
	}
	return total, nil
}

// OldestArchived returns when the archived entry that failed first did; false if there
// is none.
func (q *Queue) OldestArchived(ctx context.Context) (first time.Time, some bool, err error) {
	if err := q.announce(ctx); err != nil {
		return time.Time{}, false, err
	}
	for _, queue := range Queues() {
		// asynq lists the oldest first.
		page, err := q.inspector.ListArchivedTasks(queue, asynq.PageSize(1))
		if err != nil {
			return time.Time{}, false, fmt.Errorf("oldest archived entry: %w", err)
		}
		for _, t := range page {
			if !some || t.LastFailedAt.Before(first) {
				first, some = t.LastFailedAt, true
			}
		}
	}
	return first, some, nil
}

func (q *Queue) purge(ctx context.Context, queue string, olderThan time.Time) (int, error) {
	total := 0
	for ctx.Err() == nil {
		// Always the first page: asynq lists the oldest first, and what is
		// deleted makes room for the next.
		page, err := q.inspector.ListArchivedTasks(queue, asynq.PageSize(pageSize))
		if err != nil {
			return total, err
		}
		n, err := q.deleteOld(queue, page, olderThan)
		total += n
		if err != nil || n < len(page) || n == 0 {
			return total, err
		}
	}
	return total, ctx.Err()
}

func (q *Queue) deleteOld(queue string, page []*asynq.TaskInfo, olderThan time.Time) (int, error) {
	n := 0
	for _, t := range page {
		if !t.LastFailedAt.Before(olderThan) {
			continue
		}
		if err := q.inspector.DeleteTask(queue, t.ID); err != nil && !gone(err) {
			return n, err
		}
		n++
	}
	return n, nil
}
