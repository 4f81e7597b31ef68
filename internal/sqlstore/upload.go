package sqlstore

import (
	"context"
	"fmt"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
)

// Reserve records an upload that begins. photo.ErrDuplicate says that another
// upload has the idempotency key, however far that one has come.
func (p *Photos) Reserve(ctx context.Context, r photo.Reservation) error {
	var hash, sealed []byte // NULL without an idempotency key
	if r.Idempotency != nil {
		hash, sealed = r.Idempotency.Hash[:], r.Idempotency.SealedKey
	}
	inserted, err := p.change(ctx, `
		INSERT INTO photos (id, key_hash, status, document, age_band,
			created_at, last_edited_at, expires_at, idempotency_hash, sealed_key, log_name)
		VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9, $10)
		ON CONFLICT (idempotency_hash) DO NOTHING`,
		r.ID, r.KeyHash[:], photo.Receiving, r.Document, r.AgeBand,
		sqldb.Millis(r.Now), sqldb.Millis(r.Now.Add(retention.ReceivingLimit)), hash, sealed, secret.NewName())
	if err != nil {
		return fmt.Errorf("reserve photo: %w", err)
	}
	if !inserted {
		return fmt.Errorf("reserve photo: %w", photo.ErrDuplicate)
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
// developed. photo.ErrNotFound says that the row was not receiving any more.
func (p *Photos) Queue(ctx context.Context, id photo.ID, r photo.Received) error {
	o := r.Original
	queued, err := p.change(ctx, `
		UPDATE photos SET status = $1, revision = 1, document = $2, age_band = $3,
			format = $4, bytes = $5, width = $6, height = $7, body_hash = $8,
			queued_at = $9, last_edited_at = $9, expires_at = $10, reference = $11,
			stated_person = $12, agreed_face_points = $13, policy_version = $14, lane = $15
		WHERE id = $16 AND status = $17`,
		photo.Queued, r.Document, r.AgeBand,
		o.Format, o.Bytes, o.Width, o.Height, r.BodyHash[:],
		sqldb.Millis(r.Now), sqldb.Millis(r.ExpiresAt), r.Reference,
		r.Statement.Person, r.Statement.FacePoints, r.Statement.PolicyVersion, r.Lane,
		id, photo.Receiving)
	if err != nil {
		return fmt.Errorf("queue photo: %w", err)
	}
	if !queued {
		return fmt.Errorf("queue photo: %w", photo.ErrNotFound)
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
