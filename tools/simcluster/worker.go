package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/hibiken/asynq"
	"golang.org/x/sync/errgroup"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/progress"
	"github.com/passportphotogenie/passportphotogenie/internal/tasks"
)

// workerWord makes this program a worker process. Its settings come from the
// environment, as a real worker's.
const workerWord = "worker"

const (
	redisVariable = "REDIS_URL"
	slotsVariable = "WORKER_CONCURRENCY"
	costVariable  = "COST"
)

// poll is how often the real worker looks into an empty queue.
const poll = 20 * time.Millisecond

// work does in Redis all that a worker does: it takes photos, publishes the news of
// each, and looks for previews in a slot of their own. There are no photos in it.
func work(ctx context.Context) error {
	r, err := tasks.ParseRedis(os.Getenv(redisVariable))
	if err != nil {
		return err
	}
	var slots int
	if _, err := fmt.Sscan(os.Getenv(slotsVariable), &slots); err != nil {
		return fmt.Errorf("%s: %w", slotsVariable, err)
	}
	cost, err := time.ParseDuration(os.Getenv(costVariable))
	if err != nil {
		return fmt.Errorf("%s: %w", costVariable, err)
	}
	client := r.Client()
	defer func() { _ = client.Close() }()
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		o := tasks.ServeOptions{Queue: tasks.Photos, Concurrency: slots, Poll: poll, Log: log}
		return tasks.Serve(ctx, r, o, stubPhoto{progress.NewPublisher(client), cost})
	})
	group.Go(func() error {
		o := tasks.ServeOptions{Queue: tasks.Critical, Concurrency: 1, Poll: poll, Log: log}
		return tasks.Serve(ctx, r, o, asynq.HandlerFunc(func(context.Context, *asynq.Task) error { return nil }))
	})
	return group.Wait()
}

// stubPhoto takes a fixed time for a photo.
type stubPhoto struct {
	news progress.Publisher
	cost time.Duration
}

// ProcessTask is asynq's.
func (s stubPhoto) ProcessTask(ctx context.Context, t *asynq.Task) error {
	c, err := tasks.ParsePhoto(t.Payload())
	if err != nil {
		return err
	}
	tell := func(e photo.Event) error { return s.news.Publish(ctx, c.ID, e) }
	if err := tell(photo.Event{Status: photo.Processing, Revision: c.Revision}); err != nil {
		return err
	}
	for _, step := range photo.Steps() {
		if err := tell(photo.Event{Status: photo.Processing, Step: step, Revision: c.Revision}); err != nil {
			return err
		}
	}
	select {
	case <-time.After(s.cost):
	case <-ctx.Done():
		return ctx.Err()
	}
	return tell(photo.Event{Status: photo.Ready, Revision: c.Revision})
}
