package sqlstore

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"

	"github.com/passportphotogenie/passportphotogenie/internal/operator"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
)

// Authenticators is the table of what operators set up for their second code.
type Authenticators struct{ db *sqldb.DB }

// NewAuthenticators returns the table in a database that Open opened.
func NewAuthenticators(db *sqldb.DB) *Authenticators { return &Authenticators{db} }

// Find returns what was set up for an entry; operator.ErrNoAuthenticator if nothing
// was.
func (a *Authenticators) Find(ctx context.Context, name string, s operator.Stamp) (operator.Authenticator, error) {
	found := operator.Authenticator{Operator: name, Stamp: s}
	var setUp int64
	err := a.db.QueryRowContext(ctx, `
		SELECT sealed, set_up_at, last_step, (SELECT COUNT(*) FROM operator_recovery_codes c WHERE c.operator = a.operator)
		FROM operator_authenticators a WHERE operator = $1 AND stamp = $2`, name, s[:]).
		Scan(&found.Sealed, &setUp, &found.LastStep, &found.Codes)
	if err != nil {
		return operator.Authenticator{}, fmt.Errorf("find authenticator: %w", absent(err, operator.ErrNoAuthenticator))
	}
	found.SetUpAt = sqldb.Time(setUp)
	return found, nil
}

// SpendStep takes the code of a half minute, unless that or a later one was taken.
func (a *Authenticators) SpendStep(ctx context.Context, from operator.Authenticator, step int64) (bool, error) {
	took, err := change(ctx, a.db, `
		UPDATE operator_authenticators SET last_step = $1 WHERE operator = $2 AND stamp = $3 AND set_up_at = $4 AND last_step < $1`,
		step, from.Operator, from.Stamp[:], sqldb.Millis(from.SetUpAt))
	if err != nil {
		return false, fmt.Errorf("spend a code: %w", err)
	}
	return took, nil
}

// SpendRecovery takes a recovery code, which is gone then.
func (a *Authenticators) SpendRecovery(ctx context.Context, from operator.Authenticator, h secret.Hash) (bool, error) {
	took, err := change(ctx, a.db, `
		DELETE FROM operator_recovery_codes WHERE operator = $1 AND code_hash = $2 AND EXISTS (
			SELECT 1 FROM operator_authenticators WHERE operator = $1 AND stamp = $3)`,
		from.Operator, h[:], from.Stamp[:])
	if err != nil {
		return false, fmt.Errorf("spend a recovery code: %w", err)
	}
	return took, nil
}

// Propose keeps a sealed secret with the session, unless it has one, and returns the
// one it has; operator.ErrSignedOut if the session may set nothing up.
func (a *Authenticators) Propose(ctx context.Context, h secret.Hash, sealed []byte) (kept []byte, err error) {
	err = a.db.QueryRowContext(ctx, `
		UPDATE operator_sessions SET proposed = COALESCE(proposed, $1) WHERE token_hash = $2 AND may_enrol RETURNING proposed`, sealed, h[:]).
		Scan(&kept)
	if err != nil {
		return nil, fmt.Errorf("keep a proposed authenticator: %w", absent(err, operator.ErrSignedOut))
	}
	return kept, nil
}

// Allow lets the session set up another authenticator.
func (a *Authenticators) Allow(ctx context.Context, h secret.Hash) error {
	allowed, err := change(ctx, a.db, `UPDATE operator_sessions SET may_enrol = TRUE WHERE token_hash = $1`, h[:])
	if err == nil && !allowed {
		err = operator.ErrSignedOut
	}
	if err != nil {
		return fmt.Errorf("allow another authenticator: %w", err)
	}
	return nil
}

// Enrol puts an authenticator in the place of what the operator had, ends all of the
// operator's sessions and begins another. Of two sessions that do so the first ends
// the other: operator.ErrSignedOut.
func (a *Authenticators) Enrol(ctx context.Context, e operator.Enrolment) error {
	err := inTx(ctx, a.db, func(tx *sql.Tx) error {
		held, err := endAllOf(ctx, tx, e.Former)
		if err == nil && !held {
			err = operator.ErrSignedOut
		}
		if err == nil {
			err = replaceAuthenticator(ctx, tx, e)
		}
		if err == nil {
			err = beginSession(ctx, tx, e.Next)
		}
		if err == nil {
			err = appendEvent(ctx, tx, e.Event)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("set up an authenticator: %w", err)
	}
	return nil
}

// endAllOf ends all sessions of a session's operator, and reports whether that one was
// among them and may set up an authenticator. It is one statement, because of two who
// ended first their own and then all, each would wait for the other.
func endAllOf(ctx context.Context, tx *sql.Tx, s operator.Session) (held bool, err error) {
	rows, err := tx.QueryContext(ctx, `DELETE FROM operator_sessions WHERE operator = $1 RETURNING token_hash, may_enrol`, s.Operator.Name)
	if err != nil {
		return false, fmt.Errorf("end sessions: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var hash []byte
		var may bool
		if err := rows.Scan(&hash, &may); err != nil {
			return false, fmt.Errorf("end sessions: %w", err)
		}
		held = held || may && bytes.Equal(hash, s.Hash[:])
	}
	return held, rows.Err()
}

func replaceAuthenticator(ctx context.Context, tx *sql.Tx, e operator.Enrolment) error {
	n := e.Authenticator
	// Takes the recovery codes along.
	if _, err := tx.ExecContext(ctx, `DELETE FROM operator_authenticators WHERE operator = $1`, n.Operator); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO operator_authenticators (operator, stamp, sealed, set_up_at, last_step) VALUES ($1, $2, $3, $4, $5)`,
		n.Operator, n.Stamp[:], n.Sealed, sqldb.Millis(n.SetUpAt), n.LastStep)
	for i := 0; err == nil && i < len(e.Codes); i++ {
		_, err = tx.ExecContext(ctx, `INSERT INTO operator_recovery_codes (operator, code_hash) VALUES ($1, $2)`, n.Operator, e.Codes[i][:])
	}
	return err
}

// Sealed returns the sealed secrets of all authenticators, by operator.
func (a *Authenticators) Sealed(ctx context.Context) (map[string][]byte, error) {
	rows, err := a.db.QueryContext(ctx, `SELECT operator, sealed FROM operator_authenticators`)
	if err != nil {
		return nil, fmt.Errorf("list authenticators: %w", err)
	}
	defer rows.Close()
	all := map[string][]byte{}
	for rows.Next() {
		var name string
		var sealed []byte
		if err := rows.Scan(&name, &sealed); err != nil {
			return nil, fmt.Errorf("list authenticators: %w", err)
		}
		all[name] = sealed
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("list authenticators: %w", err)
	}
	return all, nil
}

// Reseal puts a secret in the place of the same one sealed otherwise.
func (a *Authenticators) Reseal(ctx context.Context, name string, former, sealed []byte) error {
	_, err := a.db.ExecContext(ctx, `UPDATE operator_authenticators SET sealed = $1 WHERE operator = $2 AND sealed = $3`, sealed, name, former)
	if err != nil {
		return fmt.Errorf("reseal an authenticator: %w", err)
	}
	return nil
}
