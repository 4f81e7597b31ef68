package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
)

// The registers, as they are purged and as their ages are looked at.
func contestRegister() sqldb.Register {
	return sqldb.Register{Table: "contests", Key: "id", Anchor: "closed_at"}
}

func auditRegister() sqldb.Register {
	return sqldb.Register{Table: "audit_events", Key: "event", Anchor: "at"}
}

func receiptRegister() sqldb.Register {
	return sqldb.Register{Table: "erasure_receipts", Key: "receipt", Anchor: "finished_at"}
}

func subjectRequestRegister() sqldb.Register {
	return sqldb.Register{Table: "subject_requests", Key: "id", Anchor: "closed_at"}
}

func letterRegister() sqldb.Register {
	return sqldb.Register{Table: "letters", Key: "id", Anchor: "closed_at"}
}

// Purge deletes contests that were closed long enough ago; see scheduler.Purger.
func (c *Contests) Purge(ctx context.Context, cutoff time.Time, limit int) (int, error) {
	return c.db.Purge(ctx, contestRegister(), cutoff, limit)
}

// Purge deletes the oldest events; see scheduler.Purger. It is the only thing that
// removes a line of the trail.
func (a *Audit) Purge(ctx context.Context, cutoff time.Time, limit int) (int, error) {
	return a.db.Purge(ctx, auditRegister(), cutoff, limit)
}

// Purge deletes receipts that were finished long enough ago; see
// scheduler.Purger.
func (r *Receipts) Purge(ctx context.Context, cutoff time.Time, limit int) (int, error) {
	return r.db.Purge(ctx, receiptRegister(), cutoff, limit)
}

// Oldest returns when the contest that was closed first was; false if none is.
func (c *Contests) Oldest(ctx context.Context) (time.Time, bool, error) {
	return c.db.Oldest(ctx, contestRegister())
}

// Oldest returns the time of the first event; false if there is none.
func (a *Audit) Oldest(ctx context.Context) (time.Time, bool, error) {
	return a.db.Oldest(ctx, auditRegister())
}

// Oldest returns when the receipt that was finished first was; false if none is.
func (r *Receipts) Oldest(ctx context.Context) (time.Time, bool, error) {
	return r.db.Oldest(ctx, receiptRegister())
}

// moment asks for one of some times, such as the earliest; false if there is none.
func moment(ctx context.Context, db *sqldb.DB, query string, args ...any) (time.Time, bool, error) {
	var millis sql.NullInt64
	if err := db.QueryRowContext(ctx, query, args...).Scan(&millis); err != nil {
		return time.Time{}, false, fmt.Errorf("ask for a time: %w", err)
	}
	return sqldb.Time(millis.Int64), millis.Valid, nil
}
