package tasks_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"github.com/passportphotogenie/passportphotogenie/internal/metrics"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/preview"
	"github.com/passportphotogenie/passportphotogenie/internal/progress"
	"github.com/passportphotogenie/passportphotogenie/internal/queuepages"
	"github.com/passportphotogenie/passportphotogenie/internal/ratelimit"
	"github.com/passportphotogenie/passportphotogenie/internal/tasks"
	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
)

// onRedis is what all processes do with one Redis.
type onRedis struct {
	*testing.T
	redis  tasks.Redis
	queue  *tasks.Queue
	client redis.UniversalClient
}

func (r onRedis) ok(what string, err error) {
	r.Helper()
	if err != nil {
		r.Fatalf("%s: %v", what, err)
	}
}

func TestEverythingWorksOnEveryKindOfRedis(t *testing.T) {
	for kind, url := range testservers.RedisKinds(t) {
		t.Run(kind, func(t *testing.T) {
			where, err := tasks.ParseRedis(url)
			if err != nil {
				t.Fatal(err)
			}
			r := onRedis{t, where, tasks.NewQueue(where), where.Client()}
			t.Cleanup(func() { _ = errors.Join(r.queue.Close(), r.client.Close()) })
			r.ok("ping", r.queue.Ping(t.Context()))
			t.Run("queue", func(t *testing.T) { r.T = t; r.queues() })
			t.Run("news", func(t *testing.T) { r.T = t; r.news() })
			t.Run("previews", func(t *testing.T) { r.T = t; r.previews() })
			t.Run("limits", func(t *testing.T) { r.T = t; r.limits() })
			t.Run("pages", func(t *testing.T) { r.T = t; r.pages() })
		})
	}
}

// serve has a handler serve a queue until the test ends.
func (r onRedis) serve(queue string, h asynq.HandlerFunc) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- tasks.Serve(ctx, r.redis, tasks.ServeOptions{Queue: queue, Concurrency: 2, Poll: 5 * time.Millisecond, Log: slog.New(slog.DiscardHandler)}, h)
	}()
	r.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			r.Error(err)
		}
	})
}

func (r onRedis) depth() metrics.Depth {
	r.Helper()
	all, err := r.queue.Depths(r.Context())
	r.ok("depths", err)
	return all[0] // of photos
}

// queues puts photos in, has one forgotten and one archived, and the rest developed.
func (r onRedis) queues() {
	ctx, served := r.Context(), make(chan photo.ID, 1)
	keep, forget, broken := photo.NewID(), photo.NewID(), photo.NewID()
	for _, id := range []photo.ID{keep, forget, broken, keep} { // once more than once does no harm
		r.ok("enqueue", r.queue.EnqueuePhoto(ctx, photo.Claim{ID: id, Revision: 1}))
	}
	if d := r.depth(); d.Pending != 3 {
		r.Fatalf("the queue is %+v", d)
	}
	entries := 0
	r.ok("forget", r.queue.ForgetPhoto(ctx, forget, 2, func(n int) error { entries = n; return nil }))
	if d := r.depth(); d.Pending != 2 || entries != 1 {
		r.Errorf("after one was forgotten, in %d entries, the queue is %+v", entries, d)
	}
	r.serve(tasks.Photos, func(_ context.Context, task *asynq.Task) error {
		c, err := tasks.ParsePhoto(task.Payload())
		if err == nil && c.ID == broken {
			err = errors.New("broken")
		}
		if err != nil {
			return fmt.Errorf("%w: %w", err, asynq.SkipRetry)
		}
		served <- c.ID
		return nil
	})
	if id := <-served; id != keep {
		r.Errorf("what was served is not what was put in")
	}
	testapp.Eventually(r, 10*time.Second, "one entry is archived", func() bool { d := r.depth(); return d.Archived == 1 && d.Pending+d.Active == 0 })
	if d := r.depth(); d.Processes != 1 || d.Slots != 2 {
		r.Errorf("served by %d processes with %d slots", d.Processes, d.Slots)
	}
	n, err := r.queue.PurgeArchived(ctx, time.Now().Add(time.Hour))
	if err != nil || n != 1 || r.depth().Archived != 0 {
		r.Errorf("purged %d: %v", n, err)
	}
	period := time.Now().Truncate(time.Hour)
	for range 2 {
		r.ok("job", r.queue.EnqueueJob(ctx, "look", period, time.Hour))
	}
	if p := r.queue.Pool(); p.InUse+p.Idle == 0 {
		r.Errorf("the pool is %+v", p)
	}
}

