package scheduler

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/passportphotogenie/passportphotogenie/internal/tasks"
	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
)

var midnight = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

// runs remembers what the meter is told.
type runs struct {
	ok, failed atomic.Int32
	late       atomic.Int64 // of the last run, in nanoseconds
}

func (r *runs) JobRan(ran Ran) {
	r.late.Store(int64(ran.Late))
	if ran.Err != nil {
		r.failed.Add(1)
	} else {
		r.ok.Add(1)
	}
}

func parse(t *testing.T, url string) tasks.Redis {
	t.Helper()
	r, err := tasks.ParseRedis(url)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// newScheduler returns one with its own connection, as another process has it.
func newScheduler(t *testing.T, url string, c *testapp.Clock, jobs ...Job) (*Scheduler, *runs) {
	t.Helper()
	q := tasks.NewQueue(parse(t, url))
	t.Cleanup(func() { _ = q.Close() })
	r := &runs{}
	return New(Options{Timetable: jobs, Queue: q, Meter: r, Log: slog.New(slog.DiscardHandler), Now: c.Now}), r
}

// serve has a scheduler run the queue's jobs until the test ends.
func serve(t *testing.T, url string, s *Scheduler) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- tasks.Serve(ctx, parse(t, url), tasks.ServeOptions{
			Queue: tasks.Maintenance, Concurrency: 2, Poll: 5 * time.Millisecond, Log: slog.New(slog.DiscardHandler),
		}, s)
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

func eventually(t *testing.T, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it never came true")
		}
	}
}

func TestTwoSchedulersRunEachPeriodsJobOnce(t *testing.T) {
	url := testservers.Redis(t)
	c := testapp.NewClock(midnight)
	var ran atomic.Int32
	job := Job{"expire", time.Minute, func(context.Context, time.Time) error { ran.Add(1); return nil }}
	a, runsA := newScheduler(t, url, c, job)
	b, runsB := newScheduler(t, url, c, job)
	serve(t, url, a)
	serve(t, url, b)
	for period := int32(1); period <= 5; period++ {
		a.Tick(t.Context())
		eventually(t, func() bool { return ran.Load() >= period })
		b.Tick(t.Context()) // finds it done, not only waiting
		a.Tick(t.Context())
		c.Forward(30 * time.Second)
		b.Tick(t.Context()) // still the same period
		c.Forward(30 * time.Second)
	}
	a.Tick(t.Context()) // the sixth period; what was asked for earlier runs before it
	eventually(t, func() bool { return runsA.ok.Load()+runsB.ok.Load() >= 6 })
	if n := ran.Load(); n != 6 {
		t.Errorf("the job ran %d times in 6 periods", n)
	}
}

func TestWithoutRedisJobsRunDirectlyAfterTwoPeriods(t *testing.T) {
	server := testservers.StartRedis(t)
	c := testapp.NewClock(midnight)
	var at []time.Duration
	s, r := newScheduler(t, server.URL, c, Job{"expire", time.Minute, func(_ context.Context, now time.Time) error {
		at = append(at, now.Sub(midnight))
		return nil
	}})
	s.Tick(t.Context()) // waits in the queue, which is then lost
	server.Stop()
	for range 12 {
		c.Forward(20 * time.Second)
		s.Tick(t.Context())
	}
	if diff := cmp.Diff([]time.Duration{2 * time.Minute, 3 * time.Minute, 4 * time.Minute}, at); diff != "" {
		t.Error(diff)
	}
	if r.ok.Load() != 3 {
		t.Errorf("%d runs counted", r.ok.Load())
	}

	server.Start(t)
	c.Forward(time.Minute)
	s.Tick(t.Context())
	if len(at) != 3 {
		t.Error("the job still runs directly")
	}
	serve(t, server.URL, s)
	eventually(t, func() bool { return r.ok.Load() == 4 })
}

func TestAPeriodIsAskedForAgainUntilRedisAnswers(t *testing.T) {
	server := testservers.StartRedis(t)
	server.Stop()
	c := testapp.NewClock(midnight)
	s, r := newScheduler(t, server.URL, c, Job{"expire", time.Minute, func(context.Context, time.Time) error { return nil }})
	s.Tick(t.Context())
	server.Start(t)
	c.Forward(time.Second)
	s.Tick(t.Context())
	serve(t, server.URL, s)
	eventually(t, func() bool { return r.ok.Load() == 1 })
}

func TestAJobThatFailsOrPanicsIsCountedAndRunsInTheNextPeriod(t *testing.T) {
	url := testservers.Redis(t)
	c := testapp.NewClock(midnight)
	bad := []func() error{
		func() error { return errors.New("no") },
		func() error { panic("at the disco") },
		func() error { return nil },
	}
	var n int
	s, r := newScheduler(t, url, c, Job{"expire", time.Minute, func(context.Context, time.Time) error { n++; return bad[n-1]() }})
	serve(t, url, s)
	for i := range bad {
		s.Tick(t.Context())
		eventually(t, func() bool { return int(r.ok.Load()+r.failed.Load()) == i+1 })
		c.Forward(time.Minute)
	}
	if r.failed.Load() != 2 || r.ok.Load() != 1 {
		t.Errorf("%d failed, %d succeeded", r.failed.Load(), r.ok.Load())
	}
}

func TestASlowJobDoesNotRunTwiceAtATime(t *testing.T) {
	server := testservers.StartRedis(t)
	server.Stop() // so that it runs directly
	c := testapp.NewClock(midnight)
	started, goOn := make(chan struct{}, 10), make(chan struct{})
	s, r := newScheduler(t, server.URL, c, Job{"expire", time.Minute, func(context.Context, time.Time) error {
		started <- struct{}{}
		<-goOn
		return nil
	}})
	c.Forward(2 * time.Minute)
	first := make(chan struct{})
	go func() { s.Tick(context.Background()); close(first) }()
	<-started
	if err := s.run(t.Context(), s.lines[0], midnight); err != nil {
		t.Error(err)
	}
	close(goOn)
	<-first
	if len(started) != 0 || r.ok.Load() != 1 {
		t.Errorf("it ran %d times", 1+len(started))
	}
}

func TestASchedulerStopsWithinTenSeconds(t *testing.T) {
	url := testservers.Redis(t)
	began := make(chan struct{})
	s, _ := newScheduler(t, url, testapp.NewClock(midnight), Job{"expire", time.Minute, func(ctx context.Context, _ time.Time) error {
		close(began)
		<-ctx.Done()
		return ctx.Err()
	}})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx, parse(t, url)) }()
	<-began
	cancel()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Error("it still runs")
	}
}

func TestHowLateARunIsCountsFromTheStartOfItsPeriod(t *testing.T) {
	url := testservers.Redis(t)
	c := testapp.NewClock(midnight.Add(2 * time.Second)) // it looks a little after the period has begun
	s, r := newScheduler(t, url, c, Job{"expire", time.Minute, func(context.Context, time.Time) error { return nil }})
	s.Tick(t.Context())
	c.Forward(90 * time.Second) // nobody serves the queue
	serve(t, url, s)
	testapp.Eventually(t, 5*time.Second, "it runs", func() bool { return r.ok.Load() == 1 })
	if late := time.Duration(r.late.Load()); late != 92*time.Second {
		t.Errorf("the run is %s late", late)
	}
}
