package metrics

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
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
	labels := []string{"class"}
	m.registry.MustRegister(&ages{
		now: now, classes: classes,
		age:   prometheus.NewDesc(oldestSeconds, "Age of the oldest item of a retention class; absent if the records do not answer, 0 if there is none.", labels, nil),
		alert: prometheus.NewDesc(alertSeconds, "Age of an item that shows that the class's purger does not keep up.", labels, nil),
	})
}

type ages struct {
	now        func() time.Time
	classes    []Aged
	age, alert *prometheus.Desc
}

// Describe is for the registry.
func (a *ages) Describe(c chan<- *prometheus.Desc) { c <- a.age; c <- a.alert }

// Collect is for the registry.
func (a *ages) Collect(c chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), askLimit)
	defer cancel()
	for _, class := range a.classes {
		c <- gaugeOf(a.alert, class.Alert.Seconds(), class.Class)
		at, any, err := class.Oldest(ctx)
		if err != nil {
			continue
		}
		age := time.Duration(0)
		if any {
			age = a.now().Sub(at)
		}
		c <- gaugeOf(a.age, age.Seconds(), class.Class)
	}
}
