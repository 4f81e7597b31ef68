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
	"github.com/passportphotogenie/passportphotogenie/internal/redisurl"
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
		ended <- Serve(ctx, parse(t, url), ServeOptions{Queue: queue, Concurrency: 1, Poll: 10 * time.Millisecond, Log: slog.New(slog.DiscardHandler), Grace: 5 * time.Second}, h)
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
			d.Oldest, d.Processes, d.Slots, d.Tries, d.Failures = 0, 0, 0, 0, 0
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

// anyNumber of entries may be found.
func anyNumber(int) error { return nil }

func TestForgettingAPhotoLeavesNoEntryInAnyState(t *testing.T) {
	url := testservers.Redis(t)
	q := newQueue(t, url)
	mine, other := photo.NewID(), photo.Claim{ID: photo.NewID(), Revision: 1}
	put := func(attempt int, options ...asynq.Option) {
		t.Helper()
		c := photo.Claim{ID: mine, Revision: 2, Attempt: attempt}
		b, err := photoPayload(c)
		must(t, err)
		_, err = q.client.EnqueueContext(t.Context(), asynq.NewTask(PhotoType, b),
			append(options, asynq.TaskID(photoTaskID(c)), asynq.Queue(Photos), asynq.MaxRetry(photoRetries))...)
		must(t, err)
	}
	const archived, retrying, completed, pending, scheduled, aggregating = 0, 1, 2, 3, 4, 5
	put(archived)
	put(retrying)
	put(completed, asynq.Retention(time.Hour))
	stop := serve(t, url, Photos, func(_ context.Context, task *asynq.Task) error {
		switch c, _ := ParsePhoto(task.Payload()); c.Attempt {
		case archived:
			return asynq.SkipRetry
		case retrying:
			return errors.New("later")
		}
		return nil
	})
	states := func() asynq.QueueInfo {
		info, err := q.inspector.GetQueueInfo(Photos)
		must(t, err)
		return *info
	}
	eventually(t, func() bool { d := states(); return d.Archived == 1 && d.Retry == 1 && d.Completed == 1 })
	stop()
	put(pending)
	put(scheduled, asynq.ProcessIn(time.Hour))
	put(aggregating, asynq.Group("any"))
	must(t, q.EnqueuePhoto(t.Context(), other))
	if d := states(); d.Size != 7 || d.Scheduled != 1 || d.Aggregating != 1 || d.Pending != 2 {
		t.Fatalf("the test has not put an entry into every state: %+v", d)
	}

	told := 0
	must(t, q.ForgetPhoto(t.Context(), mine, 2, func(n int) error { told += n; return nil }))
	d := states()
	if d.Size != 1 || d.Pending != 1 || d.Completed != 0 || told != 6 {
		t.Errorf("%d entries were told of; left: %+v", told, d)
	}
	keys, err := q.redis.Keys(t.Context(), "*"+string(mine)+"*").Result()
	must(t, err)
	if len(keys) != 0 {
		t.Errorf("left: %v", keys)
	}
	must(t, q.ForgetPhoto(t.Context(), mine, 2, func(n int) error { t.Errorf("the second time there are %d", n); return nil }))
}

func TestNothingIsForgottenThatCouldNotBeNoted(t *testing.T) {
	q := newQueue(t, testservers.Redis(t))
	c := photo.Claim{ID: photo.NewID(), Revision: 1}
	must(t, q.EnqueuePhoto(t.Context(), c))
	full := errors.New("the disk is full")
	if err := q.ForgetPhoto(t.Context(), c.ID, 1, func(int) error { return full }); !errors.Is(err, full) {
		t.Errorf("got %v", err)
	}
	if diff := cmp.Diff(metrics.Depth{Queue: Photos, Pending: 1}, depth(t, q, Photos)); diff != "" {
		t.Error(diff)
	}
}

