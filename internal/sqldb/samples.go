package sqldb

import (
	"context"
	"fmt"

	"github.com/pressly/goose/v3"
)

// keepNoSamples has PostgreSQL take no samples of texts and bytes for its planner.
// It would keep values of them (IDs of photos, wrapped keys, what people wrote) in a
// table of its own, from which no deletion and no Rewrite takes them. Rows are found by
// indexes; only to choose among these it has to know how often a status, state or kind
// occurs, and columns of these names hold nothing but our own few words. It is for our
// own tables, when they have been migrated; a backup of the database keeps the setting.
func (db *DB) keepNoSamples(ctx context.Context) error {
	if db.dialect != goose.DialectPostgres {
		return nil
	}
	statements, err := All(ctx, db, Only[string], `
		SELECT format('ALTER TABLE %s ALTER COLUMN %I SET STATISTICS 0', c.oid::regclass, a.attname)
		FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
		WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND pg_get_userbyid(c.relowner) = current_user
			AND a.attnum > 0 AND NOT a.attisdropped AND a.attname NOT IN ('status', 'state', 'kind') AND a.attstattarget IS DISTINCT FROM 0
			AND a.atttypid IN ('text'::regtype, 'bytea'::regtype)`)
	if err != nil {
		return fmt.Errorf("find columns: %w", err)
	}
	for _, statement := range statements {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("keep no samples of a column: %w", err)
		}
	}
	return nil
}
