package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/proof"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
)

// Stated reports whether there is a statement of a week.
func (l *Ledger) Stated(ctx context.Context, week time.Time) (bool, error) {
	var n int
	if err := l.db.QueryRowContext(ctx, `SELECT COUNT(*) FROM retention_statements WHERE week = $1`, sqldb.Millis(week)).Scan(&n); err != nil {
		return false, fmt.Errorf("look for a statement: %w", err)
	}
	return n > 0, nil
}

// KeepStatement keeps a statement and publishes the key that signed it. If the week
// has one already, that one stays.
func (l *Ledger) KeepStatement(ctx context.Context, s proof.Statement) error {
	err := inTx(ctx, l.db, func(tx *sql.Tx) error {
		kept, err := change(ctx, tx, `
			INSERT INTO retention_statements (week, made_at, statement, signature, key_id) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT DO NOTHING`,
			sqldb.Millis(s.Week), sqldb.Millis(s.MadeAt), s.Proof.Text, s.Proof.Signature, s.Proof.Key.ID())
		if err != nil || !kept {
			return err
		}
		return publish(ctx, tx, s.Proof.Key, s.MadeAt)
	})
	if err != nil {
		return fmt.Errorf("keep a statement: %w", err)
	}
	return nil
}

const statementColumns = `SELECT week, made_at, statement, signature, public_key
	FROM retention_statements JOIN signing_keys ON signing_keys.key_id = retention_statements.key_id `

// Statement returns the one of a week; photo.ErrNotFound if there is none.
func (l *Ledger) Statement(ctx context.Context, week time.Time) (proof.Statement, error) {
	s, err := scanStatement(l.db.QueryRowContext(ctx, statementColumns+`WHERE week = $1`, sqldb.Millis(week)))
	if err != nil {
		return proof.Statement{}, fmt.Errorf("find a statement: %w", absent(err, photo.ErrNotFound))
	}
	return s, nil
}

// Latest returns the newest statements, at most limit.
func (l *Ledger) Latest(ctx context.Context, limit int) (all []proof.Statement, err error) {
	all, err = sqldb.All(ctx, l.db, scanStatement, statementColumns+`ORDER BY week DESC LIMIT $1`, limit)
	if err != nil {
		return nil, fmt.Errorf("list statements: %w", err)
	}
	return all, nil
}

func scanStatement(row sqldb.Row) (s proof.Statement, err error) {
	var week, made int64
	var key []byte
	if err := row.Scan(&week, &made, &s.Proof.Text, &s.Proof.Signature, &key); err != nil {
		return proof.Statement{}, err
	}
	s.Week, s.MadeAt, s.Proof.Key = sqldb.Time(week), sqldb.Time(made), key
	return s, nil
}