func TestAnEntryAtWorkIsForgottenWhenItHasEnded(t *testing.T) {
	url := testservers.Redis(t)
	q := newQueue(t, url)
	c := photo.Claim{ID: photo.NewID(), Revision: 1}
	must(t, q.EnqueuePhoto(t.Context(), c))
	atWork, goOn := make(chan struct{}), make(chan struct{})
	serve(t, url, Photos, func(context.Context, *asynq.Task) error { close(atWork); <-goOn; return nil })
	<-atWork
	if err := q.ForgetPhoto(t.Context(), c.ID, 1, anyNumber); !errors.Is(err, errActive) {
		t.Errorf("while it runs: %v", err)
	}
	close(goOn)
	eventually(t, func() bool { return q.ForgetPhoto(t.Context(), c.ID, 1, anyNumber) == nil })
	if diff := cmp.Diff(metrics.Depth{Queue: Photos}, depth(t, q, Photos)); diff != "" {
		t.Error(diff)
	}
}

func TestEntriesAreFoundAfterRedisLostEverything(t *testing.T) {
	server := testservers.StartRedis(t)
	q := newQueue(t, server.URL)
	c := photo.Claim{ID: photo.NewID(), Revision: 1}
	must(t, q.EnqueuePhoto(t.Context(), c))
	server.Stop()
	server.Start(t)
	must(t, q.EnqueuePhoto(t.Context(), c))
	must(t, q.ForgetPhoto(t.Context(), c.ID, 1, anyNumber))
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
	if at, some, err := q.OldestArchived(t.Context()); err != nil || !some || time.Since(at).Abs() > time.Minute {
		t.Errorf("the oldest failed at %v, %t, %v", at, some, err)
	}
	n, err = q.PurgeArchived(t.Context(), time.Now().Add(2*time.Second))
	if err != nil || n != pageSize+5 {
		t.Errorf("old entries: %d, %v", n, err)
	}
	if _, some, err := q.OldestArchived(t.Context()); err != nil || some {
		t.Errorf("there is an oldest: %t, %v", some, err)
	}
	if diff := cmp.Diff(metrics.Depth{Queue: Photos, Pending: 1}, depth(t, q, Photos)); diff != "" {
		t.Error(diff)
	}
}

func TestWhoServesAQueueIsSeenUntilItStops(t *testing.T) {
	url := testservers.Redis(t)
	q := newQueue(t, url)
	served := func() (processes, slots int) {
		all, err := q.Depths(t.Context())
		must(t, err)
		for _, d := range all {
			if d.Queue == Mail {
				return d.Processes, d.Slots
			}
		}
		return -1, -1
	}
	if n, _ := served(); n != 0 {
		t.Errorf("before: %d", n)
	}
	stop := serve(t, url, Mail, func(context.Context, *asynq.Task) error { return nil })
	eventually(t, func() bool { n, slots := served(); return n == 1 && slots == 1 })
	stop()
	eventually(t, func() bool { n, _ := served(); return n == 0 })
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
		"forget":  q.ForgetPhoto(ctx, photo.NewID(), 1, anyNumber), "purge": purge, "depths": depths,
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
	if took := time.Since(began); took > 6*time.Second {
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
	if took := time.Since(began); took > 6*time.Second {
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
	if err == nil || cmp.Diff(err.Error(), "the address of Redis: "+redisurl.ErrForm.Error()) != "" {
		t.Errorf("%v", err)
	}
}

func TestTriesAndThoseThatFailedAreCounted(t *testing.T) {
	url := testservers.Redis(t)
	q := newQueue(t, url)
	for range 3 {
		must(t, q.EnqueuePhoto(t.Context(), photo.Claim{ID: photo.NewID(), Revision: 1}))
	}
	first := true
	stop := serve(t, url, Photos, func(context.Context, *asynq.Task) error {
		if first {
			first = false
			return asynq.SkipRetry
		}
		return nil
	})
	eventually(t, func() bool { return depth(t, q, Photos).Pending == 0 && depth(t, q, Photos).Active == 0 })
	stop()
	all, err := q.Depths(t.Context())
	must(t, err)
	for _, d := range all {
		if d.Queue == Photos && (d.Tries != 3 || d.Failures != 1) {
			t.Errorf("%d tries, %d failed", d.Tries, d.Failures)
		}
	}
}

func TestAnEntryIsOfThePeriodInItsName(t *testing.T) {
	period := time.Date(2026, 3, 1, 0, 1, 0, 0, time.UTC)
	if got := PeriodOf(jobTaskID("expire", period.In(time.FixedZone("", 3600)))); !got.Equal(period) {
		t.Errorf("it is of %s", got)
	}
	if got := PeriodOf("photo:abc:1:1"); !got.IsZero() {
		t.Errorf("a photo's is of %s", got)
	}
}
