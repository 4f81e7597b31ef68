package tasks

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hibiken/asynq"

	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
	"github.com/passportphotogenie/passportphotogenie/internal/tracing"
)

type archivePayload struct {
	ID subjectrequest.ID `json:"id"`
}

// archiveTimeout is more than putting an archive together ever takes.
const archiveTimeout = time.Minute

// EnqueueArchive asks for the archive by which a request is answered, so that it is
// there in seconds. An entry that already waits or runs is enough.
func (q *Queue) EnqueueArchive(ctx context.Context, id subjectrequest.ID) (err error) {
	ctx, span, headers := q.tracer.Send(ctx, "enqueue "+ArchiveType, tracing.Queue(Answers))
	defer func() { span.End(err) }()
	b, err := pack(archivePayload{id})
	if err != nil {
		return fmt.Errorf("enqueue archive: %w", err)
	}
	// The sweep is the retry.
	task := asynq.NewTaskWithHeaders(ArchiveType, b, headers, asynq.MaxRetry(giveBack), asynq.Timeout(archiveTimeout))
	if err := q.enqueueOnce(ctx, task, Answers, "archive:"+string(id)); err != nil {
		return fmt.Errorf("enqueue archive: %w", err)
	}
	return nil
}

// ParseArchive reads the payload of an archive's task: which request it is for.
func ParseArchive(b []byte) (subjectrequest.ID, error) {
	var p archivePayload
	if err := unpack(b, &p); err != nil {
		return "", fmt.Errorf("payload of an archive task: %w", err)
	}
	id, ok := subjectrequest.ParseID(string(p.ID))
	if !ok {
		return "", errors.New("payload of an archive task names no request")
	}
	return id, nil
}
