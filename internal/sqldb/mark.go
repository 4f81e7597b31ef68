package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Mark is a text that is written once into a database of its own table, with the
// columns one (always 1) and id. It implements installation.Store.
type Mark struct {
	DB    *DB
	Table string
	Use   []string // tables that are empty in a new database
}

// ID is the text, or empty.
func (m Mark) ID(ctx context.Context) (id string, err error) {
	err = m.DB.QueryRowContext(ctx, `SELECT id FROM `+m.Table).Scan(&id) // #nosec G202 -- a name of ours
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("read the mark: %w", err)
	}
	return id, nil
}

// Keep writes the text unless there is one, and returns that which is there.
func (m Mark) Keep(ctx context.Context, id string) (string, error) {
	_, err := m.DB.ExecContext(ctx, `INSERT INTO `+m.Table+` (one, id) VALUES (1, $1) ON CONFLICT (one) DO NOTHING`, id) // #nosec G202 -- a name of ours
	if err != nil {
		return "", fmt.Errorf("write the mark: %w", err)
	}
	return m.ID(ctx)
}

// Used reports whether there is a row in any of the tables in use.
func (m Mark) Used(ctx context.Context) (bool, error) {
	for _, table := range m.Use {
		var one int
		err := m.DB.QueryRowContext(ctx, `SELECT 1 FROM `+table+` LIMIT 1`).Scan(&one) // #nosec G202 -- a name of ours
		if err == nil {
			return true, nil
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return false, fmt.Errorf("look whether %s is empty: %w", table, err)
		}
	}
	return false, nil
}
