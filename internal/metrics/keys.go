package metrics

import "github.com/prometheus/client_golang/prometheus"

// Keys counts what goes wrong with the photos' keys.
type Keys struct{ errors *prometheus.CounterVec }

// NewKeys returns the meter; once per Metrics.
func (m *Metrics) NewKeys() *Keys {
	k := &Keys{m.counter(keyErrors, "Photos' keys that could not be made or opened: the store failed, the master key could not wrap, or it could not unwrap, because its service is away, the key was changed, or the master key is another.", "cause")}
	for _, cause := range []string{"store", "wrap", "unwrap"} {
		k.errors.WithLabelValues(cause)
	}
	return k
}

// KeyError counts one.
func (k *Keys) KeyError(cause string) { k.errors.WithLabelValues(cause).Inc() }
