package ops

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func serve(t *testing.T, checks ...Check) (url string) {
	t.Helper()
	s, err := Listen(Options{
		Addr: "127.0.0.1:0", Checks: checks, Log: slog.New(slog.DiscardHandler),
		Metrics: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "figures") }),
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the end: %v", err)
		}
	})
	return "http://" + s.Addr()
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, strings.TrimSpace(string(b))
}

func TestReadinessNamesWhatFails(t *testing.T) {
	var up atomic.Bool
	url := serve(t,
		Check{"sql", func(context.Context) error { return nil }},
		Check{"redis", func(context.Context) error {
			if up.Load() {
				return nil
			}
			return errors.New("secret address refused")
		}})
	if code, body := get(t, url+"/readyz"); code != 503 || body != `{"ready":false,"failing":["redis"]}` {
		t.Errorf("%d %s", code, body)
	}
	if code, body := get(t, url+"/healthz"); code != 200 || body != `{"alive":true}` {
		t.Errorf("it lives all the same: %d %s", code, body)
	}
	up.Store(true)
	if code, body := get(t, url+"/readyz"); code != 200 || body != `{"ready":true}` {
		t.Errorf("%d %s", code, body)
	}
}

func TestACheckThatHangsFails(t *testing.T) {
	hang := make(chan struct{})
	t.Cleanup(func() { close(hang) })
	url := serve(t, Check{"blobs", func(context.Context) error { <-hang; return nil }})
	began := time.Now()
	if code, body := get(t, url+"/readyz"); code != 503 || !strings.Contains(body, "blobs") {
		t.Errorf("%d %s", code, body)
	}
	if took := time.Since(began); took > 2*checkLimit {
		t.Errorf("it took %s", took)
	}
}

func TestFiguresAndProfilesAreServed(t *testing.T) {
	url := serve(t)
	if code, body := get(t, url+"/metrics"); code != 200 || body != "figures" {
		t.Errorf("%d %s", code, body)
	}
	if code, body := get(t, url+"/debug/pprof/goroutine?debug=1"); code != 200 || !strings.Contains(body, "goroutine profile") {
		t.Errorf("%d %s", code, body)
	}
}

func TestATakenAddressIsAnError(t *testing.T) {
	url := serve(t)
	_, err := Listen(Options{Addr: strings.TrimPrefix(url, "http://")})
	if err == nil {
		t.Error("two processes listen on one address")
	}
}

func TestAProcessThatStopsIsSeenToUntilItHasStopped(t *testing.T) {
	s, err := Listen(Options{Addr: "127.0.0.1:0", Drain: &Drain{}, Metrics: http.NotFoundHandler(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	url := "http://" + s.Addr()
	ctx, signal := context.WithCancel(t.Context())
	stopped, finish, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		ended <- s.While(ctx, func(ctx context.Context) error {
			<-ctx.Done()
			close(stopped)
			<-finish
			return errors.New("it broke at the end")
		})
	}()
	if code, body := get(t, url+"/readyz"); code != http.StatusOK {
		t.Errorf("%d %s", code, body)
	}
	signal()
	<-stopped
	for path, want := range map[string]int{"/readyz": 503, "/healthz": 200} {
		if code, body := get(t, url+path); code != want || want == 503 && !strings.Contains(body, "stopping") {
			t.Errorf("while it stops %s says %d %s", path, code, body)
		}
	}
	close(finish)
	if err := <-ended; err == nil || err.Error() != "it broke at the end" {
		t.Errorf("the end: %v", err)
	}
}
