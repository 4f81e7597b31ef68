package metrics

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/config"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/tracing"
)

// traced is a context in a trace that is kept, or would be if somebody took it.
func traced(t *testing.T) context.Context {
	t.Helper()
	cfg, err := config.Load(config.API, map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"})
	if err != nil {
		t.Fatal(err)
	}
	traces, err := tracing.Open(t.Context(), tracing.Options{Config: cfg, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = traces.Close() })
	ctx, _ := traces.Tracer().Serve(t.Context(), "GET", "/")
	return ctx
}

func TestATimeThatWasTakenInATraceLeadsToIt(t *testing.T) {
	m, ctx := New("worker", "v1"), traced(t)
	api, worker := m.NewAPI(), m.NewWorker()
	api.Request(ctx, "GET", "/in", 200, time.Millisecond)
	api.Request(t.Context(), "GET", "/outside", 200, time.Millisecond)
	worker.Step(ctx, photo.StepDetect, time.Second)
	worker.Settled(ctx, photo.Ready, "", time.Second)
	r, w := httptest.NewRequest("GET", "/metrics", nil), httptest.NewRecorder()
	r.Header.Set("Accept", "application/openmetrics-text; version=1.0.0")
	m.Handler().ServeHTTP(w, r)
	if kind := w.Header().Get("Content-Type"); !strings.HasPrefix(kind, "application/openmetrics-text") {
		t.Errorf("the figures are %s", kind)
	}
	lead := map[string]int{}
	for line := range strings.Lines(w.Body.String()) {
		if name, rest, _ := strings.Cut(line, "{"); strings.Contains(rest, ` # {trace_id="`+tracing.ID(ctx)+`"}`) {
			lead[name]++
			if strings.Contains(line, "/outside") {
				t.Errorf("a time outside of a trace leads to one: %s", line)
			}
		}
	}
	for _, name := range []string{httpSeconds, stepSeconds, photoWaitSeconds} {
		if lead[name+"_bucket"] != 1 {
			t.Errorf("%d times of %s lead to the trace", lead[name+"_bucket"], name)
		}
	}
}

// OpenMetrics ends the name of each counter in _total, whether it had that or not: a
// figure would have two names.
func TestAFigureHasOneNameInBothForms(t *testing.T) {
	m := New("api", "v1")
	m.NewAPI().Refused("too_large")
	m.NewErasures().Erased("expiry", nil)
	m.NewAccessLog().Logged(1)
	m.NewKeys().KeyError("store")
	m.NewStudios().ChildStarted()
	families, err := m.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetType().String() == "COUNTER" && !strings.HasSuffix(f.GetName(), "_total") {
			t.Errorf("%s is a counter", f.GetName())
		}
	}
}
