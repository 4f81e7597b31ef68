package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/passportphotogenie/passportphotogenie/internal/command"
	"github.com/passportphotogenie/passportphotogenie/internal/config"
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/metrics"
	"github.com/passportphotogenie/passportphotogenie/internal/ops"
	"github.com/passportphotogenie/passportphotogenie/internal/preview"
	"github.com/passportphotogenie/passportphotogenie/internal/progress"
	"github.com/passportphotogenie/passportphotogenie/internal/statistics"
	"github.com/passportphotogenie/passportphotogenie/internal/storage"
	"github.com/passportphotogenie/passportphotogenie/internal/studio"
	"github.com/passportphotogenie/passportphotogenie/internal/tasks"
	"github.com/passportphotogenie/passportphotogenie/internal/traced"
	"github.com/passportphotogenie/passportphotogenie/internal/tracing"
	"github.com/passportphotogenie/passportphotogenie/internal/worker"
)

// Surroundings are what a process does not find in its configuration.
type Surroundings struct {
	Log    *slog.Logger
	Now    func() time.Time
	Studio string // path of the studio's binary; beside this one if empty
}

// App is the whole process.
type App struct {
	log      *slog.Logger
	cfg      config.Config
	redis    tasks.Redis
	handler  *worker.Handler
	studios  *studio.Pool
	previews *previews // nil if there are none
	ops      *ops.Server
	closers  command.Closers
}

// New opens everything and starts the studios; no task is taken before Run.
func New(ctx context.Context, cfg config.Config, s Surroundings) (a *App, err error) {
	a = &App{log: s.Log, cfg: cfg}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.Close())
		}
	}()
	store, err := storage.Open(ctx, cfg)
	if err != nil {
		return a, err
	}
	a.closers.Add(store)
	if a.redis, err = tasks.ParseRedis(cfg.RedisURL); err != nil {
		return a, fmt.Errorf("REDIS_URL: %w", err)
	}
	traces, err := tracing.Open(ctx, tracing.Options{Config: cfg, Process: string(process), Version: ops.Version(), Log: s.Log})
	if err != nil {
		return a, err
	}
	a.closers.Add(traces)
	queue, events := tasks.NewQueue(a.redis), a.redis.Client()
	queue.Trace(traces.Tracer())
	a.closers.Add(queue, events)
	catalogue, err := docspec.Load()
	if err != nil {
		return a, err
	}
	figures := metrics.New(string(process), ops.Version())
	figures.WatchPools(append(store.Pools(), queue.Pool, tasks.PoolOf("events", events))...)
	figures.WatchQueues(queue.Depths)
	store.Keys.Watch(figures.NewKeys())
	kept, err := studioConfig(cfg, s, figures.NewStudios())
	if err != nil {
		return a, err
	}
	if a.studios, err = studio.NewPool(kept); err != nil {
		return a, err
	}
	a.handler = worker.NewHandler(traced.Worker(worker.Options{
		Claims: store.Photos, Outcomes: store.Photos, Vault: store.Vault, Studio: a.studios, Queue: queue,
		Statistics: statistics.NewRecorder(statistics.Options{Store: store.Statistics, Catalogue: catalogue, Meter: figures.NewStatistics(), Log: s.Log, Now: s.Now}),
		Progress:   progress.NewPublisher(events), Catalogue: catalogue, Meter: figures.NewWorker(), Log: s.Log, Now: s.Now, Grace: cfg.StopGrace,
	}, traces.Tracer()))
	if cfg.PreviewConcurrency > 0 {
		if a.previews, err = openPreviews(kept, cfg.PreviewConcurrency, worker.PreviewOptions{
			Taker: preview.NewTaker(events), Catalogue: catalogue, Tracer: traces.Tracer(), Log: s.Log,
		}); err != nil {
			return a, err
		}
		a.closers.Add(a.previews)
	}
	figures.WatchStudios(a.pools()...)
	checks := append(store.Checks(),
		ops.Check{Name: "redis", Ready: queue.Ping},
		ops.Check{Name: "studios", Ready: func(context.Context) error { return a.studios.Ready() }})
	if a.ops, err = ops.Listen(ops.Options{Addr: cfg.OpsAddr, Metrics: figures.Handler(), Checks: checks, Drain: &ops.Drain{}, Log: s.Log}); err != nil {
		return a, fmt.Errorf("OPS_ADDR: %w", err)
	}
	a.closers.Add(a.ops)
	return a, nil
}

// pools are the children's, for photos and for previews.
func (a *App) pools() []func() metrics.StudioMemory {
	all := []func() metrics.StudioMemory{a.studios.Memory}
	if a.previews != nil {
		all = append(all, a.previews.studios.Memory)
	}
	return all
}

// studioConfig is how the photos' studios are kept.
func studioConfig(cfg config.Config, s Surroundings, watch studio.Observer) (studio.Config, error) {
	binary := s.Studio
	if binary == "" {
		self, err := os.Executable()
		if err != nil {
			return studio.Config{}, fmt.Errorf("find the studio: %w", err)
		}
		binary = filepath.Join(filepath.Dir(self), "studio")
	}
	if _, err := os.Stat(binary); err != nil {
		return studio.Config{}, fmt.Errorf("the studio's binary must lie beside the worker's (`make build` puts it there): %w", err)
	}
	if model := cfg.MatteModel; model != "" {
		if err := readable(model); err != nil {
			return studio.Config{}, fmt.Errorf("MATTE_MODEL: %w", err)
		}
	}
	return studio.Config{
		Slots: cfg.WorkerConcurrency, Command: []string{binary},
		Models: cfg.ModelsDir, MatteModel: cfg.MatteModel, MatteScale: cfg.MatteModelScale,
		Memory: uint64(cfg.StudioMemoryMB) << 20, Limit: cfg.StudioTimeout, // #nosec G115 -- at least 512, config says
		RequireConfinement: cfg.Environment == config.Production,
		Log:                s.Log, Observer: watch,
	}, nil
}

// readable tells at once what each studio would find out for itself. Whether the
// file is a network only a studio can know.
func readable(path string) error {
	file, err := os.Open(path) // #nosec G304 -- the operator's choice
	if err != nil {
		return err
	}
	defer file.Close()
	if info, err := file.Stat(); err != nil {
		return err
	} else if !info.Mode().IsRegular() || info.Size() == 0 {
		return fmt.Errorf("%s is not a file with something in it", path)
	}
	return nil
}

// Run takes tasks until ctx ends; what is under way is finished or handed back.
func (a *App) Run(ctx context.Context) error { return a.ops.While(ctx, a.work) }

func (a *App) work(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		a.log.Info("working", "count", a.cfg.WorkerConcurrency)
		return worker.Serve(ctx, a.redis, a.cfg.WorkerConcurrency, a.handler, a.log)
	})
	if a.previews != nil {
		group.Go(func() error {
			return worker.ServePreviews(ctx, a.redis, a.cfg.PreviewConcurrency, a.previews.handler, a.log)
		})
	}
	return group.Wait()
}

// Close closes what New opened.
func (a *App) Close() error {
	if a.studios != nil {
		a.studios.Close()
	}
	return a.closers.Close()
}
