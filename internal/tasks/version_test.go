package tasks

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hibiken/asynq"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
)

func TestAPayloadSaysItsVersionAndOneThatSaysNoneIsTheFirst(t *testing.T) {
	c := photo.Claim{ID: photo.NewID(), Revision: 3, Attempt: 2}
	b, err := photoPayload(c)
	if err != nil || versionOf(b) != Version || !strings.HasPrefix(string(b), `{"v":1,"id":"`) {
		t.Errorf("%s, %v", b, err)
	}
	if got, err := ParsePhoto(b); err != nil || got != c {
		t.Errorf("read as %+v, %v", got, err)
	}
	for payload, version := range map[string]int{`{"id":"x"}`: 1, "": 1, "[": 1, `{"v":7}`: 7, `{"v":"seven"}`: 1} {
		if got := versionOf([]byte(payload)); got != version {
			t.Errorf("%s has version %d", payload, got)
		}
	}
	if shown := Describe(PhotoType, b); shown != fmt.Sprintf(`{"id":%q,"revision":3,"attempt":2}`, c.ID) {
		t.Errorf("operators see %s", shown)
	}
}

// sideBySide is an old and a new worker on one queue.
type sideBySide struct {
	*testing.T
	url string
	mu  sync.Mutex
	ran map[string][]string // by photo, who ran its tasks
	log bytes.Buffer        // of the old worker
}

func (s *sideBySide) start(who string, version int, log *slog.Logger) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- serveVersion(ctx, parse(s.T, s.url), ServeOptions{Queue: Photos, Concurrency: 2, Poll: 5 * time.Millisecond, Log: log}, asynq.HandlerFunc(func(_ context.Context, task *asynq.Task) error {
			c, err := ParsePhoto(task.Payload())
			if err != nil {
				return err
			}
			s.mu.Lock()
			defer s.mu.Unlock()
			s.ran[string(c.ID)] = append(s.ran[string(c.ID)], who)
			return nil
		}), version)
	}()
	return sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			s.Error(err)
		}
	})
}

func (s *sideBySide) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.ran)
}

func TestOldAndNewWorkersSideBySideLoseNothing(t *testing.T) {
	s := &sideBySide{T: t, url: testservers.Redis(t), ran: map[string][]string{}}
	q := newQueue(t, s.url)
	const each = 20
	newer := map[string]bool{}
	for i := range 2 * each {
		c := photo.Claim{ID: photo.NewID(), Revision: 1}
		b, err := photoPayload(c)
		if err != nil {
			t.Fatal(err)
		}
		// A new API stands beside an old one; some tasks must not be tried again.
		retries := photoRetries
		if newer[string(c.ID)] = i%2 == 1; newer[string(c.ID)] {
			b, retries = bytes.Replace(b, []byte(`"v":1`), []byte(`"v":2`), 1), giveBack
		}
		if err := q.enqueueOnce(t.Context(), asynq.NewTask(PhotoType, b, asynq.MaxRetry(retries)), Photos, photoTaskID(c)); err != nil {
			t.Fatal(err)
		}
	}
	stopOld := s.start("old", 1, slog.New(slog.NewTextHandler(&s.log, nil)))
	t.Cleanup(stopOld)
	// Each of the others has been given back, and some come again.
	eventually(t, func() bool { return s.count() == each && depth(t, q, Photos).Retry == each })
	eventually(t, func() bool { return depth(t, q, Photos).Retry < each })
	stopNew := s.start("new", 2, slog.New(slog.DiscardHandler))
	t.Cleanup(stopNew)
	eventually(t, func() bool { return s.count() == 2*each })
	stopOld()
	stopNew()
	for id, who := range s.ran {
		if len(who) != 1 || newer[id] && who[0] != "new" {
			t.Errorf("a task, for newer workers: %v, was run by %v", newer[id], who)
		}
	}
	info, err := q.inspector.GetQueueInfo(Photos)
	if err != nil || info.Failed != 0 || info.Size != 0 || info.Archived != 0 {
		t.Errorf("the queue is %+v, %v", info, err)
	}
	if lines := strings.Count(s.log.String(), "\n"); lines != 1 || !strings.Contains(s.log.String(), "newer") {
		t.Errorf("the old worker said:\n%s", s.log.String())
	}
}

func TestWhatMustNotBeTriedAgainIsNotWhenItFails(t *testing.T) {
	url := testservers.Redis(t)
	q, tries := newQueue(t, url), make(chan int, 10)
	serve(t, url, Maintenance, func(context.Context, *asynq.Task) error { tries <- 1; return errors.New("broken") })
	if err := q.EnqueueJob(t.Context(), "look", time.Now().Truncate(time.Minute), time.Minute); err != nil {
		t.Fatal(err)
	}
	eventually(t, func() bool { return depth(t, q, Maintenance).Archived == 1 })
	if len(tries) != 1 {
		t.Errorf("it was tried %d times", len(tries))
	}
}

func TestAJobThatAnOldSchedulerDoesNotKnowIsLeftToANewOne(t *testing.T) {
	url, now := testservers.Redis(t), time.Now()
	q, ran, old := newQueue(t, url), make(chan string, 10), true
	var mu sync.Mutex
	serve(t, url, Maintenance, func(ctx context.Context, task *asynq.Task) error {
		mu.Lock()
		defer mu.Unlock()
		if old {
			return UnknownJob(ctx, now)
		}
		ran <- task.Type()
		return nil
	})
	for name, period := range map[string]time.Time{"added": now.UTC().Truncate(24 * time.Hour), "removed": now.Add(-26 * time.Hour)} {
		if err := q.EnqueueJob(t.Context(), name, period, 48*time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, func() bool { d := depth(t, q, Maintenance); return d.Retry == 1 && d.Archived == 1 })
	mu.Lock()
	old = false
	mu.Unlock()
	if name := <-ran; name != JobType+"added" {
		t.Errorf("%s was run", name)
	}
}
