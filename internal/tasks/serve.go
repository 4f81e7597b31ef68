package tasks

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/hibiken/asynq"

	"github.com/passportphotogenie/passportphotogenie/internal/tracing"
)

// ServeOptions say which queue a process serves and how.
type ServeOptions struct {
	Queue       string
	Concurrency int           // tasks at a time
	Poll        time.Duration // how often an empty queue is looked at; a task waits half of it on average
	Log         *slog.Logger
	Tracer      *tracing.Tracer // nil for none
	Grace       time.Duration   // within which it stops; 8 seconds if zero, at least 5

	// Aside is a queue that the same slots serve beside Queue: as fast as they can
	// while Queue is empty, and with one task in asideShare while it is not. Empty
	// for none.
	Aside string
}

// asideShare is small enough that nobody in the first queue feels it, and large enough
// that the second one never stands still.
const asideShare = 11

func (o ServeOptions) queues() map[string]int {
	if o.Aside == "" {
		return map[string]int{o.Queue: 1}
	}
	return map[string]int{o.Queue: asideShare - 1, o.Aside: 1}
}

// How a server ends: tasks that run may finish until handBackGrace before its grace is
// over. Then their contexts are cancelled, and that long they have to give back what
// they hold.
const (
	defaultGrace  = 8 * time.Second
	handBackGrace = 3 * time.Second
)

// ErrStopping is the cause of the end of a task's context when its process
// stops.
var ErrStopping = errors.New("the process is stopping")

// Serve runs the handler on a queue's tasks until ctx ends, and then stops within the
// grace. It serves on while Redis is away.
func Serve(ctx context.Context, r Redis, o ServeOptions, h asynq.Handler) error {
	return serveVersion(ctx, r, o, h, Version)
}

// serveVersion is Serve in a program whose payloads have the version.
func serveVersion(ctx context.Context, r Redis, o ServeOptions, h asynq.Handler, version int) error {
	if o.Grace == 0 {
		o.Grace = defaultGrace
	}
	stopping, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	server := asynq.NewServer(r, asynq.Config{
		Concurrency:              o.Concurrency,
		Queues:                   o.queues(),
		TaskCheckInterval:        o.Poll,
		DelayedTaskCheckInterval: time.Second,
		RetryDelayFunc:           retryDelay,
		IsFailure:                isFailure,
		ShutdownTimeout:          o.Grace,
		Logger:                   logger{o.Log},
		LogLevel:                 asynq.WarnLevel,
	})
	if err := server.Start(stoppable(stopping, &reader{Handler: traced(o, unpanicked(h, o.Log)), version: version, log: o.Log})); err != nil {
		return fmt.Errorf("serve the queue %s: %w", o.Queue, err)
	}
	<-ctx.Done()
	defer time.AfterFunc(o.Grace-handBackGrace, stop).Stop()
	server.Shutdown()
	return nil
}

// stoppable ends the contexts of tasks when stopping ends. Asynq's own context
// is left alone: when that ends, asynq no longer waits for what the task does.
func stoppable(stopping context.Context, h asynq.Handler) asynq.Handler {
	return asynq.HandlerFunc(func(ctx context.Context, t *asynq.Task) error {
		ctx, cancel := context.WithCancelCause(ctx)
		defer cancel(nil)
		defer context.AfterFunc(stopping, func() { cancel(ErrStopping) })()
		return h.ProcessTask(ctx, t)
	})
}

// traced goes on with the trace in which the entry was put in.
func traced(o ServeOptions, h asynq.Handler) asynq.Handler {
	return asynq.HandlerFunc(func(ctx context.Context, t *asynq.Task) error {
		retries, _ := asynq.GetRetryCount(ctx)
		queue, _ := asynq.GetQueueName(ctx)
		ctx, span := o.Tracer.Receive(ctx, t.Headers(), known(t.Type()), tracing.Queue(queue), tracing.Retries(retries))
		err := h.ProcessTask(ctx, t)
		span.End(err)
		return err
	})
}

// known keeps what is none of ours, and may say anything, out of traces.
func known(taskType string) string {
	switch taskType {
	case PhotoType, PreviewType, LetterType, ArchiveType, WebhookType:
		return taskType
	}
	return "unknown"
}

// unpanicked ends a panic with an error that says nothing of its value, which may hold
// anything: asynq would keep that with the entry.
func unpanicked(h asynq.Handler, log *slog.Logger) asynq.Handler {
	return asynq.HandlerFunc(func(ctx context.Context, t *asynq.Task) (err error) {
		defer func() {
			if v := recover(); v != nil {
				err = errPanic
				log.Error("a task's handler panicked", "panic", fmt.Sprintf("%T", v))
			}
		}()
		return h.ProcessTask(ctx, t)
	})
}

var errPanic = errors.New("the handler panicked")

// logger passes on what asynq has to say. Its texts name queues, task IDs and
// our own errors.
type logger struct{ log *slog.Logger }

func (l logger) say(level slog.Level, args []any) {
	l.log.Log(context.Background(), level, "asynq", "error", fmt.Sprint(args...))
}

func (l logger) Debug(args ...any) { l.say(slog.LevelDebug, args) }
func (l logger) Info(args ...any)  { l.say(slog.LevelInfo, args) }
func (l logger) Warn(args ...any)  { l.say(slog.LevelWarn, args) }
func (l logger) Error(args ...any) { l.say(slog.LevelError, args) }

// Fatal only logs: asynq's servers never call it, and only main ends a process.
func (l logger) Fatal(args ...any) { l.say(slog.LevelError, args) }
