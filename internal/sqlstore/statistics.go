package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
	"github.com/passportphotogenie/passportphotogenie/internal/statistics"
)

// Statistics is the table of what is kept of photos' use, and that of the daily
// figures. A row is found by its reference only; the photo has that while it
// lives, and the row never has the photo.
type Statistics struct{ db *sqldb.DB }

// NewStatistics returns the tables in a database that Open opened.
func NewStatistics(db *sqldb.DB) *Statistics { return &Statistics{db} }

// Note makes the row of a photo that has the reference, or adds to it what is
// new; see statistics.Store. What is older than the row changes nothing.
func (s *Statistics) Note(ctx context.Context, e statistics.Entry) error {
	_, err := s.db.ExecContext(ctx, `
		INSERT INTO usage_statistics (reference, day, country, document, outcome, reason, verdict, edits,
			format, kilobytes, width, height, uploaded_at, last_edited_at, settled_at, erased_at)
		SELECT $1, $2, $3, $4, $5, $6, $7, CAST($8 AS INTEGER), $9, CAST($10 AS BIGINT), CAST($11 AS INTEGER), CAST($12 AS INTEGER),
			CAST($13 AS BIGINT), CAST($14 AS BIGINT), CAST($15 AS BIGINT), CAST($16 AS BIGINT)
		WHERE EXISTS (SELECT 1 FROM photos WHERE reference = $1)
		ON CONFLICT (reference) DO UPDATE SET
			country = CASE WHEN `+isNewer+` THEN excluded.country ELSE usage_statistics.country END,
			document = CASE WHEN `+isNewer+` THEN excluded.document ELSE usage_statistics.document END,
			last_edited_at = CASE WHEN `+isNewer+` THEN excluded.last_edited_at ELSE usage_statistics.last_edited_at END,
			outcome = CASE WHEN `+isOutcome+` THEN excluded.outcome ELSE usage_statistics.outcome END,
			reason = CASE WHEN `+isOutcome+` THEN excluded.reason ELSE usage_statistics.reason END,
			verdict = CASE WHEN `+isOutcome+` THEN excluded.verdict ELSE usage_statistics.verdict END,
			settled_at = CASE WHEN `+isOutcome+` THEN excluded.settled_at ELSE usage_statistics.settled_at END,
			erased_at = CASE WHEN excluded.erased_at > 0 THEN excluded.erased_at ELSE usage_statistics.erased_at END,
			edits = CASE WHEN `+isNewer+` THEN excluded.edits ELSE usage_statistics.edits END`,
		e.Reference, e.UploadedAt.UTC().Format(time.DateOnly), e.Country, e.Document, e.Outcome, e.Reason, e.Verdict, e.Edits,
		string(e.Format), e.Kilobytes, e.Width, e.Height,
		sqldb.Millis(e.UploadedAt), sqldb.Millis(e.LastEditedAt), sqldb.Millis(e.SettledAt), sqldb.Millis(e.ErasedAt))
	if err != nil {
		return fmt.Errorf("note statistics: %w", err)
	}
	return nil
}

const (
	isNewer   = `excluded.edits >= usage_statistics.edits`
	isOutcome = `excluded.outcome <> '' AND ` + isNewer
)

// Find returns a row; photo.ErrNotFound if there is none under this reference.
func (s *Statistics) Find(ctx context.Context, reference string) (statistics.Entry, error) {
	e := statistics.Entry{Reference: reference}
	var uploaded, edited, settled, erased int64
	err := s.db.QueryRowContext(ctx, `
		SELECT country, document, outcome, reason, verdict, edits, format, kilobytes, width, height,
			uploaded_at, last_edited_at, settled_at, erased_at
		FROM usage_statistics WHERE reference = $1`, reference).
		Scan(&e.Country, &e.Document, &e.Outcome, &e.Reason, &e.Verdict, &e.Edits, &e.Format, &e.Kilobytes, &e.Width, &e.Height,
			&uploaded, &edited, &settled, &erased)
	if err != nil {
		return statistics.Entry{}, fmt.Errorf("find statistics: %w", absent(err, photo.ErrNotFound))
	}
	e.UploadedAt, e.LastEditedAt = sqldb.Time(uploaded), sqldb.Time(edited)
	e.SettledAt, e.ErasedAt = sqldb.Time(settled), sqldb.Time(erased)
	return e, nil
}

// Forget deletes a row for good: the photo, if it lives, gives up the reference,
// so that nothing makes the row anew. It succeeds when there is no such row.
func (s *Statistics) Forget(ctx context.Context, reference string) error {
	if reference == "" {
		return nil // the mark of all photos that have no row
	}
	err := inTx(ctx, s.db, func(tx *sql.Tx) error {
		if _, err := change(ctx, tx, `UPDATE photos SET reference = '' WHERE reference = $1`, reference); err != nil {
			return err
		}
		_, err := change(ctx, tx, `DELETE FROM usage_statistics WHERE reference = $1`, reference)
		return err
	})
	if err == nil {
		err = s.db.Scrub(ctx)
	}
	if err != nil {
		return fmt.Errorf("forget statistics: %w", err)
	}
	return nil
}

