package metrics

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/passportphotogenie/passportphotogenie/internal/docket"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
)

// Reminders counts what officers were reminded of.
type Reminders struct{ sent *prometheus.CounterVec }

// NewReminders returns the meter; once per Metrics.
func (m *Metrics) NewReminders() *Reminders {
	return &Reminders{m.counter(reminders, "Cases that an officer was reminded of by matter; one letter is of many.", "matter")}
}

// Reminded counts cases of which one letter told.
func (r *Reminders) Reminded(m letter.Matter, count int) {
	r.sent.WithLabelValues(string(m)).Add(float64(count))
}

// WatchReminders adds when an officer was reminded last, looked up when Prometheus asks,
// whichever process did it. Absent if that was never, or longer ago than notes of it are
// kept.
func (m *Metrics) WatchReminders(look func(context.Context) (time.Time, bool, error)) {
	last := figure(remindersLast, "When an officer was reminded last, in seconds since 1970; absent if that was never or long ago.")
	m.ask(func(ctx context.Context, tell teller) {
		if at, some, err := look(ctx); err == nil && some {
			tell(last, float64(at.UnixMilli())/1000)
		}
	}, last)
}

// WatchDocket adds how many cases wait for an officer, looked up when Prometheus asks:
// by matter and by what is left until they are due. One process per installation is
// enough.
func (m *Metrics) WatchDocket(count func(context.Context) (docket.Tally, error)) {
	open := figure(openCases, "Cases that wait for an officer by matter and by what is left: overdue, at most 24h, or days (1 is what is left until the end of tomorrow).", "matter", "left")
	m.ask(func(ctx context.Context, tell teller) {
		tally, err := count(ctx)
		if err != nil {
			return
		}
		for _, matter := range letter.Matters() {
			for band, left := range docket.Bands() {
				tell(open, float64(tally[matter][band]), string(matter), left)
			}
		}
	}, open)
}
