package tracing

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	sdk "go.opentelemetry.io/otel/sdk/trace"

	"github.com/passportphotogenie/passportphotogenie/internal/config"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
)

// open traces to an endpoint, with settings in the place of the defaults.
func open(t *testing.T, endpoint string, settings ...string) *Tracing {
	t.Helper()
	environ := map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint}
	for i := 0; i < len(settings); i += 2 {
		environ[settings[i]] = settings[i+1]
	}
	cfg, err := config.Load(config.API, environ)
	if err != nil {
		t.Fatal(err)
	}
	traces, err := Open(t.Context(), Options{Config: cfg, Process: "api", Version: "v1", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = traces.Close() })
	return traces
}

func shut(t *testing.T, traces *Tracing) {
	t.Helper()
	if err := traces.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestATraceGoesOnWhereAnEntryIsTaken(t *testing.T) {
	collector := testservers.StartCollector(t)
	traces := open(t, collector.URL, "OTEL_EXPORTER_OTLP_HEADERS", "api-key=a%20secret")
	tracer := traces.Tracer()
	ctx, request := tracer.Serve(t.Context(), "POST", "/v1/photos")
	id := ID(ctx)
	_, sending, headers := tracer.Send(ctx, "enqueue", Queue("default"))
	sending.End(nil)
	request.End(nil)
	taken, task := tracer.Receive(t.Context(), headers, "work", Retries(1))
	if ID(taken) != id || len(id) != 32 {
		t.Errorf("the traces are %q and %q", id, ID(taken))
	}
	task.End(errors.New("a face of anna@example.org"))
	shut(t, traces)

	by := map[string]testservers.Span{}
	for _, s := range collector.Spans() {
		by[s.Name] = s
		if s.Service != "passportphoto-api" || s.Resource["service.version"] != "v1" {
			t.Errorf("%s is of %v", s.Name, s.Resource)
		}
	}
	if by["work"].Parent != by["enqueue"].ID || by["enqueue"].Parent != by["POST /v1/photos"].ID || by["POST /v1/photos"].Parent != "" {
		t.Errorf("the tree is %+v", by)
	}
	if w := by["work"]; !w.Failed || w.Message != "" || w.Extras != 0 || w.Attributes["queue.waited_ms"] == "" {
		t.Errorf("the failed work says %+v", w)
	}
	if h := collector.Headers(); len(h) == 0 || h[0].Get("Api-Key") != "a secret" {
		t.Errorf("the collector got the headers %v", h)
	}
}

func TestWhereNothingIsConfiguredNothingIsTraced(t *testing.T) {
	tracer := open(t, "").Tracer()
	ctx, span := tracer.Begin(t.Context(), "work", Queue("default"))
	span.Note(Status(200))
	span.End(errors.New("no"))
	tracer.Past(ctx, "step", time.Now(), time.Now())
	_, _, headers := tracer.Send(ctx, "enqueue")
	if ctx != t.Context() || headers != nil || ID(ctx) != "" {
		t.Errorf("there is a trace: %q, %v", ID(ctx), headers)
	}
}

func TestATraceThatIsNotKeptIsNotKeptElsewhereEither(t *testing.T) {
	collector := testservers.StartCollector(t)
	none := open(t, collector.URL, "OTEL_TRACES_SAMPLER", "parentbased_traceidratio", "OTEL_TRACES_SAMPLER_ARG", "0")
	all := open(t, collector.URL)
	ctx, request := none.Tracer().Serve(t.Context(), "POST", "/v1/photos")
	_, sending, headers := none.Tracer().Send(ctx, "enqueue")
	taken, task := all.Tracer().Receive(t.Context(), headers, "work")
	if ID(ctx)+ID(taken) != "" {
		t.Error("something is kept")
	}
	task.End(nil)
	sending.End(nil)
	request.End(nil)
	shut(t, none)
	shut(t, all)
	if got := collector.Spans(); len(got) > 0 {
		t.Errorf("the collector got %+v", got)
	}
}

// A trace is worth nothing to whoever waits for a photo.
func TestACollectorThatHangsOrIsAwayHoldsUpNobody(t *testing.T) {
	hangs, err := net.Listen("tcp", "127.0.0.1:0") // takes connections and never answers
	if err != nil {
		t.Fatal(err)
	}
	defer hangs.Close()
	away, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = away.Close()
	for name, endpoint := range map[string]string{"hangs": hangs.Addr().String(), "is away": away.Addr().String()} {
		traces := open(t, "http://"+endpoint)
		began := time.Now()
		const more = 10_000 // than the buffer holds
		for range more {
			_, span := traces.Tracer().Serve(context.Background(), "GET", "/")
			span.End(nil)
		}
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("%s: %d spans took %s", name, more, took)
		}
		began = time.Now()
		shut(t, traces)
		if took := time.Since(began); took > 2*FlushLimit {
			t.Errorf("%s: the end took %s", name, took)
		}
	}
}

func TestThatTheCollectorTakesNothingIsSaidOnce(t *testing.T) {
	var said strings.Builder
	e := &exports{SpanExporter: failing{}, log: slog.New(slog.NewTextHandler(&said, nil))}
	for range 3 {
		if err := e.ExportSpans(t.Context(), nil); err != nil {
			t.Error(err)
		}
	}
	if got := strings.Count(said.String(), "the collector takes no traces"); got != 1 {
		t.Errorf("said %d times: %s", got, said.String())
	}
}

type failing struct{ sdk.SpanExporter }

func (failing) ExportSpans(context.Context, []sdk.ReadOnlySpan) error { return errors.New("no") }
