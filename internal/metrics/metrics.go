// Package metrics is what a process tells its operators in figures. Each
// process has one Metrics with a registry of its own and makes from it the
// meters of what it does; the packages that do the work know a meter only
// through an interface of theirs.
//
// Labels take few values, all of them our own words. Nothing that comes from a
// person, not even a photo's ID, is ever a label.
package metrics

import (
	"context"
	"net/http"
	"runtime"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promauto"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/passportphotogenie/passportphotogenie/internal/tracing"
)

// Metrics holds the figures of one process.
type Metrics struct {
	registry *prometheus.Registry
	make     promauto.Factory
}

// New returns the figures that every process has: of Go, of the process, and
// which build it is.
func New(process, version string) *Metrics {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m := &Metrics{r, promauto.With(r)}
	m.make.NewGauge(prometheus.GaugeOpts{
		Name: buildInfo, Help: "1, with what this process was built from.",
		ConstLabels: prometheus.Labels{"process": process, "version": version, "go": runtime.Version()},
	}).Set(1)
	return m
}

// Handler serves the figures to Prometheus.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{
		Registry: m.registry, EnableOpenMetrics: true, // exemplars need that
	})
}

// observe notes a time and, as its exemplar, the trace in which it was taken, if there
// is one that is kept.
func observe(ctx context.Context, o prometheus.Observer, took time.Duration) {
	if id := tracing.ID(ctx); id != "" {
		if o, ok := o.(prometheus.ExemplarObserver); ok {
			o.ObserveWithExemplar(took.Seconds(), prometheus.Labels{"trace_id": id})
			return
		}
	}
	o.Observe(took.Seconds())
}

// counter makes a counter. Where an alert asks by how much one has grown, each of its
// series is to be there from the start: one that begins at 110 has not grown, to
// Prometheus.
func (m *Metrics) counter(name, help string, labels ...string) *prometheus.CounterVec {
	return m.make.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
}

func (m *Metrics) seconds(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
	return m.make.NewHistogramVec(histogram(name, help, buckets), labels)
}

// histogram has the buckets for every Prometheus, and for one that takes native
// histograms others that are about a tenth wide, wherever the values lie.
func histogram(name, help string, buckets []float64) prometheus.HistogramOpts {
	return prometheus.HistogramOpts{
		Name: name, Help: help, Buckets: buckets,
		NativeHistogramBucketFactor: 1.1, NativeHistogramMaxBucketNumber: 100, NativeHistogramMinResetDuration: time.Hour,
	}
}

func (m *Metrics) gauge(name, help string) prometheus.Gauge {
	return m.make.NewGauge(prometheus.GaugeOpts{Name: name, Help: help})
}
