package httpapi_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hibiken/asynq"

	"github.com/passportphotogenie/passportphotogenie/internal/backlog"
	"github.com/passportphotogenie/passportphotogenie/internal/httpapi"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/tasks"
)

// heldBack refuses photos while some have waited for a while, which is short here.
func heldBack(t *testing.T, s *service) *service {
	t.Helper()
	w := backlog.NewWatch(backlog.Options{
		Queue: s.queue, Limits: backlog.Limits{"": 50 * time.Millisecond, photo.Bulk: time.Hour}, Now: time.Now, Every: 20 * time.Millisecond,
	})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { w.Run(ctx); close(ended) }()
	t.Cleanup(func() { cancel(); <-ended })
	s.start(s.options, func(o *httpapi.Options) { o.Backlog = w })
	return s
}

// works empties the queues as fast as it can until the test ends, and says whose turn
// it is.
func (s *service) works(turn func(photo.ID)) {
	s.Helper()
	where, err := tasks.ParseRedis(s.redis.URL)
	s.must(err)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- tasks.Serve(ctx, where, tasks.ServeOptions{Queue: tasks.Photos, Aside: tasks.Bulk, Concurrency: 2, Poll: 5 * time.Millisecond, Log: slog.New(slog.DiscardHandler)},
			asynq.HandlerFunc(func(_ context.Context, task *asynq.Task) error {
				c, err := tasks.ParsePhoto(task.Payload())
				turn(c.ID)
				return err
			}))
	}()
	s.Cleanup(func() {
		cancel()
		s.must(<-ended)
	})
}

// refused waits until photos are no longer taken and returns the answer.
func (s *service) refused() (r reply) {
	s.Helper()
	s.until("photos are refused", func() bool {
		r = s.postTo("")
		return r.StatusCode != http.StatusAccepted
	})
	return r
}

func TestPhotosThatCanNotBeMadeInTimeAreNotTakenUntilTheyCan(t *testing.T) {
	s := heldBack(t, newService(t))
	first := s.postTo("", "Idempotency-Key", idempotencyKey)
	var was, again accepted
	first.decode(t, &was)
	r := s.refused() // nobody works
	s.isProblem(r, 503, "too_many_waiting")
	if after, err := strconv.Atoi(r.Header.Get("Retry-After")); err != nil || after < 5 || after > 8 {
		t.Errorf("Retry-After is %q", r.Header.Get("Retry-After"))
	}
	s.postTo("", "Idempotency-Key", idempotencyKey).decode(t, &again)
	if was.ID == "" || again.ID != was.ID || again.Key != was.Key {
		t.Errorf("a repeated upload that was taken gets %+v after %+v", again, was)
	}
	s.isProblem(s.postTo("", "Idempotency-Key", strings.ToUpper(idempotencyKey)), 503, "too_many_waiting")
	if r := s.postTo("?lane=bulk"); r.StatusCode != http.StatusAccepted {
		t.Errorf("the other lane, which has nothing waiting: %d %s", r.StatusCode, r.body)
	}
	rows, _, _ := s.left()

	s.works(func(photo.ID) {})
	s.until("photos are taken again", func() bool { return s.postTo("").StatusCode == http.StatusAccepted })
	if now, _, _ := s.left(); now != rows+1 {
		t.Errorf("%d records are left of those refused", now-rows-1)
	}
}

func TestThePageSaysThatTooManyWait(t *testing.T) {
	s := heldBack(t, newService(t))
	s.upload()
	s.refused()
	body, kind := form(field{"file", "me.jpg", portrait(t)})
	r := s.do(s.request(http.MethodPost, "/photos", body, "Content-Type", kind, "Accept", "text/html"))
	if r.StatusCode != 503 || r.Header.Get("Retry-After") == "" || !strings.Contains(string(r.body), "So many photos are waiting at the moment") || !strings.Contains(string(r.body), "<form") {
		t.Errorf("got %d, Retry-After %q: %s", r.StatusCode, r.Header.Get("Retry-After"), r.body)
	}
}

func TestAnUploadIsRefusedBeforeItsPictureIsSent(t *testing.T) {
	s := heldBack(t, newService(t))
	s.upload()
	s.refused()
	c, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	s.must(err)
	defer func() { _ = c.Close() }()
	_, err = io.WriteString(c, "POST /v1/photos HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 4000000\r\n\r\n")
	s.must(err)
	s.must(c.SetReadDeadline(time.Now().Add(5 * time.Second)))
	b := make([]byte, 64)
	n, err := c.Read(b)
	if err != nil || !strings.HasPrefix(string(b[:n]), "HTTP/1.1 503") {
		t.Errorf("got %q, error %v", b[:n], err)
	}
}

func TestWithoutRedisPhotosAreTakenHoweverManyWait(t *testing.T) {
	s := heldBack(t, newService(t))
	s.upload()
	s.refused()
	s.redis.Stop()
	s.until("photos are taken", func() bool { return s.postTo("").StatusCode == http.StatusAccepted })
}
