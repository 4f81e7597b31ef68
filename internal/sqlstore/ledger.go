package sqlstore

import (
	"context"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/proof"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
)

// Ledger keeps what shows that the retention table holds; see package proof.
type Ledger struct{ db *sqldb.DB }

// NewLedger returns it in a database that Open opened.
func NewLedger(db *sqldb.DB) *Ledger { return &Ledger{db} }

// NoteRun notes that a job ran, and whether it succeeded.
func (l *Ledger) NoteRun(ctx context.Context, job string, every time.Duration, at time.Time, succeeded bool) error {
	success, failures := int64(0), 1
	if succeeded {
		success, failures = sqldb.Millis(at), 0
	}
	// Of two processes that run a job at once, the one that ended later may come first.
	_, err := l.db.ExecContext(ctx, `
		INSERT INTO job_runs (job, period, known_at, ran_at, succeeded_at, failures) VALUES ($1, $2, $3, $3, $4, $5)
		ON CONFLICT (job) DO UPDATE SET period = excluded.period,
			ran_at = CASE WHEN excluded.ran_at > job_runs.ran_at THEN excluded.ran_at ELSE job_runs.ran_at END,
			succeeded_at = CASE WHEN excluded.succeeded_at > job_runs.succeeded_at THEN excluded.succeeded_at ELSE job_runs.succeeded_at END,
			failures = CASE WHEN excluded.failures = 0 THEN 0 ELSE job_runs.failures + 1 END`,
		job, every.Milliseconds(), sqldb.Millis(at), success, failures)
	if err != nil {
		return fmt.Errorf("note the run of a job: %w", err)
	}
	return nil
}

// Runs returns what is known of the jobs that ever ran, by name.
func (l *Ledger) Runs(ctx context.Context) (runs []proof.Run, err error) {
	runs, err = sqldb.All(ctx, l.db, func(row sqldb.Row) (r proof.Run, err error) {
		var period, known, ran, succeeded int64
		err = row.Scan(&r.Job, &period, &known, &ran, &succeeded, &r.Failures)
		r.Every = time.Duration(period) * time.Millisecond
		r.KnownAt, r.RanAt, r.SucceededAt = sqldb.Time(known), sqldb.Time(ran), sqldb.Time(succeeded)
		return r, err
	}, `SELECT job, period, known_at, ran_at, succeeded_at, failures FROM job_runs ORDER BY job`)
	if err != nil {
		return nil, fmt.Errorf("read the runs of jobs: %w", err)
	}
	return runs, nil
}

// NoteDeleted adds to what was deleted of a class on the day that now lies in.
func (l *Ledger) NoteDeleted(ctx context.Context, class string, now time.Time, count int) error {
	return l.note(ctx, class, now, proof.Sum{Deleted: count})
}

// NoteLook notes the age of the class's oldest item.
func (l *Ledger) NoteLook(ctx context.Context, class string, now time.Time, age time.Duration) error {
	return l.note(ctx, class, now, proof.Sum{Looks: 1, Oldest: age})
}

func (l *Ledger) note(ctx context.Context, class string, now time.Time, s proof.Sum) error {
	_, err := l.db.ExecContext(ctx, `
		INSERT INTO retention_days (day, class, deleted, looks, oldest) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (day, class) DO UPDATE SET
			deleted = retention_days.deleted + excluded.deleted, looks = retention_days.looks + excluded.looks,
			oldest = CASE WHEN excluded.oldest > retention_days.oldest THEN excluded.oldest ELSE retention_days.oldest END`,
		sqldb.Millis(now.UTC().Truncate(retention.Day)), class, s.Deleted, s.Looks, s.Oldest.Milliseconds())
	if err != nil {
		return fmt.Errorf("note what is kept: %w", err)
	}
	return nil
}

// Sums adds up what was noted, by class, on the days from one until before another.
func (l *Ledger) Sums(ctx context.Context, from, until time.Time) (map[string]proof.Sum, error) {
	rows, err := l.db.QueryContext(ctx, `
		SELECT class, SUM(deleted), SUM(looks), MAX(oldest) FROM retention_days
		WHERE day >= $1 AND day < $2 GROUP BY class`, sqldb.Millis(from), sqldb.Millis(until))
	if err != nil {
		return nil, fmt.Errorf("sum up what was kept: %w", err)
	}
	defer rows.Close()
	sums := map[string]proof.Sum{}
	for rows.Next() {
		var class string
		var s proof.Sum
		var oldest int64
		if err := rows.Scan(&class, &s.Deleted, &s.Looks, &oldest); err != nil {
			return nil, fmt.Errorf("sum up what was kept: %w", err)
		}
		s.Oldest = time.Duration(oldest) * time.Millisecond
		sums[class] = s
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("sum up what was kept: %w", err)
	}
	return sums, nil
}
