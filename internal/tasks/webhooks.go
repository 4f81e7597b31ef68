package tasks

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hibiken/asynq"

	"github.com/passportphotogenie/passportphotogenie/internal/apiclient"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/tracing"
)

type webhookPayload struct {
	ID apiclient.ID `json:"id"` // the client's
}

// webhookTimeout is more than a round takes.
const webhookTimeout = time.Minute

// EnqueueWebhooks asks for a round of notices to a client. An entry of the client's that
// already waits or runs is enough, so that no server is sent two rounds at once.
func (q *Queue) EnqueueWebhooks(ctx context.Context, c apiclient.ID) (err error) {
	ctx, span, headers := q.tracer.Send(ctx, "enqueue "+WebhookType, tracing.Queue(Webhooks))
	defer func() { span.End(err) }()
	b, err := pack(webhookPayload{c})
	if err != nil {
		return fmt.Errorf("enqueue webhooks: %w", err)
	}
	// The records say when the next try is due, so the queue has none of its own.
	task := asynq.NewTaskWithHeaders(WebhookType, b, headers, asynq.MaxRetry(giveBack), asynq.Timeout(webhookTimeout))
	if err := q.enqueueOnce(ctx, task, Webhooks, "webhook:"+string(c)); err != nil {
		return fmt.Errorf("enqueue webhooks: %w", err)
	}
	return nil
}

// ParseWebhooks reads the payload of a round's task.
func ParseWebhooks(b []byte) (apiclient.ID, error) {
	var p webhookPayload
	if err := unpack(b, &p); err != nil {
		return "", fmt.Errorf("payload of a webhook task: %w", err)
	}
	if !secret.IsName(string(p.ID)) {
		return "", errors.New("payload of a webhook task names no client")
	}
	return p.ID, nil
}