func (r onRedis) news() {
	for range 20 { // on a cluster they belong to one server or another
		id, want := photo.NewID(), photo.Event{Status: photo.Processing, Step: photo.StepDetect, Revision: 1}
		events, stop, err := progress.NewSubscriber(r.client).Subscribe(r.Context(), id)
		r.ok("subscribe", err)
		r.ok("publish", progress.NewPublisher(r.client).Publish(r.Context(), id, want))
		select {
		case got := <-events:
			if got != want {
				r.Errorf("the event is %+v", got)
			}
		case <-time.After(5 * time.Second):
			r.Error("no event came")
		}
		stop()
	}
}

func (r onRedis) previews() {
	taker := preview.NewTaker(r.client)
	r.serve(tasks.Critical, func(ctx context.Context, task *asynq.Task) error {
		id, err := tasks.ParsePreview(task.Payload())
		if err != nil {
			return err
		}
		return taker.Take(ctx, id, func(_ context.Context, p photo.Preview) (preview.Answer, error) {
			return preview.Answer{Report: json.RawMessage(p.Picture)}, nil
		})
	})
	asker := preview.NewAsker(r.client, r.queue, preview.Waits{Offer: 10 * time.Second, Answer: 10 * time.Second})
	for i := range 10 {
		got, err := asker.Look(r.Context(), photo.Preview{Picture: fmt.Append(nil, i)})
		if err != nil || string(got.Report) != fmt.Sprint(i) {
			r.Errorf("preview %d: %s, %v", i, got.Report, err)
		}
	}
}

func (r onRedis) limits() {
	ctx, now := r.Context(), time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	limiter := ratelimit.New(r.client, "visits", ratelimit.Rates{Client: 1, All: 100})
	for i, free := range []bool{true, false} {
		if wait, err := limiter.Allow(ctx, "192.0.2.1"); err != nil || (wait == 0) != free {
			r.Errorf("visit %d waits %s: %v", i+1, wait, err)
		}
	}
	within := r.redis.ClientWithin(5 * time.Second)
	defer func() { _ = within.Close() }()
	tally := ratelimit.NewTally(within, "slips")
	for range 2 {
		r.ok("count", tally.Count(ctx, "somebody", now, time.Minute))
	}
	if times, since, err := tally.Counted(ctx, "somebody"); err != nil || times != 2 || !since.Equal(now) {
		r.Errorf("counted %d since %s: %v", times, since, err)
	}
}

func (r onRedis) pages() {
	pages, err := queuepages.New(queuepages.Options{Redis: r.redis, Root: "/queues", Describe: tasks.Describe})
	r.ok("open the pages", err)
	defer func() { _ = pages.Close() }()
	r.ok("enqueue", r.queue.EnqueuePhoto(r.Context(), photo.Claim{ID: photo.NewID(), Revision: 1}))
	for path, says := range map[string]string{
		"/queues": `"queue":"default"`, "/queues/default": `"pending":1`, "/queues/default/pending_tasks": "photo:develop",
		"/servers": "servers", "/redis_info": `"address"`, "/queue_stats": "default",
	} {
		w := httptest.NewRecorder()
		pages.For(true).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/queues/api"+path, nil))
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), says) {
			r.Errorf("%s: %d %.300s", path, w.Code, w.Body)
		}
	}
}

func TestACertificateFromElsewhereIsRefused(t *testing.T) {
	url := testservers.RedisTLS(t)
	known, _, _ := strings.Cut(url, "?")
	other := known + "?ca=" + testservers.NewCertificate(t).CA
	for _, address := range []string{known, other} {
		r, err := tasks.ParseRedis(address)
		if err != nil {
			t.Fatal(err)
		}
		c := r.Client()
		err = c.Ping(t.Context()).Err()
		if err == nil || !strings.Contains(err.Error(), "certificate") {
			t.Errorf("%s: %v", address, err)
		}
		_ = c.Close()
	}
	for _, file := range []string{"/nowhere", "kinds_test.go"} {
		if _, err := tasks.ParseRedis(known + "?ca=" + file); err == nil || !strings.Contains(err.Error(), "authorities") {
			t.Errorf("the file %s is taken: %v", file, err)
		}
	}
}
