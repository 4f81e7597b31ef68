package logging

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/config"
	"github.com/passportphotogenie/passportphotogenie/internal/tracing"
)

func TestALineAboutSomethingThatIsTracedLeadsToTheTrace(t *testing.T) {
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
	var b bytes.Buffer
	l := New(Options{Out: &b, Process: "api"})
	l.InfoContext(ctx, "inside")
	l.InfoContext(t.Context(), "outside")
	inside, outside, _ := strings.Cut(b.String(), "outside")
	if !strings.Contains(inside, "trace_id="+tracing.ID(ctx)+"\n") || strings.Contains(outside, "trace_id") {
		t.Errorf("logged %s", b.String())
	}
}
