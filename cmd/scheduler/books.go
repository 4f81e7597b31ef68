package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/metrics"
	"github.com/passportphotogenie/passportphotogenie/internal/proof"
	"github.com/passportphotogenie/passportphotogenie/internal/scheduler"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
)

// books take note of what the jobs do, twice: in this process's figures, for its
// operators, and in the records, for the evidence that outlives every process.
type books struct {
	jobs    *metrics.Scheduler
	keeping *metrics.Keeping
	ledger  *sqlstore.Ledger
	log     *slog.Logger
	now     func() time.Time
}

// noteLimit is how long a note may take. It does not end with the job: what a job
// that was stopped has done is done.
const noteLimit = 5 * time.Second

// note writes into the records. That it fails stops nobody: the deed is done.
func (b *books) note(write func(ctx context.Context) error) {
	ctx, cancel := context.WithTimeout(context.Background(), noteLimit)
	defer cancel()
	if err := write(ctx); err != nil {
		b.log.Warn("evidence was not noted", "error", err)
	}
}

// JobRan implements scheduler.Meter.
func (b *books) JobRan(r scheduler.Ran) {
	b.jobs.JobRan(r.Job, r.Took, r.Err)
	b.jobs.JobLate(r.Job, r.Late)
	b.note(func(ctx context.Context) error { return b.ledger.NoteRun(ctx, r.Job, r.Every, r.At, r.Err == nil) })
}

// Purged implements scheduler.PurgeMeter.
func (b *books) Purged(class string, count int) {
	b.jobs.Purged(class, count)
	b.deleted(class, count)
}

// Orphan implements orphan.Meter.
func (b *books) Orphan(kind string) {
	b.keeping.Orphan(kind)
	b.deleted(proof.OrphanPrefix+kind, 1)
}

func (b *books) deleted(class string, count int) {
	if count > 0 {
		b.note(func(ctx context.Context) error { return b.ledger.NoteDeleted(ctx, class, b.now(), count) })
	}
}

// known tells what is known of the timetable's jobs. One that never ran is as silent
// as this process is old.
func known(ledger *sqlstore.Ledger, timetable []scheduler.Job, now func() time.Time) func(context.Context) ([]metrics.Job, error) {
	began := now()
	return func(ctx context.Context) (all []metrics.Job, err error) {
		runs, err := ledger.Runs(ctx)
		if err != nil {
			return nil, err
		}
		by := map[string]proof.Run{}
		for _, r := range runs {
			by[r.Job] = r
		}
		for _, j := range timetable {
			r, ran := by[j.Name]
			if !ran {
				r.KnownAt = began
			}
			all = append(all, metrics.Job{Name: j.Name, Every: j.Every, SucceededAt: r.SucceededAt, Silent: r.Silent(now())})
		}
		return all, nil
	}
}
