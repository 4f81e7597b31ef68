package metrics

import (
	"context"
	"time"
)

// Aged is a retention class whose oldest item's age is watched.
type Aged struct {
	Class  string
	Alert  time.Duration // an item this old means that the purger does not keep up
	Oldest func(context.Context) (time.Time, bool, error)
}

// WatchAges adds the ages of the oldest items, looked up when Prometheus asks,
// and the ages at which to alert. One process per installation is enough.
func (m *Metrics) WatchAges(now func() time.Time, classes ...Aged) {
	oldest := figure(oldestSeconds, "Age of the oldest item of a retention class; absent if the records do not answer, 0 if there is none.", "class")
	alert := figure(alertSeconds, "Age of an item that shows that the class's purger does not keep up.", "class")
	m.ask(func(ctx context.Context, tell teller) {
		for _, class := range classes {
			tell(alert, class.Alert.Seconds(), class.Class)
			if at, some, err := class.Oldest(ctx); err == nil {
				tell(oldest, age(some, at, now), class.Class)
			}
		}
	}, oldest, alert)
}
