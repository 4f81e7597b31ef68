package tasks

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hibiken/asynq"

	"github.com/passportphotogenie/passportphotogenie/internal/metrics"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
)

func parse(t *testing.T, url string) Redis {
	t.Helper()
	r, err := ParseRedis(url)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func newQueue(t *testing.T, url string) *Queue {
	t.Helper()
	q := NewQueue(parse(t, url))
	t.Cleanup(func() { _ = q.Close() })
	return q
}

// serve runs the handler on a queue until the test ends or stop is called.
func serve(t *testing.T, url, queue string, h asynq.HandlerFunc) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- Serve(ctx, parse(t, url), ServeOptions{queue, 1, 10 * time.Millisecond, slog.New(slog.DiscardHandler)}, h)
	}()
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
	t.Cleanup(stop)
	return stop
}

func depth(t *testing.T, q *Queue, queue string) metrics.Depth {
	t.Helper()
	all, err := q.Depths(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		if d.Queue == queue {
			d.Oldest = 0
			return d
		}
	}
	t.Fatalf("no queue %s", queue)
	return metrics.Depth{}
}

func eventually(t *testing.T, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it never came true")
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAPhotosTaskCarriesItsClaim(t *testing.T) {
	url := testservers.Redis(t)
	q := newQueue(t, url)
	want := photo.Claim{ID: photo.NewID(), Revision: 2, Attempt: 3}
	must(t, q.EnqueuePhoto(t.Context(), want))
	got := make(chan photo.Claim, 1)
	serve(t, url, Photos, func(_ context.Context, task *asynq.Task) error {
		c, err := ParsePhoto(task.Payload())
		got <- c
		return err
	})
	if diff := cmp.Diff(want, <-got); diff != "" {
		t.Error(diff)
	}
	eventually(t, func() bool { return depth(t, q, Photos) == metrics.Depth{Queue: Photos} })
}

func TestAClaimHasOneEntryHoweverOftenItIsAskedFor(t *testing.T) {
	q := newQueue(t, testservers.Redis(t))
	c := photo.Claim{ID: photo.NewID(), Revision: 1}
	for range 3 {
		must(t, q.EnqueuePhoto(t.Context(), c))
	}
	if diff := cmp.Diff(metrics.Depth{Queue: Photos, Pending: 1}, depth(t, q, Photos)); diff != "" {
		t.Error(diff)
	}
}

func TestAnArchivedEntryIsReplaced(t *testing.T) {
	url := testservers.Redis(t)
	q := newQueue(t, url)
	c := photo.Claim{ID: photo.NewID(), Revision: 1}
	must(t, q.EnqueuePhoto(t.Context(), c))
	stop := serve(t, url, Photos, func(context.Context, *asynq.Task) error { return asynq.SkipRetry })
	eventually(t, func() bool { return depth(t, q, Photos).Archived == 1 })
	stop()
	must(t, q.EnqueuePhoto(t.Context(), c))
	if diff := cmp.Diff(metrics.Depth{Queue: Photos, Pending: 1}, depth(t, q, Photos)); diff != "" {
		t.Error(diff)
	}
}

func TestForgettingAPhotoLeavesNoEntryInAnyState(t *testing.T) {
	url := testservers.Redis(t)
	q := newQueue(t, url)
	mine, other := photo.NewID(), photo.Claim{ID: photo.NewID(), Revision: 1}
	archived := photo.Claim{ID: mine, Revision: 1, Attempt: photo.MaxAttempts}
	retrying := photo.Claim{ID: mine, Revision: 2, Attempt: 1}
	must(t, q.EnqueuePhoto(t.Context(), archived))
	must(t, q.EnqueuePhoto(t.Context(), retrying))
	stop := serve(t, url, Photos, func(_ context.Context, task *asynq.Task) error {
		if c, _ := ParsePhoto(task.Payload()); c == archived {
			return asynq.SkipRetry
		}
		return errors.New("later")
	})
	eventually(t, func() bool { d := depth(t, q, Photos); return d.Archived == 1 && d.Retry == 1 })
	stop()
	must(t, q.EnqueuePhoto(t.Context(), photo.Claim{ID: mine, Revision: 2}))
	must(t, q.EnqueuePhoto(t.Context(), other))

	must(t, q.ForgetPhoto(t.Context(), mine, 2))
	if diff := cmp.Diff(metrics.Depth{Queue: Photos, Pending: 1}, depth(t, q, Photos)); diff != "" {
		t.Error(diff)
	}
	must(t, q.ForgetPhoto(t.Context(), mine, 2))
}

func TestAnEntryAtWorkDoesNotHinderForgetting(t *testing.T) {
	url := testservers.Redis(t)
	q := newQueue(t, url)
	c := photo.Claim{ID: photo.NewID(), Revision: 1}
	must(t, q.EnqueuePhoto(t.Context(), c))
	atWork, goOn := make(chan struct{}), make(chan struct{})
	serve(t, url, Photos, func(context.Context, *asynq.Task) error { close(atWork); <-goOn; return nil })
	<-atWork
	must(t, q.ForgetPhoto(t.Context(), c.ID, 1))
	close(goOn)
	eventually(t, func() bool { return depth(t, q, Photos).Active == 0 })
}

func TestEntriesAreFoundAfterRedisLostEverything(t *testing.T) {
	server := testservers.StartRedis(t)
	q := newQueue(t, server.URL)
	c := photo.Claim{ID: photo.NewID(), Revision: 1}
	must(t, q.EnqueuePhoto(t.Context(), c))
	server.Stop()
	server.Start(t)
	must(t, q.EnqueuePhoto(t.Context(), c))
	must(t, q.ForgetPhoto(t.Context(), c.ID, 1))
	if diff := cmp.Diff(metrics.Depth{Queue: Photos}, depth(t, q, Photos)); diff != "" {
		t.Error(diff)
	}
}

func TestAJobRunsOncePerPeriod(t *testing.T) {
	url := testservers.Redis(t)
	a, b := newQueue(t, url), newQueue(t, url)
	runs := make(chan string, 10)
	serve(t, url, Maintenance, func(_ context.Context, task *asynq.Task) error { runs <- task.Type(); return nil })
	period := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	must(t, a.EnqueueJob(t.Context(), "expire", period, time.Minute))
	if got := <-runs; got != "job:expire" {
		t.Error(got)
	}
	eventually(t, func() bool { return depth(t, a, Maintenance).Active == 0 })
	// In another time zone, after it has run.
	must(t, b.EnqueueJob(t.Context(), "expire", period.In(time.FixedZone("", 3600)), time.Minute))
	must(t, b.EnqueueJob(t.Context(), "expire", period.Add(time.Minute), time.Minute))
	<-runs
	eventually(t, func() bool { d := depth(t, a, Maintenance); return d.Active+d.Pending == 0 })
	if len(runs) != 0 {
		t.Error("a period's job ran twice")
	}
}

func TestOnlyArchivedEntriesPastTheirTimeArePurged(t *testing.T) {
	url := testservers.Redis(t)
	q := newQueue(t, url)
	for range pageSize + 5 {
		must(t, q.EnqueuePhoto(t.Context(), photo.Claim{ID: photo.NewID(), Revision: 1}))
	}
	stop := serve(t, url, Photos, func(context.Context, *asynq.Task) error { return asynq.SkipRetry })
	eventually(t, func() bool { return depth(t, q, Photos).Archived == pageSize+5 })
	stop()
	must(t, q.EnqueuePhoto(t.Context(), photo.Claim{ID: photo.NewID(), Revision: 1}))

	n, err := q.PurgeArchived(t.Context(), time.Now().Add(-time.Hour))
	if err != nil || n != 0 {
		t.Errorf("young entries: %d, %v", n, err)
	}
	n, err = q.PurgeArchived(t.Context(), time.Now().Add(2*time.Second))
	if err != nil || n != pageSize+5 {
		t.Errorf("old entries: %d, %v", n, err)
	}
	if diff := cmp.Diff(metrics.Depth{Queue: Photos, Pending: 1}, depth(t, q, Photos)); diff != "" {
		t.Error(diff)
	}
}

func TestWithoutRedisEverythingFailsSoon(t *testing.T) {
	server := testservers.StartRedis(t)
	server.Stop()
	q := newQueue(t, server.URL)
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	began := time.Now()
	_, purge := q.PurgeArchived(ctx, time.Now())
	_, depths := q.Depths(ctx)
	for what, err := range map[string]error{
		"enqueue": q.EnqueuePhoto(ctx, photo.Claim{ID: photo.NewID(), Revision: 1}),
		"forget":  q.ForgetPhoto(ctx, photo.NewID(), 1), "purge": purge, "depths": depths,
		"job": q.EnqueueJob(ctx, "expire", time.Now(), time.Minute), "ping": q.Ping(ctx),
	} {
		if err == nil {
			t.Errorf("%s succeeded", what)
		}
	}
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("it took %s", took)
	}
}

