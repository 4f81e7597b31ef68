package sqlstore

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/passportphotogenie/passportphotogenie/internal/apiclient"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
)

// Reserve records an upload that begins. photo.ErrDuplicate says that another
// upload has the idempotency key, however far that one has come; apiclient.ErrQuota that
// its API client may send no more today. Then there is no record.
func (p *Photos) Reserve(ctx context.Context, r photo.Reservation) error {
	var hash, sealed []byte // NULL without an idempotency key
	if r.Idempotency != nil {
		hash, sealed = r.Idempotency.Hash[:], r.Idempotency.SealedKey
	}
	err := inTx(ctx, p.db, func(tx *sql.Tx) error {
		inserted, err := change(ctx, tx, `
			INSERT INTO photos (id, key_hash, status, document, age_band,
				created_at, last_edited_at, expires_at, idempotency_hash, sealed_key, log_name, api_client)
			VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9, $10, $11)
			ON CONFLICT (idempotency_hash) DO NOTHING`,
			r.ID, r.KeyHash[:], photo.Receiving, r.Document, r.AgeBand,
			sqldb.Millis(r.Now), sqldb.Millis(r.Now.Add(retention.ReceivingLimit)), hash, sealed, secret.NewName(),
			sql.NullString{String: string(r.Client), Valid: r.Client != ""})
		if err == nil && !inserted {
			err = photo.ErrDuplicate
		}
		if err == nil && r.Client != "" {
			err = hasQuota(ctx, tx, r.Client, r.Now)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("reserve photo: %w", err)
	}
	return nil
}

// ByIdempotency returns what the upload with this idempotency key left, in
// whatever state; photo.ErrNotFound if there was none or it has been removed.
func (p *Photos) ByIdempotency(ctx context.Context, hash [32]byte) (photo.Replay, error) {
	var replay photo.Replay
	var body []byte
	row := p.db.QueryRowContext(ctx,
		`SELECT `+columns+`, sealed_key, body_hash FROM photos WHERE idempotency_hash = $1`, hash[:])
	found, err := scanPhoto(row, &replay.SealedKey, &body)
	if err != nil {
		return photo.Replay{}, fmt.Errorf("find photo by idempotency key: %w", absent(err, photo.ErrNotFound))
	}
	replay.Photo = found
	copy(replay.BodyHash[:], body)
	return replay, nil
}

// Queue records that the whole picture has come; from here on the photo will be
// developed, and counts for its API client. photo.ErrNotFound says that the row was not
// receiving any more, apiclient.ErrQuota that the client may send no more today.
func (p *Photos) Queue(ctx context.Context, id photo.ID, r photo.Received) error {
	o := r.Original
	err := inTx(ctx, p.db, func(tx *sql.Tx) error {
		var client apiclient.ID
		err := tx.QueryRowContext(ctx, `
			UPDATE photos SET status = $1, revision = 1, document = $2, age_band = $3,
				format = $4, bytes = $5, width = $6, height = $7, body_hash = $8,
				queued_at = $9, last_edited_at = $9, expires_at = $10, reference = $11,
				stated_person = $12, agreed_face_points = $13, policy_version = $14, lane = $15
			WHERE id = $16 AND status = $17 RETURNING COALESCE(api_client, '')`,
			photo.Queued, r.Document, r.AgeBand,
			o.Format, o.Bytes, o.Width, o.Height, r.BodyHash[:],
			sqldb.Millis(r.Now), sqldb.Millis(r.ExpiresAt), r.Reference,
			r.Statement.Person, r.Statement.FacePoints, r.Statement.PolicyVersion, r.Lane,
			id, photo.Receiving).Scan(&client)
		if err != nil {
			return absent(err, photo.ErrNotFound)
		}
		if client == "" {
			return nil
		}
		return takeQuota(ctx, tx, client, r.Now)
	})
	if err != nil {
		return fmt.Errorf("queue photo: %w", err)
	}
	return nil
}

// Abandon removes the row of an upload that did not end well. A row that is
// not receiving any more stays.
func (p *Photos) Abandon(ctx context.Context, id photo.ID) error {
	_, err := p.change(ctx, `DELETE FROM photos WHERE id = $1 AND status = $2`, id, photo.Receiving)
	if err != nil {
		return fmt.Errorf("abandon photo: %w", err)
	}
	return nil
}
