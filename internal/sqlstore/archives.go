package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/archive"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// Archives is the table of the JSON parts by which requests for access and
// portability are answered. They are sealed before they come here. A request has one,
// and takes it along when it is closed.
type Archives struct{ db *sqldb.DB }

// NewArchives returns the table in a database that Open opened.
func NewArchives(db *sqldb.DB) *Archives { return &Archives{db} }

// Keep keeps the archive of a request that is open. False says that it has one, which
// stays, or that the request is not open any more.
func (a *Archives) Keep(ctx context.Context, id subjectrequest.ID, s archive.Sealed) (kept bool, err error) {
	err = inTx(ctx, a.db, func(tx *sql.Tx) error {
		// Changes nothing, but nobody can close the request until this is in.
		open, err := change(ctx, tx, `UPDATE subject_requests SET version = version WHERE id = $1 AND due_on <> ''`, id)
		if err != nil || !open {
			return err
		}
		kept, err = change(ctx, tx, `
			INSERT INTO archives (request_id, key, document, since) VALUES ($1, $2, $3, $4) ON CONFLICT (request_id) DO NOTHING`,
			id, s.Key, s.Document, sqldb.Millis(s.Since))
		return err
	})
	if err != nil {
		return false, fmt.Errorf("keep archive: %w", err)
	}
	return kept, nil
}

// Find returns a request's archive; subjectrequest.ErrNotFound if it has none.
func (a *Archives) Find(ctx context.Context, id subjectrequest.ID) (archive.Sealed, error) {
	s, err := scanArchive(a.db.QueryRowContext(ctx, `SELECT key, document, since FROM archives WHERE request_id = $1`, id))
	if err != nil {
		return archive.Sealed{}, fmt.Errorf("find archive: %w", absent(err, subjectrequest.ErrNotFound))
	}
	return s, nil
}

func scanArchive(row sqldb.Row) (s archive.Sealed, err error) {
	var since int64
	err = row.Scan(&s.Key, &s.Document, &since)
	s.Since = sqldb.Time(since)
	return s, err
}

// isUnanswered selects requests that are to be answered with an archive, as
// archive.Wanted does. An index has just these; what is put to the texts keeps SQLite
// from others, of kinds and states.
const isUnanswered = `r.kind || '' IN ('access', 'portability') AND r.state || '' IN ('accepted', 'extended')`

// Unanswered returns open requests that are to be answered with an archive, whether
// they have one or not, the one filed first before the others and at most limit.
func (a *Archives) Unanswered(ctx context.Context, limit int) ([]subjectrequest.Request, error) {
	all, err := sqldb.All(ctx, a.db, scanRequest, requestColumns+`WHERE `+isUnanswered+` ORDER BY r.filed_at, r.id LIMIT $1`, limit)
	if err != nil {
		return nil, fmt.Errorf("list requests that wait for an archive: %w", err)
	}
	return all, nil
}

// Waiting counts the requests that wait for an archive, and says when the one of them
// was filed that was filed first.
func (a *Archives) Waiting(ctx context.Context) (n int, oldest time.Time, err error) {
	var first sql.NullInt64
	err = a.db.QueryRowContext(ctx, `
		SELECT COUNT(*), MIN(r.filed_at) FROM subject_requests r
		WHERE `+isUnanswered+` AND NOT EXISTS (SELECT 1 FROM archives WHERE request_id = r.id)`).Scan(&n, &first)
	if err != nil {
		return 0, time.Time{}, fmt.Errorf("count requests without an archive: %w", err)
	}
	if first.Valid {
		oldest = sqldb.Time(first.Int64)
	}
	return n, oldest, nil
}

// Sealed returns the sealed keys of all archives, by request.
func (a *Archives) Sealed(ctx context.Context) (map[string][]byte, error) {
	type sealed struct {
		request string
		key     []byte
	}
	all, err := sqldb.All(ctx, a.db, func(row sqldb.Row) (s sealed, err error) {
		err = row.Scan(&s.request, &s.key)
		return s, err
	}, `SELECT request_id, key FROM archives`)
	if err != nil {
		return nil, fmt.Errorf("list archives: %w", err)
	}
	by := make(map[string][]byte, len(all))
	for _, s := range all {
		by[s.request] = s.key
	}
	return by, nil
}

// Reseal puts a key in the place of the same one sealed otherwise.
func (a *Archives) Reseal(ctx context.Context, request string, former, sealed []byte) error {
	_, err := a.db.ExecContext(ctx, `UPDATE archives SET key = $1 WHERE request_id = $2 AND key = $3`, sealed, request, former)
	if err != nil {
		return fmt.Errorf("reseal an archive's key: %w", err)
	}
	return nil
}

func archiveRegister() sqldb.Register {
	return sqldb.Register{Table: "archives", Key: "request_id", Anchor: "since"}
}

// Purge deletes archives whose time is over; see scheduler.Purger.
func (a *Archives) Purge(ctx context.Context, cutoff time.Time, limit int) (int, error) {
	return a.db.Purge(ctx, archiveRegister(), cutoff, limit)
}

// Oldest returns from when the time of the oldest archive counts; false if there is
// none.
func (a *Archives) Oldest(ctx context.Context) (time.Time, bool, error) {
	return a.db.Oldest(ctx, archiveRegister())
}
