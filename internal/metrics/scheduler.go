package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Scheduler counts the runs of the timetable's jobs.
type Scheduler struct {
	runs        *prometheus.CounterVec
	seconds     *prometheus.HistogramVec
	lastSuccess *prometheus.GaugeVec
	purged      *prometheus.CounterVec
}

// NewScheduler returns the scheduler's meter; once per Metrics.
func (m *Metrics) NewScheduler() *Scheduler {
	return &Scheduler{
		runs:    m.counter(jobRuns, "Runs of a job by result, ok or failed.", "job", "result"),
		seconds: m.seconds(jobSeconds, "Time of a job's run.", []float64{.01, .1, 1, 10, 60, 300}, "job"),
		lastSuccess: m.make.NewGaugeVec(prometheus.GaugeOpts{
			Name: jobLastSuccess, Help: "When a job last succeeded in this process, in seconds since 1970.",
		}, []string{"job"}),
		purged: m.counter(purgedItems, "Things deleted because their period was over, by retention class.", "class"),
	}
}

// JobRan counts a run that ended at the given time.
func (s *Scheduler) JobRan(job string, at time.Time, took time.Duration, err error) {
	s.runs.WithLabelValues(job, result(err)).Inc()
	s.seconds.WithLabelValues(job).Observe(took.Seconds())
	if err == nil {
		s.lastSuccess.WithLabelValues(job).Set(float64(at.UnixMilli()) / 1000)
	}
}

// Purged counts things of a retention class that were deleted.
func (s *Scheduler) Purged(class string, count int) {
	s.purged.WithLabelValues(class).Add(float64(count))
}

func result(err error) string {
	if err != nil {
		return "failed"
	}
	return "ok"
}

// Erasures counts erasures.
type Erasures struct{ done *prometheus.CounterVec }

// NewErasures returns the meter of erasures; once per Metrics.
func (m *Metrics) NewErasures() *Erasures {
	return &Erasures{m.counter(erasures, "Erasures by reason and by result, ok or failed; a failed one is tried again.", "reason", "result")}
}

// Erased counts one pass of an erasure.
func (e *Erasures) Erased(reason string, err error) {
	e.done.WithLabelValues(reason, result(err)).Inc()
}
