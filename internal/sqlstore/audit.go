package sqlstore

import (
	"context"
	"fmt"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
)

// Audit is the trail of what operators did. It can be read and added to; nothing
// here changes a line of it, and only time, by Purge, removes one.
type Audit struct{ db *sqldb.DB }

// NewAudit returns the trail in a database that Open opened.
func NewAudit(db *sqldb.DB) *Audit { return &Audit{db} }

// Append writes one event.
func (a *Audit) Append(ctx context.Context, e audit.Event) error {
	return appendEvent(ctx, a.db, e)
}

func appendEvent(ctx context.Context, on execer, e audit.Event) error {
	_, err := on.ExecContext(ctx, `
		INSERT INTO audit_events (event, at, actor, action, subject, outcome) VALUES ($1, $2, $3, $4, $5, $6)`,
		secret.NewName(), sqldb.Millis(e.At), e.Actor, e.Action, e.Subject, e.Outcome)
	if err != nil {
		return fmt.Errorf("append to the audit trail: %w", err)
	}
	return nil
}

// About returns the events with a subject, oldest first.
func (a *Audit) About(ctx context.Context, subject string) (events []audit.Event, err error) {
	events, err = sqldb.All(ctx, a.db, func(row sqldb.Row) (e audit.Event, err error) {
		var at int64
		err = row.Scan(&at, &e.Actor, &e.Action, &e.Subject, &e.Outcome)
		e.At = sqldb.Time(at)
		return e, err
	}, `
		SELECT at, actor, action, subject, outcome FROM audit_events WHERE subject = $1 ORDER BY at, event`, subject)
	if err != nil {
		return nil, fmt.Errorf("read the audit trail: %w", err)
	}
	return events, nil
}
