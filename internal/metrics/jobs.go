package metrics

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Job is what is known of a job of the timetable, whichever process runs it.
type Job struct {
	Name        string
	Every       time.Duration
	SucceededAt time.Time     // zero if it never did
	Silent      time.Duration // since it succeeded, or since it is known
}

// WatchJobs adds when each job last succeeded, looked up when Prometheus asks. The
// figures are those of the installation and not of a process: they outlive its
// restart, and with several schedulers all show the same.
func (m *Metrics) WatchJobs(look func(context.Context) ([]Job, error)) {
	labels := []string{"job"}
	m.registry.MustRegister(&jobs{
		look:   look,
		last:   prometheus.NewDesc(jobLastSuccess, "When a job last succeeded, in seconds since 1970; absent if it never did.", labels, nil),
		silent: prometheus.NewDesc(jobSilent, "Time since a job last succeeded, or since it was first due if it never did.", labels, nil),
		period: prometheus.NewDesc(jobPeriod, "How often a job runs.", labels, nil),
	})
}

type jobs struct {
	look                 func(context.Context) ([]Job, error)
	last, silent, period *prometheus.Desc
}

// Describe is for the registry.
func (j *jobs) Describe(c chan<- *prometheus.Desc) { c <- j.last; c <- j.silent; c <- j.period }

// Collect is for the registry. When the records do not answer there are no figures.
func (j *jobs) Collect(c chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), askLimit)
	defer cancel()
	all, err := j.look(ctx)
	if err != nil {
		return
	}
	for _, job := range all {
		if !job.SucceededAt.IsZero() {
			c <- gaugeOf(j.last, float64(job.SucceededAt.UnixMilli())/1000, job.Name)
		}
		c <- gaugeOf(j.silent, job.Silent.Seconds(), job.Name)
		c <- gaugeOf(j.period, job.Every.Seconds(), job.Name)
	}
}
