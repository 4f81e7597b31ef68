package sqldb

import (
	"context"
	"fmt"
	"time"

	"github.com/pressly/goose/v3"
)

// Clock asks the database for the time, to the millisecond. SQLite has no other
// clock than this machine's.
func (db *DB) Clock(ctx context.Context) (time.Time, error) {
	ask := `SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)`
	if db.dialect == goose.DialectSQLite3 {
		ask = `SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER)`
	}
	var millis int64
	if err := db.QueryRowContext(ctx, ask).Scan(&millis); err != nil {
		return time.Time{}, fmt.Errorf("%s database: ask for the time: %w", db.schema.Name, err)
	}
	return Time(millis), nil
}
