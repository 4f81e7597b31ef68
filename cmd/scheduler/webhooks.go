package main

import (
	"context"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/config"
	"github.com/passportphotogenie/passportphotogenie/internal/courier"
	"github.com/passportphotogenie/passportphotogenie/internal/metrics"
	"github.com/passportphotogenie/passportphotogenie/internal/outbound"
	"github.com/passportphotogenie/passportphotogenie/internal/scheduler"
	"github.com/passportphotogenie/passportphotogenie/internal/storage"
	"github.com/passportphotogenie/passportphotogenie/internal/tasks"
	"github.com/passportphotogenie/passportphotogenie/internal/traced"
)

// How API clients are told: many at a time, for a server may take seconds, and holds up
// its own client alone as long as there are places for the others.
const (
	clientsAtATime = 32
	webhookPoll    = 200 * time.Millisecond
)

// telling is what delivers notices to API clients, and the job that finds them.
func (a *App) telling(cfg config.Config, store *storage.Storage, queue *tasks.Queue, meter *metrics.Webhooks) scheduler.Job {
	rule := outbound.Public()
	if cfg.WebhookLoopback == config.On {
		rule = outbound.Loopback()
	}
	poster := outbound.New(outbound.Options{Rule: rule, Now: a.now})
	a.closers.Add(poster)
	a.courier = courier.New(courier.Options{Outbox: store.Webhooks, Opener: store.Master, Poster: traced.Webhooks(poster, a.tracer), Meter: meter, Log: a.log, Now: a.now})
	return scheduler.TellClients(scheduler.Telling{Board: store.Webhooks, Queue: queue, Meter: meter})
}

// tell serves the queue of webhooks until ctx ends.
func (a *App) tell(ctx context.Context) error {
	return tasks.Serve(ctx, a.redis, tasks.ServeOptions{
		Queue: tasks.Webhooks, Concurrency: clientsAtATime, Poll: webhookPoll, Log: a.log, Tracer: a.tracer,
	}, scheduler.DeliverWebhooks(a.courier))
}
