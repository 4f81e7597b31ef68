package tracing

import (
	"context"
	"log/slog"

	sdk "go.opentelemetry.io/otel/sdk/trace"
)

// exports hands spans to the collector and says in the log when that begins to fail
// and when it works again, rather than every few seconds. Left to itself OpenTelemetry
// would report to a place that all of a process shares.
type exports struct {
	sdk.SpanExporter
	log     *slog.Logger
	failing bool // one batch at a time is handed over
}

// ExportSpans never fails: a batch that the collector does not take is dropped.
func (e *exports) ExportSpans(ctx context.Context, spans []sdk.ReadOnlySpan) error {
	err := e.SpanExporter.ExportSpans(ctx, spans)
	switch {
	case err != nil && !e.failing:
		e.log.Warn("the collector takes no traces; they are dropped until it does", "error", err)
	case err == nil && e.failing:
		e.log.Info("the collector takes traces again")
	}
	e.failing = err != nil
	return nil
}
