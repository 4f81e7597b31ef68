// Package tracing tells how one piece of work spends its time, across processes: a
// trace is a tree of spans, from the request that brought a photo to the record that
// it is ready. Traces go to a collector of the operator's choice, by OpenTelemetry's
// protocol over HTTP, and nowhere unless one is configured.
//
// A trace says what was done, when, for how long and how it ended, and nothing of whom
// it was done for: no address, no browser, no name, no key, not even a photo's ID. So
// that this holds by construction, only this package knows OpenTelemetry, a span takes
// no attribute but those made in attributes.go, and of an error it says that there was
// one.
//
// Tracing must never cost a photo anything. Spans wait in a bounded buffer, what does
// not fit is dropped, and a collector that hangs delays nobody but the end of the
// process, by FlushLimit at most.
package tracing

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"

	"github.com/passportphotogenie/passportphotogenie/internal/config"
)

// FlushLimit is how long Close waits for the collector to take what is left.
const FlushLimit = time.Second

// exportLimit is for handing over one batch, tries and pauses included.
const exportLimit = 10 * time.Second

// path is where collectors take traces.
const path = "/v1/traces"

// Options say who traces.
type Options struct {
	Config  config.Config
	Process string
	Version string
	Log     *slog.Logger
}

// Tracing is what a process opens to trace.
type Tracing struct{ provider *sdk.TracerProvider }

// Open prepares the way to the collector, without connecting. Without an endpoint
// nothing is traced.
func Open(ctx context.Context, o Options) (*Tracing, error) {
	if o.Config.TraceEndpoint == "" {
		return &Tracing{}, nil
	}
	headers, err := o.Config.TraceHeaderFields()
	if err != nil {
		return nil, fmt.Errorf("OTEL_EXPORTER_OTLP_HEADERS: %w", err)
	}
	exporter, err := otlptracehttp.New(ctx,
		otlptracehttp.WithEndpointURL(strings.TrimSuffix(o.Config.TraceEndpoint, "/")+path), otlptracehttp.WithHeaders(headers))
	if err != nil {
		return nil, fmt.Errorf("OTEL_EXPORTER_OTLP_ENDPOINT: %w", err)
	}
	return &Tracing{sdk.NewTracerProvider(
		sdk.WithBatcher(&exports{SpanExporter: exporter, log: o.Log}, sdk.WithExportTimeout(exportLimit)),
		sdk.WithSampler(sampler(o.Config)),
		sdk.WithResource(resource.NewSchemaless(
			attribute.String("service.namespace", "passportphoto"),
			attribute.String("service.name", "passportphoto-"+o.Process),
			attribute.String("service.version", o.Version))),
	)}, nil
}

// Tracer begins this process's spans; nil, which traces nothing, where there is no
// collector.
func (t *Tracing) Tracer() *Tracer {
	if t.provider == nil {
		return nil
	}
	return &Tracer{t.provider.Tracer("github.com/passportphotogenie/passportphotogenie")}
}

// Close hands over the spans that are left, as far as the collector takes them within
// FlushLimit. Spans that it does not take are lost; that is no error.
func (t *Tracing) Close() error {
	if t.provider == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), FlushLimit)
	defer cancel()
	_ = t.provider.Shutdown(ctx) // the exporter has logged what went wrong
	return nil
}

// sampler says which traces are kept. A trace is decided about where it begins: what
// follows in other processes goes by that, if the sampler's name begins with
// parentbased.
func sampler(c config.Config) sdk.Sampler {
	root := map[string]sdk.Sampler{
		"always_on": sdk.AlwaysSample(), "always_off": sdk.NeverSample(), "traceidratio": sdk.TraceIDRatioBased(c.TraceShare),
	}[strings.TrimPrefix(c.TraceSampler, "parentbased_")]
	if root == nil {
		root = sdk.AlwaysSample()
	}
	if strings.HasPrefix(c.TraceSampler, "parentbased_") {
		return sdk.ParentBased(root)
	}
	return root
}
