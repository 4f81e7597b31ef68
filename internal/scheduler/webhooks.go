package scheduler

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hibiken/asynq"

	"github.com/passportphotogenie/passportphotogenie/internal/apiclient"
	"github.com/passportphotogenie/passportphotogenie/internal/tasks"
	"github.com/passportphotogenie/passportphotogenie/internal/webhook"
)

// NoticeBoard knows which clients have to be told.
type NoticeBoard interface {
	Due(ctx context.Context, now time.Time, limit int) ([]apiclient.ID, error)
	GiveUp(ctx context.Context, now time.Time) (map[webhook.Kind]int, error)
}

// WebhookQueue takes a client's task.
type WebhookQueue interface {
	EnqueueWebhooks(ctx context.Context, c apiclient.ID) error
}

// WebhookMeter counts notices whose waiting ended here.
type WebhookMeter interface {
	GaveUp(k webhook.Kind, count int)
}

// Telling is what TellClients works with.
type Telling struct {
	Board NoticeBoard
	Queue WebhookQueue
	Meter WebhookMeter
}

// clientBatch is how many clients one run gives a task, at most.
const clientBatch = 500

// TellClients gives clients whose notices' time has come a task, and ends notices that
// have been tried for long enough. It does not post: a server that hangs would hold up
// the jobs that delete.
func TellClients(t Telling) Job {
	return Job{Name: "tell_clients", Every: 5 * time.Second, Run: func(ctx context.Context, now time.Time) error {
		over, gaveUp := t.Board.GiveUp(ctx, now)
		for kind, n := range over {
			t.Meter.GaveUp(kind, n)
		}
		return errors.Join(gaveUp, t.enqueue(ctx, now))
	}}
}

func (t Telling) enqueue(ctx context.Context, now time.Time) error {
	due, err := t.Board.Due(ctx, now, clientBatch)
	if err != nil {
		return err
	}
	return untilOneFails("clients", due, func(c apiclient.ID) error { return t.Queue.EnqueueWebhooks(ctx, c) })
}

// Courier delivers a client's notices; see courier.
type Courier interface {
	Round(ctx context.Context, c apiclient.ID) error
}

// DeliverWebhooks handles the queue of webhooks.
func DeliverWebhooks(c Courier) asynq.Handler {
	return asynq.HandlerFunc(func(ctx context.Context, task *asynq.Task) error {
		client, err := tasks.ParseWebhooks(task.Payload())
		if err != nil {
			return fmt.Errorf("%w: %w", err, asynq.SkipRetry)
		}
		return c.Round(ctx, client)
	})
}
