package rig

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// Histogram is a classic one: how many observations were at most each bound.
type Histogram struct {
	Count, Sum float64
	bounds     []float64 // ascending; the last is +Inf
	upTo       []float64
}

// Histogram reads a metric's buckets, of all series that have the labels.
func (f Figures) Histogram(metric string, labels ...string) Histogram {
	h := Histogram{Count: f.Sum(metric+"_count", labels...), Sum: f.Sum(metric+"_sum", labels...)}
	upTo := map[float64]float64{}
	for series, v := range f {
		if !matches(series, metric+"_bucket", labels) {
			continue
		}
		_, rest, _ := strings.Cut(series, `le="`)
		text, _, _ := strings.Cut(rest, `"`)
		if bound, err := strconv.ParseFloat(text, 64); err == nil {
			upTo[bound] += v
		}
	}
	for bound := range upTo {
		h.bounds = append(h.bounds, bound)
	}
	slices.Sort(h.bounds)
	for _, b := range h.bounds {
		h.upTo = append(h.upTo, upTo[b])
	}
	return h
}

// Mean is the mean; 0 without observations.
func (h Histogram) Mean() float64 {
	if h.Count == 0 {
		return 0
	}
	return h.Sum / h.Count
}

// Share is the share of observations that were at most a bound, which has to be one
// of a bucket; NaN otherwise.
func (h Histogram) Share(bound float64) float64 {
	i := slices.Index(h.bounds, bound)
	if i < 0 || h.Count == 0 {
		return math.NaN()
	}
	return h.upTo[i] / h.Count
}

// Quantile estimates a quantile as Prometheus' histogram_quantile does: evenly within
// the bucket in which it lies. The true one lies in the same bucket.
func (h Histogram) Quantile(q float64) float64 {
	if h.Count == 0 {
		return math.NaN()
	}
	rank, lower, below := q*h.Count, 0.0, 0.0
	for i, bound := range h.bounds {
		if h.upTo[i] >= rank {
			if math.IsInf(bound, 1) || h.upTo[i] == below {
				return lower
			}
			return lower + (bound-lower)*(rank-below)/(h.upTo[i]-below)
		}
		lower, below = bound, h.upTo[i]
	}
	return lower
}
