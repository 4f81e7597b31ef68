package sqldb

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Register is a table whose rows are kept for a time: the column that names a row,
// and the one that the time counts from, 0 for a row that has to stay.
type Register struct{ Table, Key, Anchor string }

// Purge deletes, the oldest first, at most limit rows of a register whose anchor is
// set and not after the cutoff, and says how many these were. When nothing is left
// to do it also makes what was deleted unreadable in the database's files.
func (db *DB) Purge(ctx context.Context, r Register, cutoff time.Time, limit int) (int, error) {
	// #nosec G202 -- names of our own tables
	result, err := db.ExecContext(ctx, `
		DELETE FROM `+r.Table+` WHERE `+r.Key+` IN (
			SELECT `+r.Key+` FROM `+r.Table+` WHERE `+r.Anchor+` > 0 AND `+r.Anchor+` <= $1 ORDER BY `+r.Anchor+` LIMIT $2)`,
		Millis(cutoff), limit)
	if err != nil {
		return 0, fmt.Errorf("purge %s: %w", r.Table, err)
	}
	n, err := result.RowsAffected()
	if err == nil && int(n) < limit {
		err = db.Scrub(ctx)
	}
	if err != nil {
		return int(n), fmt.Errorf("purge %s: %w", r.Table, err)
	}
	return int(n), nil
}

// Oldest returns the earliest anchor that is set in a register; false if there is
// none.
func (db *DB) Oldest(ctx context.Context, r Register) (time.Time, bool, error) {
	var millis sql.NullInt64
	// #nosec G202 -- names of our own tables
	err := db.QueryRowContext(ctx, `SELECT MIN(`+r.Anchor+`) FROM `+r.Table+` WHERE `+r.Anchor+` > 0`).Scan(&millis)
	if err != nil {
		return time.Time{}, false, fmt.Errorf("oldest of %s: %w", r.Table, err)
	}
	return Time(millis.Int64), millis.Valid, nil
}