func TestAServerFinishesWhatItHasAndStops(t *testing.T) {
	url := testservers.Redis(t)
	q := newQueue(t, url)
	must(t, q.EnqueuePhoto(t.Context(), photo.Claim{ID: photo.NewID(), Revision: 1}))
	atWork, goOn, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	stop := serve(t, url, Photos, func(ctx context.Context, _ *asynq.Task) error {
		close(atWork)
		<-goOn
		done <- ctx.Err()
		return nil
	})
	<-atWork
	time.AfterFunc(50*time.Millisecond, func() { close(goOn) })
	stop()
	if err := <-done; err != nil {
		t.Errorf("the task was cut off: %v", err)
	}
	if diff := cmp.Diff(metrics.Depth{Queue: Photos}, depth(t, q, Photos)); diff != "" {
		t.Error(diff)
	}
}

func TestAServerCutsOffWhatDoesNotEnd(t *testing.T) {
	url := testservers.Redis(t)
	q := newQueue(t, url)
	must(t, q.EnqueuePhoto(t.Context(), photo.Claim{ID: photo.NewID(), Revision: 1}))
	atWork, cause := make(chan struct{}), make(chan error, 1)
	stop := serve(t, url, Photos, func(ctx context.Context, _ *asynq.Task) error {
		close(atWork)
		<-ctx.Done()
		cause <- context.Cause(ctx)
		return nil // handed back
	})
	<-atWork
	began := time.Now()
	stop()
	if err := <-cause; !errors.Is(err, ErrStopping) {
		t.Errorf("the task was ended by %v", err)
	}
	if took := time.Since(began); took > 9*time.Second {
		t.Errorf("the stop took %s", took)
	}
}

