package tasks

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hibiken/asynq"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/tracing"
)

// previewTimeout is the last resort: whoever runs a preview gives up long before,
// because an entry that asynq has to end is kept as failed.
const previewTimeout = 10 * time.Second

type previewPayload struct {
	ID photo.PreviewID `json:"id"`
}

// EnqueuePreview asks for somebody who looks at a preview. It is no record of one:
// the entry is worth nothing once whoever asks has stopped waiting, and is gone as
// soon as it has been taken.
func (q *Queue) EnqueuePreview(ctx context.Context, id photo.PreviewID) (err error) {
	ctx, span, headers := q.tracer.Send(ctx, "enqueue "+PreviewType, tracing.Queue(Critical))
	defer func() { span.End(err) }()
	b, err := pack(previewPayload{id})
	if err != nil {
		return fmt.Errorf("enqueue preview: %w", err)
	}
	task := asynq.NewTaskWithHeaders(PreviewType, b, headers, asynq.TaskID(previewTaskID(id)), asynq.Queue(Critical),
		asynq.MaxRetry(giveBack), asynq.Timeout(previewTimeout))
	if _, err := q.client.EnqueueContext(ctx, task); err != nil {
		return fmt.Errorf("enqueue preview: %w", err)
	}
	return nil
}

// ForgetPreview removes the entry of a preview that nobody waits for any more. One
// that a worker has taken ends by itself.
func (q *Queue) ForgetPreview(ctx context.Context, id photo.PreviewID) error {
	if err := q.announce(ctx); err != nil {
		return err
	}
	if err := q.forget(Critical, previewTaskID(id)); err != nil {
		return fmt.Errorf("forget a preview: %w", err)
	}
	return nil
}

// ParsePreview reads the payload of a preview's task.
func ParsePreview(b []byte) (photo.PreviewID, error) {
	var p previewPayload
	if err := unpack(b, &p); err != nil {
		return "", fmt.Errorf("payload of a preview task: %w", err)
	}
	id, ok := photo.ParsePreviewID(string(p.ID))
	if !ok {
		return "", errors.New("payload of a preview task names no preview")
	}
	return id, nil
}

func previewTaskID(id photo.PreviewID) string { return "preview:" + string(id) }
