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
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
	"github.com/passportphotogenie/passportphotogenie/internal/webhook"
)

// isDue holds for a photo that must go, with the time as argument $1: its time
// is over (an unfinished upload has one too, set by Reserve) and nobody asked for
// it to be kept, or an erasure was begun and has to be ended.
const isDue = `(expires_at <= $1 AND restricted_at = 0 OR status = $2)`

// Due returns the photos that must be erased, the longest overdue first and at
// most limit.
func (p *Photos) Due(ctx context.Context, now time.Time, limit int) ([]photo.ID, error) {
	ids, err := p.ids(ctx, `SELECT id FROM photos WHERE `+isDue+` ORDER BY expires_at, id LIMIT $3`,
		sqldb.Millis(now), photo.Erasing, limit)
	if err != nil {
		return nil, fmt.Errorf("list due photos: %w", err)
	}
	return ids, nil
}

func (p *Photos) ids(ctx context.Context, query string, args ...any) (ids []photo.ID, err error) {
	return sqldb.All(ctx, p.db, sqldb.Only[photo.ID], query, args...)
}

// IDs returns the photos in the order of their IDs, those after the given one and
// at most limit.
func (p *Photos) IDs(ctx context.Context, after photo.ID, limit int) ([]photo.ID, error) {
	ids, err := p.ids(ctx, `SELECT id FROM photos WHERE id > $1 ORDER BY id LIMIT $2`, after, limit)
	if err != nil {
		return nil, fmt.Errorf("list photos: %w", err)
	}
	return ids, nil
}

// markErasing takes the status, the photo and why it is erased.
const markErasing = `UPDATE photos SET status = $1, reason = $3, lease_until = 0 WHERE id = $2`

// BeginErasure takes the photo from everyone, whatever its state, also when it is
// restricted: a person's own word goes further than their former one. False says
// that there is none; true also that an erasure has begun before.
func (p *Photos) BeginErasure(ctx context.Context, id photo.ID) (bool, error) {
	begun, err := p.takeAway(ctx, id, markErasing, photo.Erasing, id, photo.ErasedOnRequest)
	if err != nil {
		return false, fmt.Errorf("begin erasure: %w", err)
	}
	return begun, nil
}

// BeginExpiry is BeginErasure for a photo that was found due. It looks again: an
// edit may have moved the expiry since, or a restriction have come first, and then
// it returns false. An erasure that was begun for another reason keeps that.
func (p *Photos) BeginExpiry(ctx context.Context, id photo.ID, now time.Time) (bool, error) {
	begun, err := p.takeAway(ctx, id,
		`UPDATE photos SET reason = CASE WHEN status = $2 THEN reason ELSE $4 END, status = $2, lease_until = 0 WHERE id = $3 AND `+isDue,
		sqldb.Millis(now), photo.Erasing, id, photo.ErasedByExpiry)
	if err != nil {
		return false, fmt.Errorf("begin expiry: %w", err)
	}
	return begun, nil
}

// takeAway marks a photo with the statement and takes it from its contests, from
// requests and complaints about it and from what API clients are told in the same transaction: none names it from then on, and nobody
// has permission to look at it. Only a request to erase it and a report about a child
// keep the name until they have the receipt; see BeginReceipt. None can be filed later,
// because to file one asks for a photo that lives. The access log asks for the mark
// itself.
func (p *Photos) takeAway(ctx context.Context, id photo.ID, mark string, args ...any) (marked bool, err error) {
	err = inTx(ctx, p.db, func(tx *sql.Tx) error {
		marked, err = takeAway(ctx, tx, id, mark, args...)
		return err
	})
	return marked && err == nil, err
}

func takeAway(ctx context.Context, tx *sql.Tx, id photo.ID, mark string, args ...any) (marked bool, err error) {
	if marked, err = change(ctx, tx, mark, args...); err != nil || !marked {
		return false, err
	}
	if err = hush(ctx, tx, id); err != nil {
		return false, err
	}
	if _, err = change(ctx, tx, `UPDATE contests SET photo_id = NULL, may_open = FALSE WHERE photo_id = $1`, id); err != nil {
		return false, err
	}
	_, err = change(ctx, tx, `UPDATE subject_requests SET photo_id = NULL WHERE photo_id = $1 AND kind <> $2`, id, subjectrequest.Erasure)
	if err == nil {
		_, err = change(ctx, tx, `UPDATE complaints SET photo_id = NULL WHERE photo_id = $1`, id)
	}
	return err == nil, err
}

// Remove deletes the record of a photo that is being erased, the last step, and tells
// the API client that sent it. It succeeds when there is none; a photo that is not being
// erased stays.
func (p *Photos) Remove(ctx context.Context, id photo.ID, now time.Time) error {
	err := inTx(ctx, p.db, func(tx *sql.Tx) error {
		var client apiclient.ID
		var arrived bool
		err := tx.QueryRowContext(ctx, `DELETE FROM photos WHERE id = $1 AND status = $2 RETURNING COALESCE(api_client, ''), revision > 0`,
			id, photo.Erasing).Scan(&client, &arrived)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil || !arrived { // an upload that broke off is none that anybody knows
			return err
		}
		return tellOf(ctx, tx, client, webhook.Event{Kind: webhook.PhotoErased, Photo: id, At: now})
	})
	if err != nil {
		return fmt.Errorf("remove photo: %w", err)
	}
	return nil
}
