package metrics

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

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

	Processes int // that serve the queue
	Slots     int // entries that they can run at a time

	Tries    int // to do what entries ask for, since the queue is there
	Failures int // of these; what follows is another try, or the archive
}

// WatchQueues adds the depths of the queues, looked up when Prometheus asks.
func (m *Metrics) WatchQueues(depths func(context.Context) ([]Depth, error)) {
	up := figure(queueUp, "1 if the queues could be looked at, else 0.")
	entries := figure(queueTasks, "Entries of a queue by state.", "queue", "state")
	oldest := figure(queueOldestSeconds, "Wait of the longest waiting pending entry.", "queue")
	processes := figure(queueProcesses, "Processes that serve a queue, as they told Redis in the last seconds.", "queue")
	slots := figure(queueSlots, "Entries of a queue that its processes can run at a time.", "queue")
	tries := figure(queueTries, "Tries to do what a queue's entries ask for.", "queue")
	failures := figure(queueFailures, "Tries that failed: what follows is another, or the archive.", "queue")
	look := func(ctx context.Context, tell teller) {
		all, err := depths(ctx)
		tell(up, answered(err))
		for _, d := range all {
			for state, n := range map[string]int{
				"pending": d.Pending, "active": d.Active, "scheduled": d.Scheduled, "retry": d.Retry, "archived": d.Archived,
			} {
				tell(entries, float64(n), d.Queue, state)
			}
			tell(oldest, d.Oldest.Seconds(), d.Queue)
			tell(processes, float64(d.Processes), d.Queue)
			tell(slots, float64(d.Slots), d.Queue)
			tell(tries, float64(d.Tries), d.Queue)
			tell(failures, float64(d.Failures), d.Queue)
		}
	}
	m.registry.MustRegister(&asked{
		figures: []*prometheus.Desc{up, entries, oldest, processes, slots, tries, failures},
		look:    look, totals: []*prometheus.Desc{tries, failures},
	})
}

// WatchWaits adds how long a photo that comes now is expected to wait, by lane. wait must
// answer at once.
func (m *Metrics) WatchWaits(wait func(photo.Lane) time.Duration) {
	expected := figure(waitExpected, "Wait that the API expects for a photo that comes now, by lane; 0 if Redis does not answer.", "lane")
	m.ask(func(_ context.Context, tell teller) {
		for _, l := range []photo.Lane{"", photo.Bulk} {
			tell(expected, wait(l).Seconds(), l.String())
		}
	}, expected)
}

// WatchPhotos adds how many photos are in each state, looked up when Prometheus
// asks. One process per installation is enough.
func (m *Metrics) WatchPhotos(count func(context.Context) (map[photo.Status]int, error)) {
	up := figure(photosUp, "1 if the records could be counted, else 0.")
	by := figure(photos, "Photos by state.", "status")
	m.ask(func(ctx context.Context, tell teller) {
		counts, err := count(ctx)
		tell(up, answered(err))
		for status, n := range counts {
			tell(by, float64(n), string(status))
		}
	}, up, by)
}

// answered is 1 for what could be asked.
func answered(err error) float64 {
	if err != nil {
		return 0
	}
	return 1
}
