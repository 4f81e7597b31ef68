package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/apiclient"
	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
	"github.com/passportphotogenie/passportphotogenie/internal/webhook"
)

func photoOf(id sql.NullString) photo.ID { return photo.ID(id.String) }

const endpointColumns = `client, url, sealed, set_at, off, off_at, failing_since, delivered_at`

func scanEndpoint(row sqldb.Row) (e webhook.Endpoint, err error) {
	var set, off, failing, delivered int64
	err = row.Scan(&e.Client, &e.URL, &e.Sealed, &set, &e.Off, &off, &failing, &delivered)
	e.Set, e.OffAt, e.FailingSince, e.Delivered = sqldb.Time(set), sqldb.Time(off), sqldb.Time(failing), sqldb.Time(delivered)
	return e, err
}

// Endpoint returns a client's; webhook.ErrNoEndpoint if it has none.
func (w *Webhooks) Endpoint(ctx context.Context, c apiclient.ID) (webhook.Endpoint, error) {
	e, err := scanEndpoint(w.db.QueryRowContext(ctx, `SELECT `+endpointColumns+` FROM webhook_endpoints WHERE client = $1`, c))
	if err != nil {
		return webhook.Endpoint{}, fmt.Errorf("find webhook: %w", absent(err, webhook.ErrNoEndpoint))
	}
	return e, nil
}

