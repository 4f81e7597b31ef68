package sqldb

import (
	"context"
	"errors"
	"fmt"

	"github.com/pressly/goose/v3"
)

// Rewrite writes tables of PostgreSQL, by names of ours, anew, without the bytes of deleted rows. A
// plain VACUUM, the automatic one too, lets new rows take a deleted one's place but
// leaves its bytes until then, and gives back only empty pages at a table's end.
// Each table is locked for the moment that takes; one that is busy for seconds
// makes Rewrite fail, and it is to be tried again. The write-ahead log is the
// server's affair and keeps what it has. On SQLite, which overwrites at once,
// Rewrite does nothing.
func (db *DB) Rewrite(ctx context.Context, tables ...string) (err error) {
	if db.dialect == goose.DialectSQLite3 {
		return nil
	}
	conn, err := db.Conn(ctx) // one, because the limit is a connection's
	if err != nil {
		return fmt.Errorf("rewrite tables: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if _, err := conn.ExecContext(ctx, "SET lock_timeout = '2s'"); err != nil {
		return fmt.Errorf("rewrite tables: %w", err)
	}
	for _, table := range tables {
		if _, failed := conn.ExecContext(ctx, `VACUUM FULL "`+table+`"`); failed != nil {
			err = errors.Join(err, fmt.Errorf("rewrite table %s: %w", table, failed))
		}
	}
	_, reset := conn.ExecContext(ctx, "RESET lock_timeout")
	return errors.Join(err, reset)
}
