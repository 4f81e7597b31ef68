package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/passportphotogenie/passportphotogenie/internal/config"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
	"github.com/passportphotogenie/passportphotogenie/internal/statistics"
	"github.com/passportphotogenie/passportphotogenie/internal/storage"
	"github.com/passportphotogenie/passportphotogenie/internal/tasks"
	"github.com/passportphotogenie/passportphotogenie/internal/vault"
	"github.com/passportphotogenie/passportphotogenie/tools/rig"
)

// queueMode is Redis and Asynq alone: workers are this program, and a photo is an
// entry in the queue and its news.
func queueMode(s simulation, cost time.Duration) mode {
	return mode{
		options: rig.Options{RedisOnly: true}, cost: cost,
		start: func(ctx context.Context, r *rig.Rig, workers int) error {
			return s.launch(ctx, r, workers, cost)
		},
		fill: func(ctx context.Context, r *rig.Rig, photos int) error {
			return fillQueue(ctx, r, photos)
		},
	}
}

// launch starts worker processes of this program.
func (s simulation) launch(ctx context.Context, r *rig.Rig, workers int, cost time.Duration) error {
	for range workers {
		_, err := r.Launch(ctx, "worker", s.self, []string{workerWord}, []string{
			redisVariable + "=" + r.RedisURL, fmt.Sprintf("%s=%d", slotsVariable, s.slots), costVariable + "=" + cost.String(),
			"GOMAXPROCS=1", "GOMEMLIMIT=20MiB", // there are many of them
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// fillers is how many enqueue at a time.
const fillers = 16

// fillQueue asks for photos that nobody uploaded.
func fillQueue(ctx context.Context, r *rig.Rig, photos int) error {
	redis, err := tasks.ParseRedis(r.RedisURL)
	if err != nil {
		return err
	}
	queue := tasks.NewQueue(redis)
	defer func() { _ = queue.Close() }()
	return each(ctx, photos, func(ctx context.Context) error {
		return queue.EnqueuePhoto(ctx, photo.Claim{ID: photo.NewID(), Revision: 1})
	})
}

// each does something n times, some at a time.
func each(ctx context.Context, n int, do func(context.Context) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(fillers)
	for range n {
		if ctx.Err() != nil {
			break
		}
		group.Go(func() error { return do(ctx) })
	}
	return group.Wait()
}

// wholeMode is the real worker with its records and keys in PostgreSQL and its blobs
// on disk; only the picture's own time is a stub's.
func wholeMode(s simulation, cost time.Duration) mode {
	return mode{
		options: rig.Options{Checkout: s.checkout, Postgres: true, Stub: cost}, cost: cost,
		start: func(ctx context.Context, r *rig.Rig, workers int) error {
			// Previews would be one process more for each worker; the mode queue has
			// what looking for them costs.
			_, err := r.Run(ctx, "worker", workers, fmt.Sprintf("WORKER_CONCURRENCY=%d", s.slots), "PREVIEW_CONCURRENCY=0", "GOMAXPROCS=1")
			return err
		},
		fill: fillStores,
	}
}

// pictureBytes is the size of an original, whose bytes nobody looks at.
const pictureBytes = 1 << 20

// fillStores leaves what uploads leave: records, keys, blobs and entries.
func fillStores(ctx context.Context, r *rig.Rig, photos int) error {
	return leave(ctx, r, photos, upload{at: time.Now(), bytes: pictureBytes})
}

// upload is what somebody uploaded.
type upload struct {
	at    time.Time
	bytes int
}

// leave puts uploads into the stores, as the API does.
func leave(ctx context.Context, r *rig.Rig, photos int, u upload) error {
	environ := map[string]string{}
	for _, pair := range append(r.Env, "PATH="+os.Getenv("PATH")) {
		name, value, _ := strings.Cut(pair, "=")
		environ[name] = value
	}
	cfg, err := config.Load(config.Scheduler, environ)
	if err != nil {
		return err
	}
	store, err := storage.Open(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { _ = store.Close() }()
	redis, err := tasks.ParseRedis(r.RedisURL)
	if err != nil {
		return err
	}
	queue := tasks.NewQueue(redis)
	defer func() { _ = queue.Close() }()
	picture := make([]byte, u.bytes)
	return each(ctx, photos, func(ctx context.Context) error { return u.leave(ctx, store, queue, picture) })
}

func (u upload) leave(ctx context.Context, store *storage.Storage, queue *tasks.Queue, picture []byte) error {
	id, now := photo.NewID(), u.at
	if err := store.Photos.Reserve(ctx, photo.Reservation{ID: id, Now: now}); err != nil {
		return err
	}
	if _, err := store.Vault.Put(ctx, vault.OriginalOf(id), bytes.NewReader(picture)); err != nil {
		return err
	}
	err := store.Photos.Queue(ctx, id, photo.Received{
		Document: "us-passport", AgeBand: photo.Adult, Original: photo.Original{Format: photo.JPEG, Bytes: int64(len(picture))},
		Reference: statistics.NewReference(), Now: now, ExpiresAt: now.Add(retention.PictureFloor),
	})
	if err != nil {
		return err
	}
	return queue.EnqueuePhoto(ctx, photo.Claim{ID: id, Revision: 1})
}
