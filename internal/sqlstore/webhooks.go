package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/apiclient"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
	"github.com/passportphotogenie/passportphotogenie/internal/webhook"
)

// Webhooks has the endpoints of API clients and the notices that wait for them. A notice
// is written in the transaction of what it tells.
type Webhooks struct{ db *sqldb.DB }

// NewWebhooks returns them in a database that Open opened.
func NewWebhooks(db *sqldb.DB) *Webhooks { return &Webhooks{db} }

// tellOf writes a notice of an event to the client whose key the photo was sent with, if
// that has an endpoint that is on. It is a part of the transaction that makes it happen.
func tellOf(ctx context.Context, tx *sql.Tx, c apiclient.ID, e webhook.Event) error {
	if c == "" {
		return nil
	}
	var on bool
	err := tx.QueryRowContext(ctx, `SELECT off = '' FROM webhook_endpoints WHERE client = $1`, c).Scan(&on)
	if errors.Is(err, sql.ErrNoRows) || err == nil && !on {
		return nil
	}
	if err == nil {
		err = insertNotice(ctx, tx, webhook.NewNotice(c, e))
	}
	if err != nil {
		return fmt.Errorf("tell an API client: %w", err)
	}
	return nil
}

func insertNotice(ctx context.Context, on execer, n webhook.Notice) error {
	_, err := on.ExecContext(ctx, `
		INSERT INTO webhook_notices (id, client, kind, photo_id, document, revision, verdict, reason, at, until, state, next_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $9)`,
		n.ID, n.Client, n.Kind, sql.NullString{String: string(n.Photo), Valid: n.Photo != ""}, n.Document, n.Revision, n.Verdict, n.Reason,
		sqldb.Millis(n.At), sqldb.Millis(n.Until), webhook.Waiting)
	return err
}

