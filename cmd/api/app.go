package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/passportphotogenie/passportphotogenie/internal/accesslog"
	"github.com/passportphotogenie/passportphotogenie/internal/backlog"
	"github.com/passportphotogenie/passportphotogenie/internal/command"
	"github.com/passportphotogenie/passportphotogenie/internal/config"
	"github.com/passportphotogenie/passportphotogenie/internal/courier"
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/erasure"
	"github.com/passportphotogenie/passportphotogenie/internal/httpapi"
	"github.com/passportphotogenie/passportphotogenie/internal/intake"
	"github.com/passportphotogenie/passportphotogenie/internal/keyring"
	"github.com/passportphotogenie/passportphotogenie/internal/metrics"
	"github.com/passportphotogenie/passportphotogenie/internal/operator"
	"github.com/passportphotogenie/passportphotogenie/internal/ops"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/policy"
	"github.com/passportphotogenie/passportphotogenie/internal/preview"
	"github.com/passportphotogenie/passportphotogenie/internal/progress"
	"github.com/passportphotogenie/passportphotogenie/internal/queuepages"
	"github.com/passportphotogenie/passportphotogenie/internal/ratelimit"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
	"github.com/passportphotogenie/passportphotogenie/internal/statistics"
	"github.com/passportphotogenie/passportphotogenie/internal/storage"
	"github.com/passportphotogenie/passportphotogenie/internal/tasks"
	"github.com/passportphotogenie/passportphotogenie/internal/traced"
	"github.com/passportphotogenie/passportphotogenie/internal/tracing"
)

// Surroundings are what a process does not find in its configuration.
type Surroundings struct {
	Log *slog.Logger
	Now func() time.Time
}

// App is the whole process.
type App struct {
	log      *slog.Logger
	cfg      config.Config
	listener net.Listener
	server   *http.Server
	access   *accesslog.Recorder
	backlog  *backlog.Watch
	ops      *ops.Server
	closers  command.Closers
}

// New opens everything and takes both addresses; nothing is served before Run.
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
	redis, err := tasks.ParseRedis(cfg.RedisURL)
	if err != nil {
		return a, fmt.Errorf("REDIS_URL: %w", err)
	}
	traces, err := tracing.Open(ctx, tracing.Options{Config: cfg, Process: string(process), Version: ops.Version(), Log: s.Log})
	if err != nil {
		return a, err
	}
	a.closers.Add(traces)
	queue, events, counters := tasks.NewQueue(redis), redis.Client(), redis.ClientWithin(tallyWait)
	queue.Trace(traces.Tracer())
	news := progress.NewSubscriber(events)
	a.closers.Add(queue, events, counters, news)
	figures := metrics.New(string(process), ops.Version())
	figures.WatchPools(append(store.Pools(), queue.Pool, tasks.PoolOf("events", events))...)
	catalogue, err := docspec.Load()
	if err != nil {
		return a, err
	}
	promises, err := policy.Load()
	if err != nil {
		return a, err
	}
	facts, err := cfg.PolicyFacts()
	if err != nil {
		return a, err
	}
	proxies, err := proxies(cfg, s.Log)
	if err != nil {
		return a, err
	}
	zone, err := cfg.TimeZone()
	if err != nil {
		return a, err
	}
	answers, err := cfg.Kept(retention.Answers)
	if err != nil {
		return a, err
	}
	life, err := cfg.Life()
	if err != nil {
		return a, err
	}
	operators, err := gate(cfg, store, ratelimit.NewTally(counters, "sign-ins"), s)
	if err != nil {
		return a, err
	}
	used := statistics.NewRecorder(statistics.Options{Store: store.Statistics, Catalogue: catalogue, Meter: figures.NewStatistics(), Log: s.Log, Now: s.Now})
	a.access = accesslog.NewRecorder(accesslog.Options{Store: store.AccessLog, Meter: figures.NewAccessLog(), Log: s.Log})
	store.Keys.Watch(figures.NewKeys())
	gatherer, err := store.Gatherer(cfg, queue)
	if err != nil {
		return a, err
	}
	signer, err := storage.Signer(cfg)
	if err != nil {
		return a, err
	}
	means := store.Erasure(signer, queue, used)
	means.Meter, means.Log, means.Now = figures.NewErasures(), s.Log, s.Now
	eraser := erasure.New(means)
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
	complaints, err := store.ComplaintDesk(cfg, deskMeans)
	if err != nil {
		return a, err
	}
	board, err := queuepages.New(queuepages.Options{Redis: redis, Root: httpapi.QueuesPath, Describe: tasks.Describe})
	if err != nil {
		return a, err
	}
	a.closers.Add(board)
	// Redis is not among the checks: uploads are taken without it.
	doors := ops.Options{Addr: cfg.OpsAddr, Metrics: figures.Handler(), Checks: store.Checks(), Drain: &ops.Drain{}, Log: s.Log}
	options := httpapi.Options{
		Intake: intake.New(traced.Intake(intake.Parts{
			Records: store.Photos, Replays: store.Photos, Revisions: store.Photos, Dispatch: store.Photos, Vault: store.Vault, Queue: queue, Statistics: used,
			SealKey: keyring.SealKey, OpenKey: keyring.OpenKey, Life: life, Log: s.Log, Now: s.Now,
		}, traces.Tracer())),
		Eraser: eraser, Desk: desk, Archives: store.ArchiveReader(answers, s.Now),
		Requests: store.Requests, Docket: store.Docket(calendar), Calendar: calendar,
		ComplaintDesk: complaints, Complaints: store.Complaints, SupportNotes: store.SupportNotes,
		Photos: store.Photos, Vault: store.Vault, Receipts: store.Receipts, Signed: store.Signed, SigningKey: signer.Public(), Progress: news,
		Evidence: gatherer, Stated: store.Ledger, Letters: store.Letters,
		Statistics: store.Statistics, AccessLines: store.AccessLog,
		Contests: store.Contests, Restricter: store.Photos, Restrictions: store.Restrictions, Audit: store.Audit, Gate: operators,
		ChildReports: store.ChildReports, ChildDesk: children,
		Policy: promises, Facts: facts, Processors: store.Processors, ProcessorDesk: store.Processors,
		Queues: board, Watched: httpapi.Watched{Photos: store.Photos, Letters: store.Letters, Queues: queue, Totals: store.Statistics},
		APIClients: store.APIClients, KeyedClients: store.APIClients, Webhooks: store.Webhooks,
		WebhookDesk: &courier.Desk{Endpoints: store.Webhooks, Sealer: store.Master, Loopback: cfg.WebhookLoopback == config.On, Now: s.Now},
		Breaches:    store.Breaches, Disclosures: store.Disclosures, Zone: zone,
		Proxies: proxies, Catalogue: catalogue, Meter: figures.NewAPI(), Probes: ops.Probes(doors), Tracer: traces.Tracer(), Log: s.Log, Now: s.Now,
		Version: ops.Version(), PublicURL: cfg.PublicURL, CORSOrigins: cfg.CORSOrigins, Production: cfg.Environment == config.Production, MaxUploads: cfg.MaxUploads, MaxSheets: cfg.MaxSheets,
		Previews: preview.NewAsker(events, queue, preview.DefaultWaits()), MaxPreviews: cfg.MaxPreviews,
		Limiter:     ratelimit.New(events, "previews", ratelimit.Rates{Client: cfg.PreviewsPerClient, All: cfg.PreviewsPerMinute}),
		FormLimiter: ratelimit.New(counters, "forms", ratelimit.Rates{Client: cfg.FormsPerClient, All: cfg.FormsPerMinute}),
	}
	if cfg.AccessLog == config.On {
		options.AccessLog = a.access
	}
	share(cfg, events, &options)
	a.backlog = backlog.NewWatch(backlog.Options{
		Queue: queue, Limits: backlog.Limits{"": cfg.MaxWait, photo.Bulk: cfg.MaxWaitBulk}, Now: s.Now,
	})
	figures.WatchWaits(a.backlog.Wait)
	options.Backlog = a.backlog
	api, err := httpapi.New(options)
	if err != nil {
		return a, err
	}
	if a.ops, err = ops.Listen(doors); err != nil {
		return a, fmt.Errorf("OPS_ADDR: %w", err)
	}
	a.closers.Add(a.ops)
	a.server = api.Server(cfg.HTTPAddr)
	a.server.Handler = lettingGo(doors.Drain, a.server.Handler)
	if a.listener, err = net.Listen("tcp", cfg.HTTPAddr); err != nil {
		return a, fmt.Errorf("HTTP_ADDR: %w", err)
	}
	a.closers.Add(a.listener)
	return a, nil
}

