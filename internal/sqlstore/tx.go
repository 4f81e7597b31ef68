package sqlstore

import (
	"context"
	"database/sql"
	"errors"

	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
)

// execer is a database, or a transaction in one.
type execer interface {
	ExecContext(ctx context.Context, statement string, args ...any) (sql.Result, error)
}

// change runs a statement and reports whether it changed a row.
func change(ctx context.Context, on execer, statement string, args ...any) (bool, error) {
	result, err := on.ExecContext(ctx, statement, args...)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
}

// inTx does all or, when it fails, nothing.
func inTx(ctx context.Context, db *sqldb.DB, do func(*sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := do(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}