func TestAServerWithoutRedisStopsInTime(t *testing.T) {
	server := testservers.StartRedis(t)
	q := newQueue(t, server.URL)
	must(t, q.EnqueuePhoto(t.Context(), photo.Claim{ID: photo.NewID(), Revision: 1}))
	ran := make(chan struct{})
	stop := serve(t, server.URL, Photos, func(context.Context, *asynq.Task) error { close(ran); return nil })
	<-ran
	server.Stop()
	began := time.Now()
	stop()
	if took := time.Since(began); took > 9*time.Second {
		t.Errorf("the stop took %s", took)
	}
}

func TestAPayloadFromElsewhereIsRefused(t *testing.T) {
	for _, b := range []string{"", "{}", `{"id":"../../etc","revision":1}`, `{"id":"abcdefghijklmnopqrstuvwxyz","revision":0}`, `[1]`} {
		if c, err := ParsePhoto([]byte(b)); err == nil {
			t.Errorf("%s is read as %+v", b, c)
		}
	}
}

func TestABadAddressIsNotRepeated(t *testing.T) {
	_, err := ParseRedis("http://user:secret@host")
	if err == nil || cmp.Diff(err.Error(), "the address of Redis is not of the form redis://HOST:PORT/DB") != "" {
		t.Errorf("%v", err)
	}
}