// RollUp adds to the daily figures the photos that were erased, and those whose
// rows were begun at before or earlier, each once however often it is called. Rows
// are marked first, so that one that changes meanwhile is not counted unseen.
func (s *Statistics) RollUp(ctx context.Context, before time.Time) error {
	err := inTx(ctx, s.db, func(tx *sql.Tx) error {
		for _, step := range []struct {
			statement string
			args      []any
		}{
			{`UPDATE usage_statistics SET rolled_up = 1 WHERE rolled_up = 0 AND (erased_at > 0 OR uploaded_at <= $1)`, []any{sqldb.Millis(before)}},
			{`INSERT INTO daily_statistics (day, country, document, outcome, photos)
				SELECT day, country, document, CASE WHEN reason = '' THEN outcome ELSE outcome || ':' || reason END AS how, COUNT(*)
				FROM usage_statistics WHERE rolled_up = 1 GROUP BY day, country, document, how
				ON CONFLICT (day, country, document, outcome) DO UPDATE SET photos = daily_statistics.photos + excluded.photos`, nil},
			{`UPDATE usage_statistics SET rolled_up = 2 WHERE rolled_up = 1`, nil},
		} {
			if _, err := tx.ExecContext(ctx, step.statement, step.args...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("roll up statistics: %w", err)
	}
	return nil
}

// Purge deletes the oldest rows, of those that are in the daily figures; see
// scheduler.Purger. Photos that live so long give up their reference.
func (s *Statistics) Purge(ctx context.Context, cutoff time.Time, limit int) (n int, err error) {
	const over = `SELECT reference FROM usage_statistics WHERE rolled_up = 2 AND uploaded_at <= $1 ORDER BY uploaded_at, reference LIMIT $2`
	err = inTx(ctx, s.db, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE photos SET reference = '' WHERE reference IN (`+over+`)`, sqldb.Millis(cutoff), limit)
		if err != nil {
			return err
		}
		result, err := tx.ExecContext(ctx, `DELETE FROM usage_statistics WHERE reference IN (`+over+`)`, sqldb.Millis(cutoff), limit)
		if err != nil {
			return err
		}
		deleted, err := result.RowsAffected()
		n = int(deleted)
		return err
	})
	if err == nil && n < limit {
		err = s.db.Scrub(ctx)
	}
	if err != nil {
		return 0, fmt.Errorf("purge statistics: %w", err)
	}
	return n, nil
}

// Days returns the daily figures of a range of dates, both included.
func (s *Statistics) Days(ctx context.Context, from, to time.Time) (days []statistics.Day, err error) {
	days, err = sqldb.All(ctx, s.db, func(row sqldb.Row) (d statistics.Day, err error) {
		err = row.Scan(&d.Date, &d.Country, &d.Document, &d.Outcome, &d.Photos)
		return d, err
	}, `
		SELECT day, country, document, outcome, photos FROM daily_statistics
		WHERE day >= $1 AND day <= $2 ORDER BY day, country, document, outcome`,
		from.UTC().Format(time.DateOnly), to.UTC().Format(time.DateOnly))
	if err != nil {
		return nil, fmt.Errorf("daily statistics: %w", err)
	}
	return days, nil
}

// Totals returns how many photos were uploaded on each day and ended in one way, of all
// documents together, those included that are in no daily figure yet.
func (s *Statistics) Totals(ctx context.Context, from, to time.Time) (totals []statistics.Total, err error) {
	totals, err = sqldb.All(ctx, s.db, func(row sqldb.Row) (t statistics.Total, err error) {
		err = row.Scan(&t.Date, &t.Outcome, &t.Photos)
		return t, err
	}, `
		SELECT day, outcome, CAST(SUM(photos) AS BIGINT) FROM (
			SELECT day, CASE WHEN outcome LIKE 'rejected%' THEN 'rejected' WHEN outcome LIKE 'failed%' THEN 'failed' ELSE outcome END AS outcome, photos
			FROM daily_statistics WHERE day >= $1 AND day <= $2
			UNION ALL
			SELECT day, outcome, COUNT(*) AS photos FROM usage_statistics WHERE rolled_up = 0 AND day >= $1 AND day <= $2 GROUP BY day, outcome
		) AS every_photo GROUP BY day, outcome ORDER BY day, outcome`,
		from.UTC().Format(time.DateOnly), to.UTC().Format(time.DateOnly))
	if err != nil {
		return nil, fmt.Errorf("totals of statistics: %w", err)
	}
	return totals, nil
}

// Oldest returns when the oldest row was begun; false if there is none.
func (s *Statistics) Oldest(ctx context.Context) (time.Time, bool, error) {
	return moment(ctx, s.db, `SELECT MIN(uploaded_at) FROM usage_statistics`)
}
