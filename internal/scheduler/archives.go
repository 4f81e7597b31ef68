package scheduler

import (
	"context"
	"fmt"
	"time"

	"github.com/hibiken/asynq"

	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
	"github.com/passportphotogenie/passportphotogenie/internal/tasks"
)

// Unanswered finds open requests that are to be answered with an archive.
type Unanswered interface {
	Unanswered(ctx context.Context, limit int) ([]subjectrequest.Request, error)
}

// Archivist answers a request with an archive; see archivist.
type Archivist interface {
	Build(ctx context.Context, id subjectrequest.ID) error
}

// archiveBatch is how many requests are looked up at a time.
const archiveBatch = 100

// BuildArchives builds the archives that no task has built: Redis was away when the
// request came, or whoever built was killed. One that resists does not stop the rest.
func BuildArchives(u Unanswered, a Archivist) Job {
	return Job{Name: "build_archives", Every: time.Minute, Run: func(ctx context.Context, _ time.Time) error {
		failed, err := rounds[subjectrequest.Request, subjectrequest.ID]{
			batch: archiveBatch,
			find:  u.Unanswered,
			key:   func(r subjectrequest.Request) subjectrequest.ID { return r.ID },
			do:    func(ctx context.Context, r subjectrequest.Request) error { return a.Build(ctx, r.ID) },
		}.run(ctx)
		if err == nil && failed.count > 0 {
			err = fmt.Errorf("%d requests could not be answered with an archive, the last because: %w", failed.count, failed.last)
		}
		return err
	}}
}

// AnswerRequests handles the queue of archives.
func AnswerRequests(a Archivist) asynq.Handler {
	return asynq.HandlerFunc(func(ctx context.Context, task *asynq.Task) error {
		id, err := tasks.ParseArchive(task.Payload())
		if err != nil {
			return fmt.Errorf("%w: %w", err, asynq.SkipRetry)
		}
		return a.Build(ctx, id)
	})
}