// Set puts an endpoint in the place of what the client had, and switches it on. The
// event, whose subject becomes the client, is written with it; both or neither.
// apiclient.ErrUnknownKey says that it is a client no more.
func (w *Webhooks) Set(ctx context.Context, e webhook.Endpoint, did audit.Event) error {
	did.Subject = string(e.Client)
	err := inTx(ctx, w.db, func(tx *sql.Tx) error {
		kept, err := change(ctx, tx, `
			INSERT INTO webhook_endpoints (client, url, sealed, set_at)
			SELECT id, $2, $3, $4 FROM api_clients WHERE id = $1 AND revoked_at = 0
			ON CONFLICT (client) DO UPDATE SET url = excluded.url, sealed = excluded.sealed, set_at = excluded.set_at,
				off = '', off_at = 0, failing_since = 0, delivered_at = 0`,
			e.Client, e.URL, e.Sealed, sqldb.Millis(e.Set))
		if err == nil && !kept {
			err = apiclient.ErrUnknownKey
		}
		if err == nil {
			err = appendEvent(ctx, tx, did)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("set webhook: %w", err)
	}
	return nil
}

// Remove takes a client's endpoint away with all that waits for it, and writes the event
// as Set does it. webhook.ErrNoEndpoint says that there is none.
func (w *Webhooks) Remove(ctx context.Context, c apiclient.ID, did audit.Event) error {
	did.Subject = string(c)
	err := inTx(ctx, w.db, func(tx *sql.Tx) error {
		gone, err := change(ctx, tx, `DELETE FROM webhook_endpoints WHERE client = $1`, c)
		if err == nil && !gone {
			err = webhook.ErrNoEndpoint
		}
		if err == nil {
			err = dropAll(ctx, tx, c, did.At)
		}
		if err == nil {
			err = appendEvent(ctx, tx, did)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("remove webhook: %w", err)
	}
	return nil
}

// maxTests is how many trial notices of a client may wait at a time.
const maxTests = 3

// Try writes a notice that only tries the endpoint, unless enough of them wait already.
// webhook.ErrNoEndpoint says that there is none, or it is off.
func (w *Webhooks) Try(ctx context.Context, c apiclient.ID, now time.Time) error {
	err := inTx(ctx, w.db, func(tx *sql.Tx) error {
		var waiting int
		err := tx.QueryRowContext(ctx, `
			SELECT (SELECT COUNT(*) FROM webhook_notices WHERE client = $1 AND state = 'waiting' AND kind = $2)
			FROM webhook_endpoints WHERE client = $1 AND off = ''`, c, webhook.Test).Scan(&waiting)
		if err != nil {
			return absent(err, webhook.ErrNoEndpoint)
		}
		if waiting >= maxTests {
			return nil
		}
		return insertNotice(ctx, tx, webhook.NewNotice(c, webhook.Event{Kind: webhook.Test, At: now}))
	})
	if err != nil {
		return fmt.Errorf("try webhook: %w", err)
	}
	return nil
}

// Recent returns a client's notices, the newest first, at most limit.
func (w *Webhooks) Recent(ctx context.Context, c apiclient.ID, limit int) ([]webhook.Record, error) {
	all, err := sqldb.All(ctx, w.db, func(row sqldb.Row) (r webhook.Record, err error) {
		var at, closed int64
		err = row.Scan(&r.ID, &r.Kind, &at, &r.State, &r.Tries, &r.Last.Trouble, &r.Last.Code, &closed)
		r.At, r.Closed = sqldb.Time(at), sqldb.Time(closed)
		return r, err
	}, `
		SELECT id, kind, at, state, tries, trouble, code, closed_at FROM webhook_notices
		WHERE client = $1 ORDER BY at DESC, id DESC LIMIT $2`, c, limit)
	if err != nil {
		return nil, fmt.Errorf("list a client's notices: %w", err)
	}
	return all, nil
}

func noticeRegister() sqldb.Register {
	return sqldb.Register{Table: "webhook_notices", Key: "id", Anchor: "closed_at"}
}

// Purge deletes notices that ended long enough ago; see scheduler.Purger.
func (w *Webhooks) Purge(ctx context.Context, cutoff time.Time, limit int) (int, error) {
	return w.db.Purge(ctx, noticeRegister(), cutoff, limit)
}

// Oldest returns when the notice that ended first did; false if none has.
func (w *Webhooks) Oldest(ctx context.Context) (time.Time, bool, error) {
	return w.db.Oldest(ctx, noticeRegister())
}

// Counts returns how many notices are in each state, and since when the one is due that
// should have been tried first; zero if none is.
func (w *Webhooks) Counts(ctx context.Context, now time.Time) (by map[webhook.State]int, due time.Time, err error) {
	by, err = sqldb.Counts[webhook.State](ctx, w.db, `SELECT state, COUNT(*) FROM webhook_notices GROUP BY state`)
	if err == nil {
		due, _, err = moment(ctx, w.db, `SELECT MIN(next_at) FROM webhook_notices n WHERE state = 'waiting' AND next_at <= $1 AND `+tellable, sqldb.Millis(now))
	}
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("count notices: %w", err)
	}
	return by, due, nil
}

// Endpoints returns how many endpoints work, fail and are off.
func (w *Webhooks) Endpoints(ctx context.Context) (map[string]int, error) {
	by, err := sqldb.Counts[string](ctx, w.db, `
		SELECT CASE WHEN off <> '' THEN 'off' WHEN failing_since <> 0 THEN 'failing' ELSE 'on' END AS state, COUNT(*)
		FROM webhook_endpoints GROUP BY 1`)
	if err != nil {
		return nil, fmt.Errorf("count webhooks: %w", err)
	}
	return by, nil
}

// Sealed returns the sealed secrets of all endpoints, by client.
func (w *Webhooks) Sealed(ctx context.Context) (map[string][]byte, error) {
	endpoints, err := sqldb.All(ctx, w.db, scanEndpoint, `SELECT `+endpointColumns+` FROM webhook_endpoints`)
	if err != nil {
		return nil, fmt.Errorf("list webhooks: %w", err)
	}
	all := map[string][]byte{}
	for _, e := range endpoints {
		all[string(e.Client)] = e.Sealed
	}
	return all, nil
}

// Reseal puts a secret in the place of the same one sealed otherwise.
func (w *Webhooks) Reseal(ctx context.Context, client string, former, sealed []byte) error {
	_, err := w.db.ExecContext(ctx, `UPDATE webhook_endpoints SET sealed = $1 WHERE client = $2 AND sealed = $3`, sealed, client, former)
	if err != nil {
		return fmt.Errorf("reseal a webhook's secret: %w", err)
	}
	return nil
}
