package metrics

import (
	"context"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/breach"
)

// WatchBreaches adds how many breaches are in each state that is not closed, and how
// long is left for the first of them, looked up when Prometheus asks. One process per
// installation is enough.
func (m *Metrics) WatchBreaches(now func() time.Time, clocks func(context.Context) (map[breach.State]breach.Clock, error)) {
	open := figure(breaches, "Breaches of personal data by state, of those that are not closed.", "state")
	left := figure(breachesLeft, "Time until the first breach of a state is due, less than 0 when it is over; absent for a state without breaches.", "state")
	m.ask(func(ctx context.Context, tell teller) {
		by, err := clocks(ctx)
		if err != nil {
			return
		}
		for _, state := range breach.States() {
			if state == breach.Closed {
				continue
			}
			clock := by[state]
			tell(open, float64(clock.Count), string(state))
			if clock.Count > 0 {
				tell(left, clock.Due.Sub(now()).Seconds(), string(state))
			}
		}
	}, open, left)
}
