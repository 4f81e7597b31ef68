package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
)

// Purge deletes contests that were closed long enough ago; see scheduler.Purger.
func (c *Contests) Purge(ctx context.Context, cutoff time.Time, limit int) (int, error) {
	return c.db.Purge(ctx, sqldb.Register{Table: "contests", Key: "id", Anchor: "closed_at"}, cutoff, limit)
}

// Purge deletes the oldest events; see scheduler.Purger. It is the only thing that
// removes a line of the trail.
func (a *Audit) Purge(ctx context.Context, cutoff time.Time, limit int) (int, error) {
	return a.db.Purge(ctx, sqldb.Register{Table: "audit_events", Key: "event", Anchor: "at"}, cutoff, limit)
}

// Purge deletes receipts that were finished long enough ago; see
// scheduler.Purger.
func (r *Receipts) Purge(ctx context.Context, cutoff time.Time, limit int) (int, error) {
	return r.db.Purge(ctx, sqldb.Register{Table: "erasure_receipts", Key: "receipt", Anchor: "finished_at"}, cutoff, limit)
}

// oldest asks for the earliest of some times; false if there is none.
func oldest(ctx context.Context, db *sqldb.DB, query string, args ...any) (time.Time, bool, error) {
	var millis sql.NullInt64
	if err := db.QueryRowContext(ctx, query, args...).Scan(&millis); err != nil {
		return time.Time{}, false, fmt.Errorf("oldest: %w", err)
	}
	return sqldb.Time(millis.Int64), millis.Valid, nil
}
