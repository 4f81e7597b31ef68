package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/passportphotogenie/passportphotogenie/internal/archivist"
	"github.com/passportphotogenie/passportphotogenie/internal/command"
	"github.com/passportphotogenie/passportphotogenie/internal/config"
	"github.com/passportphotogenie/passportphotogenie/internal/courier"
	"github.com/passportphotogenie/passportphotogenie/internal/docket"
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/erasure"
	"github.com/passportphotogenie/passportphotogenie/internal/metrics"
	"github.com/passportphotogenie/passportphotogenie/internal/ops"
	"github.com/passportphotogenie/passportphotogenie/internal/orphan"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/postman"
	"github.com/passportphotogenie/passportphotogenie/internal/proof"
	"github.com/passportphotogenie/passportphotogenie/internal/scheduler"
	"github.com/passportphotogenie/passportphotogenie/internal/statistics"
	"github.com/passportphotogenie/passportphotogenie/internal/storage"
	"github.com/passportphotogenie/passportphotogenie/internal/tasks"
	"github.com/passportphotogenie/passportphotogenie/internal/tracing"
)

// Surroundings are what a process does not find in its configuration.
type Surroundings struct {
	Log *slog.Logger
	Now func() time.Time
	// Witnesses of the time for tests that move Now; the records' database and the
	// machine's uptime if nil.
	Database func(ctx context.Context) (time.Time, error)
	Uptime   func() time.Duration
}

// App is the whole process.
type App struct {
	log       *slog.Logger
	redis     tasks.Redis
	scheduler *scheduler.Scheduler
	ops       *ops.Server
	bucket    func(ctx context.Context)
	postman   *postman.Postman // nil without a mail server
	archivist *archivist.Archivist
	tracer    *tracing.Tracer
	courier   *courier.Courier
	now       func() time.Time
	closers   command.Closers
}

