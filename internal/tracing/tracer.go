package tracing

import (
	"context"
	"strconv"
	"time"

	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// Tracer begins spans. A nil Tracer traces nothing.
type Tracer struct{ tracer trace.Tracer }

// Span is a piece of work that is traced. A nil Span is one that is not.
type Span struct{ span trace.Span }

// Begin begins a span, inside the one of ctx if there is one. The name is a word of
// ours. The returned context has the span.
func (t *Tracer) Begin(ctx context.Context, name string, with ...Attribute) (context.Context, *Span) {
	return t.begin(ctx, name, trace.WithAttributes(bare(with)...))
}

func (t *Tracer) begin(ctx context.Context, name string, options ...trace.SpanStartOption) (context.Context, *Span) {
	if t == nil {
		return ctx, nil
	}
	ctx, span := t.tracer.Start(ctx, name, options...)
	return ctx, &Span{span}
}

// Past adds a span that has ended, inside the one of ctx.
func (t *Tracer) Past(ctx context.Context, name string, began, ended time.Time, with ...Attribute) {
	if t == nil {
		return
	}
	_, span := t.tracer.Start(ctx, name, trace.WithTimestamp(began), trace.WithAttributes(bare(with)...))
	span.End(trace.WithTimestamp(ended))
}

// Note adds attributes.
func (s *Span) Note(with ...Attribute) {
	if s != nil {
		s.span.SetAttributes(bare(with)...)
	}
}

// End ends the span. Of the error it keeps only that there was one: what errors say is
// for the log.
func (s *Span) End(err error) {
	if s == nil {
		return
	}
	if err != nil {
		s.span.SetStatus(codes.Error, "")
	}
	s.span.End()
}

// sentAt is the header that tells when an entry was put into a queue.
const sentAt = "sent-at-ms"

// Send begins the span of putting an entry into a queue, and returns the headers that
// the entry needs so that whoever takes it goes on with the trace; nil outside of a
// trace.
func (t *Tracer) Send(ctx context.Context, name string, with ...Attribute) (context.Context, *Span, map[string]string) {
	if t == nil || !trace.SpanContextFromContext(ctx).IsValid() {
		return ctx, nil, nil
	}
	ctx, span := t.begin(ctx, name, trace.WithSpanKind(trace.SpanKindProducer), trace.WithAttributes(bare(with)...))
	headers := propagation.MapCarrier{sentAt: strconv.FormatInt(time.Now().UnixMilli(), 10)}
	propagation.TraceContext{}.Inject(ctx, headers)
	return ctx, span, headers
}

// Receive begins the span of work that an entry asks for: inside the trace that its
// headers name, or in a trace of its own.
func (t *Tracer) Receive(ctx context.Context, headers map[string]string, name string, with ...Attribute) (context.Context, *Span) {
	if t == nil {
		return ctx, nil
	}
	ctx = propagation.TraceContext{}.Extract(ctx, propagation.MapCarrier(headers))
	ctx, span := t.begin(ctx, name, trace.WithSpanKind(trace.SpanKindConsumer), trace.WithAttributes(bare(with)...))
	if at, err := strconv.ParseInt(headers[sentAt], 10, 64); err == nil {
		span.Note(waited(time.Since(time.UnixMilli(at))))
	}
	return ctx, span
}

// Serve begins the span of answering a request, in a trace of its own.
func (t *Tracer) Serve(ctx context.Context, method, route string) (context.Context, *Span) {
	return t.begin(ctx, method+" "+route, trace.WithNewRoot(), trace.WithSpanKind(trace.SpanKindServer),
		trace.WithAttributes(bare([]Attribute{text("http.request.method", method), text("http.route", route)})...))
}

// ID is the ID of the trace that ctx belongs to, if that is kept; else empty.
func ID(ctx context.Context) string {
	if c := trace.SpanContextFromContext(ctx); c.IsSampled() && c.IsValid() {
		return c.TraceID().String()
	}
	return ""
}
