package metrics

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/passportphotogenie/passportphotogenie/internal/complaint"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// Keeping tells whether what is kept is what should be, and no longer than it
// should be.
type Keeping struct {
	orphans        *prometheus.CounterVec
	doubted, ahead prometheus.Gauge
	concerns       *prometheus.GaugeVec
}

// NewKeeping returns the meter; once per Metrics.
func (m *Metrics) NewKeeping() *Keeping {
	k := &Keeping{
		orphans: m.counter(orphans, "Blobs and keys without a record that were deleted, by photo, and records without blobs that were failed.", "kind"),
		doubted: m.make.NewGauge(prometheus.GaugeOpts{
			Name: clockDoubted, Help: "1 while nothing is expired because this process's clock is not believed, else 0."}),
		ahead: m.make.NewGauge(prometheus.GaugeOpts{
			Name: clockAhead, Help: "By how much this process's clock is ahead of the records' database."}),
		concerns: m.make.NewGaugeVec(prometheus.GaugeOpts{
			Name: bucketConcerns, Help: "1 for each thing that is wrong with the bucket's settings, as seen at the start."}, []string{"concern"}),
	}
	for _, kind := range []string{"blobs", "key", "record"} {
		k.orphans.WithLabelValues(kind)
	}
	return k
}

// Orphan counts one that was found.
func (k *Keeping) Orphan(kind string) { k.orphans.WithLabelValues(kind).Inc() }

// Clock tells by how many seconds this clock is ahead, and whether it is believed.
func (k *Keeping) Clock(aheadSeconds float64, doubted bool) {
	k.ahead.Set(aheadSeconds)
	k.doubted.Set(0)
	if doubted {
		k.doubted.Set(1)
	}
}

// BucketConcern tells that something is wrong with the bucket's settings.
func (k *Keeping) BucketConcern(concern string) { k.concerns.WithLabelValues(concern).Set(1) }

// WatchRestrictions adds how many photos are restricted, looked up when Prometheus
// asks: by ground, and of all of them how many should have been looked at by now.
func (m *Metrics) WatchRestrictions(count func(context.Context) (by map[photo.Ground]int, overdue int, err error)) {
	photos := figure(restricted, "Restricted photos by ground.", "ground")
	late := figure(reviewsOverdue, "Restrictions that an officer should have looked at by now.")
	m.ask(func(ctx context.Context, tell teller) {
		by, overdue, err := count(ctx)
		if err != nil {
			return
		}
		for _, ground := range photo.Grounds() {
			tell(photos, float64(by[ground]), string(ground))
		}
		tell(late, float64(overdue))
	}, photos, late)
}

// WatchChildReports adds how many reports about children wait for a decision and how
// many of them are overdue, looked up when Prometheus asks.
func (m *Metrics) WatchChildReports(count func(context.Context) (open, overdue int, err error)) {
	waiting := figure(childReports, "Reports about children that wait for a decision.")
	late := figure(childOverdue, "Reports about children that should have been decided by now.")
	m.ask(func(ctx context.Context, tell teller) {
		open, overdue, err := count(ctx)
		if err != nil {
			return
		}
		tell(waiting, float64(open))
		tell(late, float64(overdue))
	}, waiting, late)
}

// WatchComplaints adds how many complaints there are in each state, looked up when
// Prometheus asks.
func (m *Metrics) WatchComplaints(count func(context.Context) (map[complaint.State]int, error)) {
	kept := figure(complaints, "Complaints by state.", "state")
	m.ask(func(ctx context.Context, tell teller) {
		by, err := count(ctx)
		if err != nil {
			return
		}
		for _, state := range complaint.States() {
			tell(kept, float64(by[state]), string(state))
		}
	}, kept)
}
