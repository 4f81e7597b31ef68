package metrics

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// askLimit is how long a look at the queue or the records may delay a scrape.
const askLimit = 2 * time.Second

// Depth is how much waits in one queue.
type Depth struct {
	Queue     string
	Pending   int // ready to run
	Active    int // running
	Scheduled int // waiting for their time
	Retry     int // failed, will be tried again
	Archived  int // failed for good
	// Oldest is how long the longest waiting pending entry has waited; 0 when
	// none waits.
	Oldest time.Duration
}

// WatchQueues adds the depths of the queues, looked up when Prometheus asks.
func (m *Metrics) WatchQueues(look func(context.Context) ([]Depth, error)) {
	m.registry.MustRegister(&queues{
		look:   look,
		up:     prometheus.NewDesc(queueUp, "1 if the queues could be looked at, else 0.", nil, nil),
		tasks:  prometheus.NewDesc(queueTasks, "Entries of a queue by state.", []string{"queue", "state"}, nil),
		oldest: prometheus.NewDesc(queueOldestSeconds, "Wait of the longest waiting pending entry.", []string{"queue"}, nil),
	})
}

type queues struct {
	look              func(context.Context) ([]Depth, error)
	up, tasks, oldest *prometheus.Desc
}

// Describe is for the registry.
func (q *queues) Describe(c chan<- *prometheus.Desc) { c <- q.up; c <- q.tasks; c <- q.oldest }

// Collect is for the registry. When Redis does not answer there are no figures
// rather than old ones.
func (q *queues) Collect(c chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), askLimit)
	defer cancel()
	depths, err := q.look(ctx)
	c <- up(q.up, err)
	for _, d := range depths {
		for state, n := range map[string]int{
			"pending": d.Pending, "active": d.Active, "scheduled": d.Scheduled, "retry": d.Retry, "archived": d.Archived,
		} {
			c <- gaugeOf(q.tasks, float64(n), d.Queue, state)
		}
		c <- gaugeOf(q.oldest, d.Oldest.Seconds(), d.Queue)
	}
}

// WatchPhotos adds how many photos are in each state, looked up when Prometheus
// asks. One process per installation is enough.
func (m *Metrics) WatchPhotos(count func(context.Context) (map[photo.Status]int, error)) {
	m.registry.MustRegister(&records{
		count:  count,
		up:     prometheus.NewDesc(photosUp, "1 if the records could be counted, else 0.", nil, nil),
		photos: prometheus.NewDesc(photos, "Photos by state.", []string{"status"}, nil),
	})
}

type records struct {
	count      func(context.Context) (map[photo.Status]int, error)
	up, photos *prometheus.Desc
}

// Describe is for the registry.
func (r *records) Describe(c chan<- *prometheus.Desc) { c <- r.up; c <- r.photos }

// Collect is for the registry.
func (r *records) Collect(c chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), askLimit)
	defer cancel()
	counts, err := r.count(ctx)
	c <- up(r.up, err)
	for status, n := range counts {
		c <- gaugeOf(r.photos, float64(n), string(status))
	}
}

func up(d *prometheus.Desc, err error) prometheus.Metric {
	if err != nil {
		return gaugeOf(d, 0)
	}
	return gaugeOf(d, 1)
}

func gaugeOf(d *prometheus.Desc, v float64, labels ...string) prometheus.Metric {
	return prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
}