// lettingGo asks, while the process stops, who keeps connections open not to send
// another request over them.
func lettingGo(d *ops.Drain, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if d.Begun() {
			w.Header().Set("Connection", "close")
		}
		h.ServeHTTP(w, r)
	})
}

// tallyWait is how long an operator who signs in waits for Redis to tell how often
// that was tried.
const tallyWait = 500 * time.Millisecond

// gate is the way in for operators. In production they need a code of an
// authenticator beside the password.
func gate(cfg config.Config, store *storage.Storage, tally operator.Tally, s Surroundings) (*operator.Gate, error) {
	list, err := operator.Parse(cfg.Operators)
	if err != nil {
		return nil, fmt.Errorf("OPERATORS: %w", err)
	}
	site, err := url.Parse(cfg.PublicURL)
	if err != nil {
		return nil, fmt.Errorf("PUBLIC_URL: %w", err)
	}
	return operator.NewGate(operator.Options{
		List: list, Sessions: store.OperatorSessions, Authenticators: store.Authenticators, Sealer: store.Master,
		Tally: tally, Trail: store.Audit, Log: s.Log, Now: s.Now,
		CodeNeeded: cfg.Environment == config.Production, Site: site.Hostname(),
	}), nil
}

// Addr is the address that is served.
func (a *App) Addr() string { return a.listener.Addr().String() }

// Run serves until ctx ends, then lets requests end.
func (a *App) Run(ctx context.Context) error {
	// The log ends last: what it still holds is of requests that have ended.
	logging, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	logged := make(chan struct{})
	go func() { a.access.Run(logging); close(logged) }()
	err := a.ops.While(ctx, a.serve)
	stop()
	<-logged
	return err
}

// serve answers requests until ctx ends. Before it takes no more it answers on for
// StopWait, so that whoever sends requests here has the time to see in /readyz that
// others should get them.
func (a *App) serve(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		a.backlog.Run(ctx)
		return nil
	})
	group.Go(func() error {
		a.log.Info("serving", "addr", a.Addr())
		if err := a.server.Serve(a.listener); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve: %w", err)
		}
		return nil
	})
	group.Go(func() error {
		<-ctx.Done()
		limited, cancel := context.WithTimeout(context.Background(), a.cfg.StopGrace)
		defer cancel()
		<-time.After(a.cfg.StopWait)
		if err := a.server.Shutdown(limited); err != nil {
			a.log.Warn("requests were cut off", "error", err)
			return a.server.Close()
		}
		return nil
	})
	return group.Wait()
}

// Close closes what New opened.
func (a *App) Close() error { return a.closers.Close() }
