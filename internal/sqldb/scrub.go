package sqldb

import (
	"context"
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

func (db *DB) truncateLog(ctx context.Context) (busy bool, err error) {
	var frames, moved int
	err = db.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &moved)
	return busy, err
}