// hush takes a photo whose erasure begins from all notices: those that wait are dropped,
// and those that have ended forget which photo it was.
func hush(ctx context.Context, tx *sql.Tx, id photo.ID) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE webhook_notices SET state = $1, next_at = 0, closed_at = at WHERE photo_id = $2 AND state = $3`,
		webhook.Dropped, id, webhook.Waiting)
	if err == nil {
		_, err = tx.ExecContext(ctx, `UPDATE webhook_notices SET photo_id = NULL WHERE photo_id = $1`, id)
	}
	return err
}

// tellable holds for a notice, called n, of which something may be told: what a person
// has had restricted, or somebody has reported, is told to nobody.
const tellable = `NOT EXISTS (SELECT 1 FROM photos p WHERE p.id = n.photo_id AND (p.restricted_at <> 0 OR p.frozen_at <> 0))`

// Due returns the clients that have notices whose time has come, those first that have
// waited longest, at most limit.
func (w *Webhooks) Due(ctx context.Context, now time.Time, limit int) ([]apiclient.ID, error) {
	due, err := sqldb.All(ctx, w.db, sqldb.Only[apiclient.ID], `
		SELECT client FROM webhook_notices n WHERE state = 'waiting' AND next_at <= $1 AND until > $1 AND `+tellable+`
		GROUP BY client ORDER BY MIN(next_at), client LIMIT $2`, sqldb.Millis(now), limit)
	if err != nil {
		return nil, fmt.Errorf("list clients to be told: %w", err)
	}
	return due, nil
}

// Next returns a client's notices whose time has come, those first that have waited
// longest, at most limit. Among them are those whose courier died: their lease has passed.
func (w *Webhooks) Next(ctx context.Context, c apiclient.ID, now time.Time, limit int) ([]webhook.Claim, error) {
	next, err := sqldb.All(ctx, w.db, func(row sqldb.Row) (c webhook.Claim, err error) {
		err = row.Scan(&c.ID, &c.Try)
		return c, err
	}, `
		SELECT id, tries FROM webhook_notices n WHERE client = $1 AND state = 'waiting' AND next_at <= $2 AND until > $2 AND `+tellable+`
		ORDER BY next_at, at, id LIMIT $3`, c, sqldb.Millis(now), limit)
	if err != nil {
		return nil, fmt.Errorf("list a client's notices: %w", err)
	}
	return next, nil
}

// Claim takes a notice for webhook.Lease. want names the tries before this one.
// webhook.ErrClaimLost says that it is not to be had.
func (w *Webhooks) Claim(ctx context.Context, want webhook.Claim, now time.Time) (got webhook.Notice, held webhook.Claim, err error) {
	err = inTx(ctx, w.db, func(tx *sql.Tx) error {
		var id sql.NullString
		var at, until, set int64
		err := tx.QueryRowContext(ctx, `
			UPDATE webhook_notices AS n SET tries = tries + 1, next_at = $1
			WHERE id = $2 AND tries = $3 AND state = $4 AND next_at <= $5 AND until > $5 AND `+tellable+`
			RETURNING id, tries, client, kind, photo_id, document, revision, verdict, reason, at, until`,
			sqldb.Millis(now.Add(webhook.Lease)), want.ID, want.Try, webhook.Waiting, sqldb.Millis(now)).
			Scan(&got.ID, &held.Try, &got.Client, &got.Kind, &id, &got.Document, &got.Revision, &got.Verdict, &got.Reason, &at, &until)
		if err == nil {
			err = tx.QueryRowContext(ctx, `SELECT url, sealed, set_at FROM webhook_endpoints WHERE client = $1 AND off = ''`, got.Client).
				Scan(&got.URL, &got.Sealed, &set)
		}
		got.Photo, got.At, got.Until, got.Set = photoOf(id), sqldb.Time(at), sqldb.Time(until), sqldb.Time(set)
		held.ID = got.ID
		return absent(err, webhook.ErrClaimLost)
	})
	if err != nil {
		return webhook.Notice{}, webhook.Claim{}, fmt.Errorf("claim notice: %w", err)
	}
	return got, held, nil
}

// Finish records what the claim's try came to, and what that says of the endpoint;
// webhook.ErrClaimLost if another has the notice, or it was dropped meanwhile.
func (w *Webhooks) Finish(ctx context.Context, n webhook.Notice, held webhook.Claim, o webhook.Outcome) error {
	err := inTx(ctx, w.db, func(tx *sql.Tx) error {
		closed := int64(0)
		if o.State != webhook.Waiting {
			closed = sqldb.Millis(o.Now)
		}
		done, err := change(ctx, tx, `
			UPDATE webhook_notices SET state = $1, trouble = $2, code = $3, next_at = $4, closed_at = $5,
				photo_id = CASE WHEN kind = $6 AND $1 <> $7 THEN NULL ELSE photo_id END
			WHERE id = $8 AND tries = $9 AND state = $7`,
			o.State, o.Trouble, o.Code, sqldb.Millis(o.Next), closed, webhook.PhotoErased, webhook.Waiting, held.ID, held.Try)
		if err == nil && !done {
			err = webhook.ErrClaimLost
		}
		if err != nil {
			return err
		}
		return noteEndpoint(ctx, tx, n, o)
	})
	if err != nil {
		return fmt.Errorf("finish notice: %w", err)
	}
	return nil
}

// noteEndpoint keeps how the endpoint does, unless it was set anew since the try began.
// One that is gone, or has failed for too long, is switched off.
func noteEndpoint(ctx context.Context, tx *sql.Tx, n webhook.Notice, o webhook.Outcome) error {
	now, set := sqldb.Millis(o.Now), sqldb.Millis(n.Set)
	if o.State == webhook.Delivered {
		_, err := tx.ExecContext(ctx, `
			UPDATE webhook_endpoints SET failing_since = 0, delivered_at = $1 WHERE client = $2 AND set_at = $3`, now, n.Client, set)
		return err
	}
	_, err := tx.ExecContext(ctx, `
		UPDATE webhook_endpoints SET failing_since = $1 WHERE client = $2 AND set_at = $3 AND failing_since = 0`, now, n.Client, set)
	if err != nil {
		return err
	}
	why, since := webhook.Failing, sqldb.Millis(o.Now.Add(-webhook.GivenUpAfter))
	if o.Gone {
		why, since = webhook.Gone, now
	}
	off, err := change(ctx, tx, `
		UPDATE webhook_endpoints SET off = $1, off_at = $2 WHERE client = $3 AND set_at = $4 AND off = '' AND failing_since <= $5`,
		why, now, n.Client, set, since)
	if err == nil && off {
		err = dropAll(ctx, tx, n.Client, o.Now)
	}
	return err
}

// dropAll ends all that waits for a client, whose endpoint is off or gone.
func dropAll(ctx context.Context, tx *sql.Tx, c apiclient.ID, now time.Time) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE webhook_notices SET state = $1, next_at = 0, closed_at = $2, photo_id = CASE WHEN kind = $3 THEN NULL ELSE photo_id END
		WHERE client = $4 AND state = $5`,
		webhook.Dropped, sqldb.Millis(now), webhook.PhotoErased, c, webhook.Waiting)
	return err
}

// GiveUp ends the notices that have no point any more and that nobody is at, and says
// how many these were by kind.
func (w *Webhooks) GiveUp(ctx context.Context, now time.Time) (map[webhook.Kind]int, error) {
	kinds, err := sqldb.All(ctx, w.db, sqldb.Only[webhook.Kind], `
		UPDATE webhook_notices SET state = $1, next_at = 0, closed_at = $2, photo_id = CASE WHEN kind = $3 THEN NULL ELSE photo_id END
		WHERE state = 'waiting' AND next_at <= $2 AND until <= $2 RETURNING kind`,
		webhook.Failed, sqldb.Millis(now), webhook.PhotoErased)
	if err != nil {
		return nil, fmt.Errorf("give notices up: %w", err)
	}
	by := map[webhook.Kind]int{}
	for _, k := range kinds {
		by[k]++
	}
	return by, nil
}
