package metrics

import (
	"context"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// askLimit is how long a look at the queue or the records may delay a scrape.
const askLimit = 2 * time.Second

// figure describes one that is looked up when Prometheus asks.
func figure(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(name, help, labels, nil)
}

// age is that of the oldest of some things in seconds, and 0 if there are none.
func age(some bool, since time.Time, now func() time.Time) float64 {
	if !some {
		return 0
	}
	return now().Sub(since).Seconds()
}

// teller takes a figure's value.
type teller func(d *prometheus.Desc, value float64, labels ...string)

// asked are figures that are looked up when Prometheus asks.
type asked struct {
	figures []*prometheus.Desc
	look    func(context.Context, teller)
	totals  []*prometheus.Desc // of the figures, those that only grow
}

// ask adds figures. look tells the values; what it can't look up it leaves out, so that
// there are no figures rather than old ones.
func (m *Metrics) ask(look func(context.Context, teller), figures ...*prometheus.Desc) {
	m.registry.MustRegister(&asked{figures: figures, look: look})
}

// Describe is for the registry.
func (a *asked) Describe(c chan<- *prometheus.Desc) {
	for _, d := range a.figures {
		c <- d
	}
}

// Collect is for the registry.
func (a *asked) Collect(c chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), askLimit)
	defer cancel()
	a.look(ctx, func(d *prometheus.Desc, value float64, labels ...string) {
		c <- prometheus.MustNewConstMetric(d, a.kind(d), value, labels...)
	})
}

func (a *asked) kind(d *prometheus.Desc) prometheus.ValueType {
	if slices.Contains(a.totals, d) {
		return prometheus.CounterValue
	}
	return prometheus.GaugeValue
}
