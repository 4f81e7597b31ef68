package metrics

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/passportphotogenie/passportphotogenie/internal/webhook"
)

// Webhooks counts what becomes of tries at telling API clients.
type Webhooks struct {
	tried *prometheus.CounterVec
	took  prometheus.Histogram
}

// NewWebhooks returns the meter; once per Metrics.
func (m *Metrics) NewWebhooks() *Webhooks {
	w := &Webhooks{
		m.counter(webhookTries, "Tries at delivering a notice to an API client by kind and by what the notice then was: delivered, waiting for another try, dropped with its endpoint, or failed.", "kind", "result"),
		m.make.NewHistogram(histogram(webhookSeconds, "Time that an API client's server took for a notice, also when it did not take it.", []float64{.05, .1, .25, .5, 1, 2.5, 5, 15})),
	}
	for _, kind := range webhook.Kinds() {
		for _, state := range webhook.States() {
			w.tried.WithLabelValues(string(kind), string(state)) // from 0 on: see counter
		}
	}
	return w
}

// Tried counts a try.
func (w *Webhooks) Tried(k webhook.Kind, s webhook.State, took time.Duration) {
	w.tried.WithLabelValues(string(k), string(s)).Inc()
	w.took.Observe(took.Seconds())
}

// GaveUp counts notices that had been tried for long enough.
func (w *Webhooks) GaveUp(k webhook.Kind, count int) {
	w.tried.WithLabelValues(string(k), string(webhook.Failed)).Add(float64(count))
}

// WebhookBook knows the notices and where they go to.
type WebhookBook interface {
	// Counts also tells since when the first notice is due that nobody has tried.
	Counts(ctx context.Context, now time.Time) (map[webhook.State]int, time.Time, error)
	// Endpoints are counted by on, failing and off.
	Endpoints(ctx context.Context) (map[string]int, error)
}

// WatchWebhooks adds how many notices are in each state, how long the one that is due is
// late, and how the endpoints do, looked up when Prometheus asks. One process per
// installation is enough.
func (m *Metrics) WatchWebhooks(now func() time.Time, book WebhookBook) {
	kept := figure(webhookNotices, "Notices to API clients by state, of those that are kept.", "state")
	late := figure(webhooksLate, "Time since a notice is due that nobody has tried, 0 if there is none. The endpoint is not at fault.")
	ends := figure(webhookEndpoints, "Endpoints of API clients: on, failing since their last notices, or switched off.", "state")
	m.ask(func(ctx context.Context, tell teller) {
		by, due, err := book.Counts(ctx, now())
		if err != nil {
			return
		}
		endpoints, err := book.Endpoints(ctx)
		if err != nil {
			return
		}
		for _, state := range webhook.States() {
			tell(kept, float64(by[state]), string(state))
		}
		for _, state := range []string{webhook.On, webhook.IsFailing, webhook.SwitchedOff} {
			tell(ends, float64(endpoints[state]), state)
		}
		tell(late, age(!due.IsZero(), due, now))
	}, kept, late, ends)
}
