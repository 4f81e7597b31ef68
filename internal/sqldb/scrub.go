package sqldb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/pressly/goose/v3"
)

// Scrub makes deleted rows unreadable in the files too: SQLite's write-ahead
// log keeps the pages as they were before a deletion until it is cut off. It
// fails when other processes are in the way for seconds; then it is to be tried
// again. On PostgreSQL it does nothing; see Rewrite.
func (db *DB) Scrub(ctx context.Context) error {
	if db.dialect != goose.DialectSQLite3 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, busyTimeout)
	defer cancel()
	poll := time.NewTicker(10 * time.Millisecond)
	defer poll.Stop()
	for {
		busy, err := db.truncateLog(ctx)
		if err != nil {
			return fmt.Errorf("cut off the write-ahead log: %w", err)
		}
		if !busy {
			return nil
		}
		// Another process is at it. SQLite's own waiting does not cover that.
		select {
		case <-ctx.Done():
			return fmt.Errorf("cut off the write-ahead log: other processes use it: %w", ctx.Err())
		case <-poll.C:
		}
	}
}

// lockPatience is how long a rewrite waits for others to let go of the table. All
// who come later wait with it.
const lockPatience = 2 * time.Second

// Rewrite has PostgreSQL write a small table into a new file, because the old
// one keeps the bytes of deleted rows, also after a plain VACUUM. Rows that a
// transaction from before their deletion could still read are kept: such a
// transaction must have ended. Nobody can use the table meanwhile; it fails when
// others hold it for seconds. On SQLite, which overwrites what is deleted, it
// does nothing. table is a name of ours, and no one else's word.
func (db *DB) Rewrite(ctx context.Context, table string) (err error) {
	if db.dialect != goose.DialectPostgres {
		return nil
	}
	c, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("write %s anew: %w", table, err)
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	if _, err := c.ExecContext(ctx, fmt.Sprintf("SET lock_timeout = %d", lockPatience.Milliseconds())); err != nil {
		return fmt.Errorf("write %s anew: %w", table, err)
	}
	_, err = c.ExecContext(ctx, "VACUUM FULL "+table)
	_, reset := c.ExecContext(context.WithoutCancel(ctx), "RESET lock_timeout") // others use the connection next
	if err := errors.Join(err, reset); err != nil {
		return fmt.Errorf("write %s anew: %w", table, err)
	}
	return nil
}

func (db *DB) truncateLog(ctx context.Context) (busy bool, err error) {
	var frames, moved int
	err = db.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &moved)
	return busy, err
}
