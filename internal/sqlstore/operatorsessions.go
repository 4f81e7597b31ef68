package sqlstore

import (
	"context"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/operator"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
)

// OperatorSessions is the table of operators that are signed in.
type OperatorSessions struct{ db *sqldb.DB }

// NewOperatorSessions returns the table in a database that Open opened.
func NewOperatorSessions(db *sqldb.DB) *OperatorSessions { return &OperatorSessions{db} }

// Begin keeps a new session. The former one ends first: if this then fails, nobody is
// signed in.
func (o *OperatorSessions) Begin(ctx context.Context, s operator.Session, former secret.Hash) error {
	err := o.End(ctx, former)
	if err == nil {
		err = beginSession(ctx, o.db, s)
	}
	if err != nil {
		return fmt.Errorf("begin session: %w", err)
	}
	return nil
}

func beginSession(ctx context.Context, on execer, s operator.Session) error {
	_, err := on.ExecContext(ctx, `
		INSERT INTO operator_sessions (token_hash, operator, stamp, pending, may_enrol, started_at, seen_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		s.Hash[:], s.Operator.Name, s.Stamp[:], s.Pending, s.MayEnrol, sqldb.Millis(s.StartedAt), sqldb.Millis(s.SeenAt))
	return err
}

// Find returns a session, whatever its age; operator.ErrSignedOut if there is none.
func (o *OperatorSessions) Find(ctx context.Context, h secret.Hash) (operator.Session, error) {
	s := operator.Session{Hash: h}
	var stamp []byte
	var started, seen int64
	err := o.db.QueryRowContext(ctx, `
		SELECT operator, stamp, pending, may_enrol, proposed, started_at, seen_at FROM operator_sessions WHERE token_hash = $1`, h[:]).
		Scan(&s.Operator.Name, &stamp, &s.Pending, &s.MayEnrol, &s.Proposed, &started, &seen)
	if err != nil {
		return operator.Session{}, fmt.Errorf("find session: %w", absent(err, operator.ErrSignedOut))
	}
	copy(s.Stamp[:], stamp)
	s.StartedAt, s.SeenAt = sqldb.Time(started), sqldb.Time(seen)
	return s, nil
}

// Seen notes that the session was used.
func (o *OperatorSessions) Seen(ctx context.Context, h secret.Hash, now time.Time) error {
	_, err := o.db.ExecContext(ctx, `UPDATE operator_sessions SET seen_at = $1 WHERE token_hash = $2 AND seen_at < $1`, sqldb.Millis(now), h[:])
	if err != nil {
		return fmt.Errorf("note a session's use: %w", err)
	}
	return nil
}

// End ends a session, if there is one.
func (o *OperatorSessions) End(ctx context.Context, h secret.Hash) error {
	if _, err := o.db.ExecContext(ctx, `DELETE FROM operator_sessions WHERE token_hash = $1`, h[:]); err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	return nil
}

// EndAll ends all sessions of an operator.
func (o *OperatorSessions) EndAll(ctx context.Context, name string) error {
	if _, err := o.db.ExecContext(ctx, `DELETE FROM operator_sessions WHERE operator = $1`, name); err != nil {
		return fmt.Errorf("end sessions: %w", err)
	}
	return nil
}

func sessionRegister() sqldb.Register {
	return sqldb.Register{Table: "operator_sessions", Key: "token_hash", Anchor: "started_at"}
}

// Purge deletes sessions that began long enough ago; see scheduler.Purger.
func (o *OperatorSessions) Purge(ctx context.Context, cutoff time.Time, limit int) (int, error) {
	return o.db.Purge(ctx, sessionRegister(), cutoff, limit)
}

// Oldest returns when the first session that is kept began; false if there is none.
func (o *OperatorSessions) Oldest(ctx context.Context) (time.Time, bool, error) {
	return o.db.Oldest(ctx, sessionRegister())
}
