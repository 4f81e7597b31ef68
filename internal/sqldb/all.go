package sqldb

import (
	"context"
	"database/sql"
	"errors"
)

// Queryer is a database, or a transaction in one.
type Queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Row is one row of an answer, be it the only one or not.
type Row interface{ Scan(into ...any) error }

// All asks, and returns what scan makes of each row; nil if there is none.
func All[T any](ctx context.Context, in Queryer, scan func(Row) (T, error), query string, args ...any) (all []T, err error) {
	rows, err := in.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return all, nil
}

// Only scans rows of one column.
func Only[T any](row Row) (value T, err error) {
	err = row.Scan(&value)
	return value, err
}

// Counts asks for rows of a key and a number.
func Counts[K comparable](ctx context.Context, in Queryer, query string, args ...any) (map[K]int, error) {
	type count struct {
		key K
		n   int
	}
	all, err := All(ctx, in, func(row Row) (c count, err error) {
		err = row.Scan(&c.key, &c.n)
		return c, err
	}, query, args...)
	if err != nil {
		return nil, err
	}
	by := make(map[K]int, len(all))
	for _, c := range all {
		by[c.key] = c.n
	}
	return by, nil
}
