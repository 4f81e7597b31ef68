package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Pool is how one pool of connections stands.
type Pool struct {
	Name   string // what it leads to: records, keys, queue, events
	InUse  int
	Idle   int
	Most   int           // that it may have; 0 for no limit
	Waits  int64         // how often somebody had to wait for one
	Waited time.Duration // by all of them
}

// WatchPools adds the pools of a process, looked up when Prometheus asks. A look must
// not ask the server.
func (m *Metrics) WatchPools(looks ...func() Pool) {
	m.registry.MustRegister(&pools{
		looks:       looks,
		connections: figure(poolConnections, "Connections of a pool by state, in_use or idle.", "pool", "state"),
		limit:       figure(poolLimit, "Connections that a pool may have.", "pool"),
		waits:       figure(poolWaits, "How often somebody had to wait for a connection of a pool.", "pool"),
		waited:      figure(poolWaitSeconds, "Time that was spent waiting for a connection of a pool.", "pool"),
	})
}

type pools struct {
	looks                             []func() Pool
	connections, limit, waits, waited *prometheus.Desc
}

// Describe is for the registry.
func (p *pools) Describe(c chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{p.connections, p.limit, p.waits, p.waited} {
		c <- d
	}
}

// Collect is for the registry.
func (p *pools) Collect(c chan<- prometheus.Metric) {
	for _, look := range p.looks {
		pool := look()
		c <- prometheus.MustNewConstMetric(p.connections, prometheus.GaugeValue, float64(pool.InUse), pool.Name, "in_use")
		c <- prometheus.MustNewConstMetric(p.connections, prometheus.GaugeValue, float64(pool.Idle), pool.Name, "idle")
		if pool.Most > 0 {
			c <- prometheus.MustNewConstMetric(p.limit, prometheus.GaugeValue, float64(pool.Most), pool.Name)
		}
		c <- prometheus.MustNewConstMetric(p.waits, prometheus.CounterValue, float64(pool.Waits), pool.Name)
		c <- prometheus.MustNewConstMetric(p.waited, prometheus.CounterValue, pool.Waited.Seconds(), pool.Name)
	}
}
