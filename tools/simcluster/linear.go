package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/tasks"
	"github.com/passportphotogenie/passportphotogenie/tools/rig"
)

// simulation is what all modes share.
type simulation struct {
	self     string // this program
	checkout string
	workers  []int
	slots    int
	idle     time.Duration // how long workers without work are watched
	measured time.Duration // and workers at work
	expiring int           // photos whose time is over
	say      io.Writer
}

// mode is one kind of worker, and how its queue is filled.
type mode struct {
	options rig.Options
	cost    time.Duration
	start   func(ctx context.Context, r *rig.Rig, workers int) error
	fill    func(ctx context.Context, r *rig.Rig, photos int) error
}

// step is what was measured with a number of workers.
type step struct {
	workers int
	rate    float64 // photos a second
	busy    rig.Spent
	idle    rig.Spent
	memory  float64 // bytes of all workers
}

// atLeast is how many photos each slot is to make in a measurement.
const atLeast = 10

// linear measures a mode with each number of workers and returns the table.
func (s simulation) linear(ctx context.Context, name string, m mode) (string, error) {
	var steps []step
	for _, n := range s.workers {
		one, err := s.step(ctx, m, n)
		if err != nil {
			return "", fmt.Errorf("%d workers: %w", n, err)
		}
		_, _ = fmt.Fprintf(s.say, "%s: %d workers make %.1f photos a second\n", name, n, one.rate)
		steps = append(steps, one)
	}
	return s.table(m, steps), nil
}

// step has an installation of its own: first nothing to do, then more than the
// workers can do in the time.
func (s simulation) step(ctx context.Context, m mode, workers int) (one step, err error) {
	r, err := rig.Start(ctx, m.options)
	if err != nil {
		return one, err
	}
	defer r.Stop()
	redis, err := tasks.ParseRedis(r.RedisURL)
	if err != nil {
		return one, err
	}
	queue := tasks.NewQueue(redis)
	defer func() { _ = queue.Close() }()
	if err := m.start(ctx, r, workers); err != nil {
		return one, err
	}
	if err := served(ctx, queue, workers); err != nil {
		return one, err
	}
	one.workers = workers
	if one.idle, _, err = watch(ctx, r, queue, s.idle); err != nil {
		return one, err
	}
	warm, measured := max(2*m.cost, time.Second), max(s.measured, atLeast*m.cost)
	ideal := float64(workers*s.slots) / m.cost.Seconds()
	if err := m.fill(ctx, r, int(ideal*(warm+measured).Seconds()*1.1)+2*workers*s.slots); err != nil {
		return one, err
	}
	if _, _, err = watch(ctx, r, queue, warm); err != nil {
		return one, err
	}
	var done int
	if one.busy, done, err = watch(ctx, r, queue, measured); err != nil {
		return one, err
	}
	one.rate = float64(done) / one.busy.Took.Seconds()
	for _, p := range r.Of("worker") {
		one.memory += rig.UseOf(p.PID()).Memory
	}
	if left, err := waiting(ctx, queue); err != nil || left == 0 {
		return one, errors.Join(err, errors.New("the queue ran dry"))
	}
	return one, nil
}

// served returns when all workers have told Redis that they serve.
func served(ctx context.Context, q *tasks.Queue, workers int) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		depths, err := q.Depths(ctx)
		if err != nil {
			return err
		}
		for _, d := range depths {
			if d.Queue == tasks.Photos && d.Processes >= workers {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return errors.New("not all workers serve the queue after a minute")
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// waiting is how many photos are not made yet.
func waiting(ctx context.Context, q *tasks.Queue) (n int, err error) {
	depths, err := q.Depths(ctx)
	for _, d := range depths {
		if d.Queue == tasks.Photos {
			n = d.Pending + d.Active
		}
	}
	return n, err
}

// watch counts what is used, and how many photos are made, in a time.
func watch(ctx context.Context, r *rig.Rig, q *tasks.Queue, long time.Duration) (spent rig.Spent, made int, err error) {
	before, err := waiting(ctx, q)
	if err != nil {
		return spent, 0, err
	}
	first, err := r.Count(ctx)
	if err != nil {
		return spent, 0, err
	}
	select {
	case <-time.After(long):
	case <-ctx.Done():
		return spent, 0, ctx.Err()
	}
	after, err := waiting(ctx, q)
	if err != nil {
		return spent, 0, err
	}
	last, err := r.Count(ctx)
	return last.Since(first), before - after, err
}

// table is the figures as Markdown.
func (s simulation) table(m mode, steps []step) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("%d slots a worker, %s a photo.\n", s.slots, m.cost)
	line("| workers | photos a second | of what their slots can do at most | of N times one worker | requests to Redis a second | Redis, %% of a core | workers, %% of a core | their memory, MB | connections to Redis |%s",
		postgresCell(m, " statements a second | PostgreSQL, %% of a core | connections to PostgreSQL |"))
	line("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |%s", postgresCell(m, " ---: | ---: | ---: |"))
	for _, one := range steps {
		seconds := one.busy.Took.Seconds()
		cells := fmt.Sprintf("| %d | %.1f | %.0f %% | %.0f %% | %.0f | %.1f | %.0f | %.0f | %.0f |", one.workers, one.rate,
			100*one.rate*m.cost.Seconds()/float64(one.workers*s.slots), 100*one.rate*float64(steps[0].workers)/(float64(one.workers)*steps[0].rate), one.busy.Redis.Trips()/seconds,
			100*one.busy.CPU["redis"]/seconds, 100*one.busy.CPU["worker"]/seconds, one.memory/1e6, one.busy.Redis.Clients)
		line("%s%s", cells, postgresCell(m, fmt.Sprintf(" %.0f | %.0f | %.0f |",
			one.busy.Statements/seconds, 100*one.busy.CPU["postgres"]/seconds, one.busy.PostgresConnections)))
	}
	line("\nWaiting for work, each worker looking into two queues every %s:\n", poll)
	line("| workers | requests to Redis a second | Redis, %% of a core | workers, %% of a core |\n| ---: | ---: | ---: | ---: |")
	for _, one := range steps {
		seconds := one.idle.Took.Seconds()
		line("| %d | %.0f | %.1f | %.0f |", one.workers, one.idle.Redis.Trips()/seconds, 100*one.idle.CPU["redis"]/seconds, 100*one.idle.CPU["worker"]/seconds)
	}
	return b.String()
}

// postgresCell is text where there is a PostgreSQL.
func postgresCell(m mode, text string) string {
	if !m.options.Postgres {
		return ""
	}
	return strings.ReplaceAll(text, "%%", "%")
}

// efficiency is the last step's rate in terms of that many single workers.
func efficiency(steps []step) float64 {
	first, last := steps[0], steps[len(steps)-1]
	if first.rate == 0 {
		return math.NaN()
	}
	return last.rate * float64(first.workers) / (first.rate * float64(last.workers))
}