// New opens everything; no job runs before Run.
func New(ctx context.Context, cfg config.Config, s Surroundings) (a *App, err error) {
	a = &App{log: s.Log, now: s.Now}
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
	a.tracer = traces.Tracer()
	queue := tasks.NewQueue(a.redis)
	queue.Trace(a.tracer)
	a.closers.Add(queue)
	figures := metrics.New(string(process), ops.Version())
	figures.WatchPools(append(store.Pools(), queue.Pool)...)
	figures.WatchQueues(queue.Depths)
	figures.WatchPhotos(store.Photos.Counts)
	store.Keys.Watch(figures.NewKeys())
	gatherer, err := store.Gatherer(cfg, queue)
	if err != nil {
		return a, err
	}
	figures.WatchAges(s.Now, ages(gatherer)...)
	figures.WatchErasures(s.Now, store.Receipts.Pending)
	catalogue, err := docspec.Load()
	if err != nil {
		return a, err
	}
	used := statistics.NewRecorder(statistics.Options{Store: store.Statistics, Catalogue: catalogue, Meter: figures.NewStatistics(), Log: s.Log, Now: s.Now})
	signer, err := storage.Signer(cfg)
	if err != nil {
		return a, err
	}
	means := store.Erasure(signer, queue, used)
	means.Meter, means.Log, means.Now = figures.NewErasures(), s.Log, s.Now
	eraser := erasure.New(means)
	keeping := figures.NewKeeping()
	notes := &books{figures.NewScheduler(), keeping, store.Ledger, s.Log, s.Now}
	timetable, err := purges(cfg, store, queue, notes)
	if err != nil {
		return a, err
	}
	life, err := cfg.Life()
	if err != nil {
		return a, err
	}
	figures.WatchRestrictions(func(ctx context.Context) (map[photo.Ground]int, int, error) {
		return store.Restrictions.Counts(ctx, s.Now())
	})
	figures.WatchComplaints(store.Complaints.Counts)
	figures.WatchChildReports(func(ctx context.Context) (int, int, error) { return store.ChildReports.Counts(ctx, s.Now()) })
	mailing, err := a.mail(cfg, s, postOffice{store.Letters, queue, figures.NewLetters()})
	if err != nil {
		return a, err
	}
	figures.WatchLetters(s.Now, store.Letters.Counts)
	figures.WatchWebhooks(s.Now, store.Webhooks)
	figures.WatchBreaches(s.Now, store.Breaches.Clocks)
	calendar, err := storage.Calendar(cfg, s.Log)
	if err != nil {
		return a, err
	}
	deskMeans := storage.DeskMeans{Eraser: eraser, Queue: queue, Calendar: calendar, Log: s.Log, Now: s.Now}
	desk, err := store.Desk(cfg, deskMeans)
	if err != nil {
		return a, err
	}
	children, err := store.ChildDesk(cfg, deskMeans)
	if err != nil {
		return a, err
	}
	if a.archivist, err = newArchivist(cfg, store, archiving{desk, figures}, s); err != nil {
		return a, err
	}
	board := store.Docket(calendar)
	figures.WatchReminders(store.Reminders.Last)
	figures.WatchDocket(func(ctx context.Context) (docket.Tally, error) {
		return board.Count(ctx, docket.EndsAt(calendar, s.Now()))
	})
	clock := scheduler.NewClock(s.sources(store), keeping, s.Log)
	reminding, err := reminding(cfg, scheduler.Reminding{
		Docket: board, Notes: store.Reminders, Clock: clock, Calendar: calendar, Meter: figures.NewReminders(), Log: s.Log,
	})
	if err != nil {
		return a, err
	}
	a.bucket = func(ctx context.Context) { lookAtBucket(ctx, store, keeping, s.Log) }
	timetable = append(timetable,
		scheduler.Requeue(store.Photos, queue),
		scheduler.Expire(scheduler.Expiry{Due: store.Photos, Expirer: eraser, Clock: clock, Grace: life.Grace(), Log: s.Log}),
		scheduler.ScrubKeys(store.Keys),
		scheduler.Hold(store.Photos, store.Vault),
		scheduler.SweepOrphans(orphan.New(orphan.Options{
			Records: store.Photos, Vault: store.Vault, Keys: store.Keys, Meter: notes, Log: s.Log,
		}), store.Together(), clock),
		scheduler.Rewrite(store),
		scheduler.SendLetters(mailing),
		a.telling(cfg, store, queue, figures.NewWebhooks()),
		scheduler.BuildArchives(store.Archives, a.archivist),
		scheduler.Remind(reminding),
		scheduler.SettleRequests(scheduler.Settling{Requests: store.Requests, Clock: clock, Calendar: calendar, Log: s.Log}),
		scheduler.ServeRequests(store.Requests, desk, s.Log),
		scheduler.TellOfChildReports(children),
		scheduler.ForgetChildReports(store.ChildReports, clock, s.Log),
		scheduler.CloseNotes(store.SupportNotes),
		scheduler.ForgetComplaints(store.Complaints, clock, s.Log),
		scheduler.Look(gatherer),
		scheduler.State(&proof.Stater{Gatherer: gatherer, Statements: store.Ledger, Signer: signer}))
	figures.WatchJobs(known(store.Ledger, timetable, s.Now))
	a.scheduler = scheduler.New(scheduler.Options{Timetable: timetable, Queue: queue, Meter: notes, Tracer: a.tracer, Log: s.Log, Now: s.Now})
	// Redis is not among the checks: without it the jobs are run directly.
	doors := ops.Options{Addr: cfg.OpsAddr, Metrics: figures.Handler(), Checks: store.Checks(), Drain: &ops.Drain{}, Log: s.Log}
	if a.ops, err = ops.Listen(doors); err != nil {
		return a, fmt.Errorf("OPS_ADDR: %w", err)
	}
	a.closers.Add(a.ops)
	return a, nil
}

// sources are where the clock by which photos expire has its times from.
func (s Surroundings) sources(store *storage.Storage) scheduler.Sources {
	if s.Database == nil {
		s.Database = store.Clock
	}
	if s.Uptime == nil {
		s.Uptime = scheduler.MachineUptime
	}
	return scheduler.Sources{Now: s.Now, Database: s.Database, Uptime: s.Uptime}
}

// lookLimit is how long a bucket may take to tell its settings.
const lookLimit = 30 * time.Second

// lookAtBucket warns of settings that endanger a promise.
func lookAtBucket(ctx context.Context, store *storage.Storage, m *metrics.Keeping, log *slog.Logger) {
	ctx, cancel := context.WithTimeout(ctx, lookLimit)
	defer cancel()
	for _, c := range store.BucketConcerns(ctx) {
		log.Warn(c.Advice(), "cause", string(c))
		m.BucketConcern(string(c))
	}
}

// Run keeps the timetable until ctx ends.
func (a *App) Run(ctx context.Context) error { return a.ops.While(ctx, a.keep) }

func (a *App) keep(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		a.bucket(ctx)
		return nil
	})
	group.Go(func() error {
		a.log.Info("keeping the timetable")
		return a.scheduler.Run(ctx, a.redis)
	})
	group.Go(func() error { return a.answer(ctx) })
	group.Go(func() error { return a.tell(ctx) })
	if a.postman != nil {
		group.Go(func() error { return a.deliver(ctx) })
	}
	return group.Wait()
}

// Close closes what New opened.
func (a *App) Close() error { return a.closers.Close() }
