package tasks

import (
	"log/slog"
	"regexp"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/config"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
	"github.com/passportphotogenie/passportphotogenie/internal/tracing"
)

func TestAnEntryCarriesItsTraceAndATimeBesideItsPayloadAndNothingOutsideOfATrace(t *testing.T) {
	q := newQueue(t, testservers.Redis(t))
	cfg, err := config.Load(config.API, map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"})
	must(t, err)
	traces, err := tracing.Open(t.Context(), tracing.Options{Config: cfg, Log: slog.New(slog.DiscardHandler)})
	must(t, err)
	t.Cleanup(func() { _ = traces.Close() })
	q.Trace(traces.Tracer())
	ctx, _ := traces.Tracer().Serve(t.Context(), "POST", "/v1/photos")
	inside, outside := photo.Claim{ID: photo.NewID(), Revision: 1}, photo.Claim{ID: photo.NewID(), Revision: 1}
	must(t, q.EnqueuePhoto(ctx, inside))
	must(t, q.EnqueuePhoto(t.Context(), outside))
	info, err := q.inspector.GetTaskInfo(Photos, photoTaskID(inside))
	must(t, err)
	forms := map[string]string{"traceparent": `^00-` + tracing.ID(ctx) + `-[0-9a-f]{16}-01$`, "sent-at-ms": `^\d{13}$`}
	for name, value := range info.Headers {
		if form := forms[name]; form == "" || !regexp.MustCompile(form).MatchString(value) {
			t.Errorf("%s is %q", name, value)
		}
	}
	if c, err := ParsePhoto(info.Payload); err != nil || c != inside || len(info.Headers) != len(forms) {
		t.Errorf("%v, %v, %v", c, err, info.Headers)
	}
	info, err = q.inspector.GetTaskInfo(Photos, photoTaskID(outside))
	must(t, err)
	if len(info.Headers) > 0 {
		t.Errorf("outside of a trace: %v", info.Headers)
	}
}
