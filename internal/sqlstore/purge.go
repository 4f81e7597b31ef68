package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
)

// purge deletes, the oldest first, at most limit rows whose anchor is set and not
// after the cutoff. When nothing is left to do it also makes what was deleted
// unreadable in the database's files.
func purge(ctx context.Context, db *sqldb.DB, r register, cutoff time.Time, limit int) (int, error) {
	// #nosec G202 -- names of our own tables
	result, err := db.ExecContext(ctx, `
		DELETE FROM `+r.table+` WHERE `+r.key+` IN (
			SELECT `+r.key+` FROM `+r.table+` WHERE `+r.anchor+` > 0 AND `+r.anchor+` <= $1 ORDER BY `+r.anchor+` LIMIT $2)`,
		sqldb.Millis(cutoff), limit)
	if err != nil {
		return 0, fmt.Errorf("purge %s: %w", r.table, err)
	}
	n, err := result.RowsAffected()
	if err == nil && int(n) < limit {
		err = db.Scrub(ctx)
	}
	if err != nil {
		return int(n), fmt.Errorf("purge %s: %w", r.table, err)
	}
	return int(n), nil
}

// register is a table whose rows are kept for a time, with the column that the
// time counts from.
type register struct{ table, key, anchor string }

// Purge deletes contests that were closed long enough ago; see scheduler.Purger.
func (c *Contests) Purge(ctx context.Context, cutoff time.Time, limit int) (int, error) {
	return purge(ctx, c.db, register{"contests", "id", "closed_at"}, cutoff, limit)
}

// Purge deletes the oldest events; see scheduler.Purger. It is the only thing that
// removes a line of the trail.
func (a *Audit) Purge(ctx context.Context, cutoff time.Time, limit int) (int, error) {
	return purge(ctx, a.db, register{"audit_events", "event", "at"}, cutoff, limit)
}

// Purge deletes receipts that were finished long enough ago; see
// scheduler.Purger.
func (r *Receipts) Purge(ctx context.Context, cutoff time.Time, limit int) (int, error) {
	return purge(ctx, r.db, register{"erasure_receipts", "receipt", "finished_at"}, cutoff, limit)
}

// oldest asks for the earliest of some times; false if there is none.
func oldest(ctx context.Context, db *sqldb.DB, query string, args ...any) (time.Time, bool, error) {
	var millis sql.NullInt64
	if err := db.QueryRowContext(ctx, query, args...).Scan(&millis); err != nil {
		return time.Time{}, false, fmt.Errorf("oldest: %w", err)
	}
	return sqldb.Time(millis.Int64), millis.Valid, nil
}
