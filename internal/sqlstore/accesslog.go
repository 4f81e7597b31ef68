package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/accesslog"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
)

// AccessLog is the table of requests. A line has a random name of its photo, and only
// the photo's own row says whose name that is: what marks the row for erasure takes
// the photo from all lines at once, and none has to be written.
type AccessLog struct{ db *sqldb.DB }

// NewAccessLog returns the table in a database that Open opened.
func NewAccessLog(db *sqldb.DB) *AccessLog { return &AccessLog{db} }

// Append keeps entries, all or none; those that it has already are left alone, so
// that it can be tried again. An entry of a photo that is gone or going does not
// name it. One small statement is prepared and run for each entry: a large one for
// all took SQLite, which others wait for, three times as long to read.
func (l *AccessLog) Append(ctx context.Context, entries []accesslog.Entry) error {
	err := inTx(ctx, l.db, func(tx *sql.Tx) (err error) {
		insert, err := tx.PrepareContext(ctx, `
			INSERT INTO access_log (entry, at, ip, method, route, query, photo, visitor, bytes, status, browser, os, referrer)
			VALUES ($1, $2, $3, $4, $5, $6, COALESCE((SELECT log_name FROM photos WHERE id = $7 AND status <> $8), ''), $9, $10, $11, $12, $13, $14)
			ON CONFLICT (entry) DO NOTHING`)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, insert.Close()) }()
		for _, e := range entries {
			_, err := insert.ExecContext(ctx, e.Name, sqldb.Millis(e.At), e.IP, e.Method, e.Route, e.Query, e.Photo, photo.Erasing,
				e.Visitor, e.Bytes, e.Status, e.Browser, e.OS, e.Referrer)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("append to the access log: %w", err)
	}
	return nil
}

// Forget deletes the lines about a photo that is not being erased yet: afterwards
// nothing tells which lines these were. Later lines do not name it any more.
func (l *AccessLog) Forget(ctx context.Context, id photo.ID) error {
	err := inTx(ctx, l.db, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			DELETE FROM access_log WHERE photo <> '' AND photo = (SELECT log_name FROM photos WHERE id = $1 AND status <> $2)`, id, photo.Erasing)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE photos SET log_name = '' WHERE id = $1`, id)
		return err
	})
	if err == nil {
		err = l.db.Scrub(ctx)
	}
	if err != nil {
		return fmt.Errorf("forget a photo in the access log: %w", err)
	}
	return nil
}

// Purge deletes the oldest lines; see scheduler.Purger.
func (l *AccessLog) Purge(ctx context.Context, cutoff time.Time, limit int) (int, error) {
	return l.db.Purge(ctx, sqldb.Register{Table: "access_log", Key: "entry", Anchor: "at"}, cutoff, limit)
}

// Page returns the entries that the filter wants, oldest first and at most limit:
// those that come after the given one, or the first for a zero entry.
func (l *AccessLog) Page(ctx context.Context, f accesslog.Filter, after accesslog.Entry, limit int) (page []accesslog.Entry, err error) {
	from, name := sqldb.Millis(f.From), ""
	if after.Name != "" {
		from, name = sqldb.Millis(after.At), after.Name
	}
	page, err = sqldb.All(ctx, l.db, scanLine, `
		SELECT entry, at, ip, method, route, query,
			COALESCE((SELECT id FROM photos WHERE log_name = photo AND log_name <> '' AND photos.status <> $7), ''),
			visitor, bytes, status, browser, os, referrer
		FROM access_log
		WHERE (at > $1 OR at = $1 AND entry > $2) AND at < $3
			AND ($4 = '' OR ip = $4) AND ($5 = 0 OR status = $5)
		ORDER BY at, entry LIMIT $6`,
		from, name, sqldb.Millis(f.To), f.IP, f.Status, limit, photo.Erasing)
	if err != nil {
		return nil, fmt.Errorf("read the access log: %w", err)
	}
	return page, nil
}

// Of returns all lines about a photo that is not being erased, oldest first.
func (l *AccessLog) Of(ctx context.Context, id photo.ID) ([]accesslog.Entry, error) {
	lines, err := sqldb.All(ctx, l.db, scanLine, `
		SELECT entry, at, ip, method, route, query, CAST($1 AS TEXT), visitor, bytes, status, browser, os, referrer
		FROM access_log
		WHERE photo <> '' AND photo = (SELECT log_name FROM photos WHERE id = $1 AND status <> $2)
		ORDER BY at, entry`, id, photo.Erasing)
	if err != nil {
		return nil, fmt.Errorf("read a photo's lines of the access log: %w", err)
	}
	return lines, nil
}

func scanLine(row sqldb.Row) (e accesslog.Entry, err error) {
	var at int64
	err = row.Scan(&e.Name, &at, &e.IP, &e.Method, &e.Route, &e.Query, &e.Photo, &e.Visitor, &e.Bytes, &e.Status, &e.Browser, &e.OS, &e.Referrer)
	e.At = sqldb.Time(at)
	return e, err
}

// Oldest returns the time of the oldest line; false if there is none.
func (l *AccessLog) Oldest(ctx context.Context) (time.Time, bool, error) {
	return moment(ctx, l.db, `SELECT MIN(at) FROM access_log`)
}
