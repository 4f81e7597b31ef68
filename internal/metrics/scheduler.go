package metrics

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Scheduler counts the runs of the timetable's jobs.
type Scheduler struct {
	runs    *prometheus.CounterVec
	seconds *prometheus.HistogramVec
	purged  *prometheus.CounterVec
	late    *prometheus.HistogramVec
}

// NewScheduler returns the scheduler's meter; once per Metrics.
func (m *Metrics) NewScheduler() *Scheduler {
	return &Scheduler{
		runs:    m.counter(jobRuns, "Runs of a job by result, ok or failed.", "job_name", "result"),
		seconds: m.seconds(jobSeconds, "Time of a job's run.", []float64{.01, .1, 1, 10, 60, 300}, "job_name"),
		late:    m.seconds(jobLate, "Time from the start of a job's period to the start of its run.", []float64{.25, 1, 2.5, 10, 60, 300}, "job_name"),
		purged:  m.counter(purgedItems, "Things deleted because their period was over, by retention class.", "class"),
	}
}

// JobRan counts a run.
func (s *Scheduler) JobRan(job string, took time.Duration, err error) {
	s.runs.WithLabelValues(job, result(err)).Inc()
	s.seconds.WithLabelValues(job).Observe(took.Seconds())
}

// JobLate counts how long after the start of its period a run began.
func (s *Scheduler) JobLate(job string, late time.Duration) {
	s.late.WithLabelValues(job).Observe(max(late, 0).Seconds())
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

// WatchErasures adds how many erasures are not finished and since when the first of
// them waits, looked up when Prometheus asks.
func (m *Metrics) WatchErasures(now func() time.Time, pending func(context.Context) (int, time.Time, error)) {
	count := figure(erasuresOpen, "Erasures that were begun and are not finished.")
	oldest := figure(erasuresOldest, "Time since the first of these was begun, 0 if there is none.")
	m.ask(func(ctx context.Context, tell teller) {
		n, since, err := pending(ctx)
		if err != nil {
			return
		}
		tell(count, float64(n))
		tell(oldest, age(n > 0, since, now))
	}, count, oldest)
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
