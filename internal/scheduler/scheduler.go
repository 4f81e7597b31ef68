// Package scheduler keeps the timetable: what the service does by the clock and
// not because somebody asked. At the start of each period every scheduler asks
// the queue for the job, under a name made of the job's and the period's start,
// so that however many schedulers run, one of them gets to do it. When Redis is
// away for two periods they call their jobs directly: the promise to delete
// does not depend on the queue. Then a job may run more than once in a period,
// which is why all jobs are written so that this does no harm.
package scheduler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/hibiken/asynq"

	"github.com/passportphotogenie/passportphotogenie/internal/tasks"
	"github.com/passportphotogenie/passportphotogenie/internal/tracing"
)

// Job is one line of the timetable.
type Job struct {
	Name  string        // lower case, with underscores: a label of the metrics
	Every time.Duration // a divisor of a day; periods begin at midnight UTC
	Run   func(ctx context.Context, now time.Time) error
}

// Queue takes the request for one run of a job in a period.
type Queue interface {
	EnqueueJob(ctx context.Context, name string, period time.Time, retention time.Duration) error
}

// Ran is how a run of a job went.
type Ran struct {
	Job   string
	Every time.Duration
	Late  time.Duration // from the start of its period to that of the run
	At    time.Time     // of its end
	Took  time.Duration
	Err   error
}

// Meter takes note of runs.
type Meter interface{ JobRan(r Ran) }

// Options are what a Scheduler works with; all are needed but Tracer.
type Options struct {
	Timetable []Job
	Queue     Queue
	Meter     Meter
	Tracer    *tracing.Tracer // nil for none
	Log       *slog.Logger
	Now       func() time.Time
}

// Scheduler asks for the jobs and runs them.
type Scheduler struct {
	Options
	lines []*line
}

// line is a job and where it stands.
type line struct {
	Job
	asked    time.Time  // start of the last period that was dealt with
	answered time.Time  // when Redis last took a request, or when we started
	running  sync.Mutex // a job never runs twice at a time in one process
}

// New returns a scheduler.
func New(o Options) *Scheduler {
	s := &Scheduler{Options: o}
	for _, j := range o.Timetable {
		s.lines = append(s.lines, &line{Job: j, answered: o.Now()})
	}
	return s
}

// How the scheduler works.
const (
	tick         = time.Second            // how often it looks at the clock
	enqueueLimit = time.Second            // for asking Redis
	poll         = 100 * time.Millisecond // how often it looks into the queue
	concurrency  = 2                      // jobs at a time, so that a slow one does not hold up deletion
	directLimit  = 5 * time.Minute        // for a job called directly
)

// Run keeps the timetable and serves the queue of jobs until ctx ends. Then it
// returns within 10 seconds.
func (s *Scheduler) Run(ctx context.Context, r tasks.Redis) error {
	served := make(chan error, 1)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		defer cancel()
		served <- tasks.Serve(ctx, r, tasks.ServeOptions{
			Queue: tasks.Maintenance, Concurrency: concurrency, Poll: poll, Log: s.Log,
		}, s)
	}()
	clock := time.NewTicker(tick)
	defer clock.Stop()
	for {
		s.Tick(ctx)
		select {
		case <-ctx.Done():
			return <-served
		case <-clock.C:
		}
	}
}

// Tick deals with every job whose period has begun since the last call. It
// returns when direct runs, if there are any, have ended.
func (s *Scheduler) Tick(ctx context.Context) {
	var direct sync.WaitGroup
	defer direct.Wait()
	for _, l := range s.lines {
		now := s.Now()
		period := now.UTC().Truncate(l.Every)
		if !period.After(l.asked) {
			continue
		}
		err := s.ask(ctx, l, period)
		if err == nil {
			l.asked, l.answered = period, now
			continue
		}
		if now.Sub(l.answered) < 2*l.Every {
			continue // asked again at the next tick
		}
		s.Log.Warn("a job is run without the queue", "job", l.Name, "error", err)
		l.asked = period
		direct.Go(func() {
			ctx, cancel := context.WithTimeout(ctx, directLimit)
			defer cancel()
			_ = s.run(ctx, l, period) // logged and counted
		})
	}
}

func (s *Scheduler) ask(ctx context.Context, l *line, period time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, enqueueLimit)
	defer cancel()
	// Whoever asks late, because its clock is slow or Redis was, must find that
	// the period has been dealt with.
	return s.Queue.EnqueueJob(ctx, l.Name, period, max(2*l.Every, time.Minute))
}

// ProcessTask is asynq's: it runs the job that a task names.
func (s *Scheduler) ProcessTask(ctx context.Context, task *asynq.Task) error {
	name := strings.TrimPrefix(task.Type(), tasks.JobType)
	for _, l := range s.lines {
		if l.Name == name {
			id, _ := asynq.GetTaskID(ctx)
			return s.run(ctx, l, tasks.PeriodOf(id))
		}
	}
	return tasks.UnknownJob(ctx, s.Now())
}

// run runs a job of a period, which is zero if unknown, unless it is running already.
func (s *Scheduler) run(ctx context.Context, l *line, period time.Time) (err error) {
	if !l.running.TryLock() {
		s.Log.Warn("a job takes longer than its period", "job", l.Name)
		return nil
	}
	defer l.running.Unlock()
	ctx, span := s.Tracer.Begin(ctx, "job "+l.Name)
	began := s.Now()
	if period.IsZero() {
		period = began
	}
	defer func() {
		if p := recover(); p != nil {
			err = errors.New("the job panicked")
			s.Log.ErrorContext(ctx, "panic", "job", l.Name, "panic", fmt.Sprintf("%T", p))
		}
		now := s.Now()
		s.Meter.JobRan(Ran{Job: l.Name, Every: l.Every, Late: began.Sub(period), At: now, Took: now.Sub(began), Err: err})
		if err != nil {
			s.Log.ErrorContext(ctx, "job failed", "job", l.Name, "error", err)
		}
		span.End(err)
	}()
	return l.Run(ctx, began)
}
