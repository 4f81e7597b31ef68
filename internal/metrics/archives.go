package metrics

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// Archives counts tries at archives.
type Archives struct{ tried *prometheus.CounterVec }

// NewArchives returns the meter; once per Metrics.
func (m *Metrics) NewArchives() *Archives {
	a := &Archives{m.counter(archivesBuilt, "Tries at an archive by kind of request and what came of it: made, failed, or unanswered when it is there and its request could not be fulfilled.", "kind", "result")}
	for _, kind := range []subjectrequest.Kind{subjectrequest.Access, subjectrequest.Portability} {
		for _, result := range []string{"made", "failed", "unanswered"} {
			a.tried.WithLabelValues(string(kind), result) // from 0 on: see counter
		}
	}
	return a
}

// Tried counts a try.
func (a *Archives) Tried(k subjectrequest.Kind, result string) {
	a.tried.WithLabelValues(string(k), result).Inc()
}

// WatchArchives adds how many requests wait for an archive, and for how long the one
// that was filed first, looked up when Prometheus asks. One process per installation
// is enough.
func (m *Metrics) WatchArchives(now func() time.Time, waiting func(context.Context) (int, time.Time, error)) {
	count := figure(archivesWaiting, "Requests that wait for their archive.")
	oldest := figure(archivesOldest, "Time since the request was filed that was filed first of those that wait for their archive, 0 if none waits.")
	m.ask(func(ctx context.Context, tell teller) {
		n, since, err := waiting(ctx)
		if err != nil {
			return
		}
		tell(count, float64(n))
		tell(oldest, age(!since.IsZero(), since, now))
	}, count, oldest)
}
