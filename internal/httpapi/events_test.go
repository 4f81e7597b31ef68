package httpapi_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// watcher reads one event stream.
type watcher struct {
	s     *service
	resp  *http.Response
	lines *bufio.Scanner
}

func (s *service) watch(a accepted) *watcher {
	s.Helper()
	ctx, cancel := context.WithTimeout(s.Context(), 20*time.Second)
	s.Cleanup(cancel)
	resp, err := http.DefaultClient.Do(s.request(http.MethodGet, a.path("/events"), nil, a.bearer()...).WithContext(ctx))
	s.must(err)
	s.Cleanup(func() { _ = resp.Body.Close() })
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "text/event-stream" {
		s.Fatalf("events: %d %s", resp.StatusCode, resp.Header.Get("Content-Type"))
	}
	return &watcher{s, resp, bufio.NewScanner(resp.Body)}
}

// next returns the next event; false at the end of the stream.
func (w *watcher) next() (photo.Event, bool) {
	w.s.Helper()
	named := false
	for w.lines.Scan() {
		line := w.lines.Text()
		named = named || line == "event: status"
		if data, ok := strings.CutPrefix(line, "data: "); ok {
			var e photo.Event
			w.s.must(json.Unmarshal([]byte(data), &e))
			if !named {
				w.s.Error("an event without its name")
			}
			return e, true
		}
	}
	return photo.Event{}, false
}

func (w *watcher) want(want photo.Event) {
	w.s.Helper()
	if got, ok := w.next(); !ok || got != want {
		w.s.Fatalf("got event %+v (%v), want %+v", got, ok, want)
	}
}

func TestAWatcherSeesTheStateAndThenWhatHappens(t *testing.T) {
	s := newService(t)
	a := s.upload()
	w := s.watch(a)
	w.want(photo.Event{Status: photo.Queued, Revision: 1})
	for _, e := range []photo.Event{
		{Status: photo.Processing, Step: photo.StepDecode, Revision: 1},
		{Status: photo.Processing, Step: photo.StepRender, Revision: 1},
		{Status: photo.Ready, Revision: 1},
	} {
		s.must(s.news.Publish(t.Context(), photo.ID(a.ID), e))
		w.want(e)
	}
	if e, more := w.next(); more {
		t.Errorf("after ready came %+v", e)
	}
}

func TestAWatcherOfASettledPhotoSeesThatAtOnce(t *testing.T) {
	s := newService(t)
	a := s.upload()
	s.finish(a, "a picture")
	w := s.watch(a)
	w.want(photo.Event{Status: photo.Ready, Revision: 1})
	if e, more := w.next(); more {
		t.Errorf("after ready came %+v", e)
	}
}

func TestAWatcherLearnsTheOutcomeWhileRedisIsDown(t *testing.T) {
	s := newService(t)
	a := s.upload()
	s.redis.Stop()
	w := s.watch(a)
	w.want(photo.Event{Status: photo.Queued, Revision: 1})
	s.finish(a, "a picture")
	w.want(photo.Event{Status: photo.Ready, Revision: 1})
}

func TestAShutdownEndsTheStreams(t *testing.T) {
	s := newService(t)
	w := s.watch(s.upload())
	w.want(photo.Event{Status: photo.Queued, Revision: 1})
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if err := s.server.Shutdown(ctx); err != nil {
		t.Errorf("shutdown: %v", err)
	}
	if e, more := w.next(); more {
		t.Errorf("after the shutdown came %+v", e)
	}
}
