package metrics

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/passportphotogenie/passportphotogenie/internal/letter"
)

// Letters counts what becomes of tries at sending letters.
type Letters struct{ tried *prometheus.CounterVec }

// NewLetters returns the meter; once per Metrics.
func (m *Metrics) NewLetters() *Letters {
	l := &Letters{m.counter(lettersSent, "Tries at sending a letter by kind and by what the letter then was: sent, waiting for another try, or failed.", "kind", "result")}
	for _, kind := range letter.Kinds() {
		for _, state := range letter.States() {
			l.tried.WithLabelValues(string(kind), string(state)) // from 0 on: see counter
		}
	}
	return l
}

// Tried counts a try.
func (l *Letters) Tried(k letter.Kind, state letter.State) {
	l.tried.WithLabelValues(string(k), string(state)).Inc()
}

// GaveUp counts letters that had been tried for long enough.
func (l *Letters) GaveUp(k letter.Kind, count int) {
	l.tried.WithLabelValues(string(k), string(letter.Failed)).Add(float64(count))
}

// WatchLetters adds how many letters are in each state and how long the one that waits
// longest has waited, looked up when Prometheus asks. One process per installation is
// enough.
func (m *Metrics) WatchLetters(now func() time.Time, count func(context.Context) (map[letter.State]int, time.Time, error)) {
	kept := figure(letters, "Letters by state, of those that are kept.", "state")
	oldest := figure(lettersOldest, "Time since the letter was written that has waited longest, 0 if none waits.")
	m.ask(func(ctx context.Context, tell teller) {
		by, since, err := count(ctx)
		if err != nil {
			return
		}
		for _, state := range letter.States() {
			tell(kept, float64(by[state]), string(state))
		}
		tell(oldest, age(!since.IsZero(), since, now))
	}, kept, oldest)
}
