package metrics

import (
	"context"
	"time"
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
	last := figure(jobLastSuccess, "When a job last succeeded, in seconds since 1970; absent if it never did.", "job_name")
	silent := figure(jobSilent, "Time since a job last succeeded, or since it was first due if it never did.", "job_name")
	period := figure(jobPeriod, "How often a job runs.", "job_name")
	m.ask(func(ctx context.Context, tell teller) {
		all, err := look(ctx)
		if err != nil {
			return
		}
		for _, job := range all {
			if !job.SucceededAt.IsZero() {
				tell(last, float64(job.SucceededAt.UnixMilli())/1000, job.Name)
			}
			tell(silent, job.Silent.Seconds(), job.Name)
			tell(period, job.Every.Seconds(), job.Name)
		}
	}, last, silent, period)
}
