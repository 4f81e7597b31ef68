package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
)

// Photos is the table of photos.
type Photos struct{ db *sqldb.DB }

// NewPhotos returns the table in a database that Open opened.
func NewPhotos(db *sqldb.DB) *Photos { return &Photos{db} }

// columns is what scanPhoto reads, in its order.
const columns = `id, key_hash, status, reason, document, age_band,
	revision, attempt, strikes, lease_until, lane,
	format, bytes, width, height, result_attempt,
	settings, history, analysis_revision, analysis_attempt, stale_revision, stale_attempt,
	created_at, last_edited_at, expires_at, reference,
	stated_person, agreed_face_points, policy_version,
	COALESCE(restriction, ''), restriction_ground, restricted_at, restriction_review_by, restriction_told_at, restriction_note, frozen_at`

// Get returns a photo in whatever state, also one that has expired or is being
// erased; photo.ErrNotFound if there is none.
func (p *Photos) Get(ctx context.Context, id photo.ID) (photo.Photo, error) {
	got, err := scanPhoto(p.db.QueryRowContext(ctx, `SELECT `+columns+` FROM photos WHERE id = $1`, id))
	if err != nil {
		return photo.Photo{}, fmt.Errorf("get photo: %w", absent(err, photo.ErrNotFound))
	}
	return got, nil
}

// scanPhoto reads one row of columns, and what follows them into more.
func scanPhoto(row sqldb.Row, more ...any) (photo.Photo, error) {
	var (
		p                               photo.Photo
		keyHash                         []byte
		settings, history               string
		lease, created, edited, expires int64
		restricted, review, told        int64
		frozen                          int64
	)
	into := []any{&p.ID, &keyHash, &p.Status, &p.Reason, &p.Document, &p.AgeBand,
		&p.Revision, &p.Attempt, &p.Strikes, &lease, &p.Lane,
		&p.Original.Format, &p.Original.Bytes, &p.Original.Width, &p.Original.Height, &p.ResultAttempt,
		&settings, &history, &p.Analysis.Revision, &p.Analysis.Attempt, &p.Stale.Revision, &p.Stale.Attempt,
		&created, &edited, &expires, &p.Reference,
		&p.Statement.Person, &p.Statement.FacePoints, &p.Statement.PolicyVersion,
		&p.Restriction.ID, &p.Restriction.Ground, &restricted, &review, &told, &p.Restriction.Note, &frozen}
	if err := row.Scan(append(into, more...)...); err != nil {
		return photo.Photo{}, err
	}
	if err := errors.Join(json.Unmarshal([]byte(settings), &p.Settings), json.Unmarshal([]byte(history), &p.Earlier)); err != nil {
		return photo.Photo{}, err
	}
	copy(p.KeyHash[:], keyHash)
	p.LeaseUntil, p.CreatedAt = sqldb.Time(lease), sqldb.Time(created)
	p.LastEditedAt, p.ExpiresAt = sqldb.Time(edited), sqldb.Time(expires)
	p.Restriction.Since, p.Restriction.ReviewBy, p.Restriction.ToldAt = sqldb.Time(restricted), sqldb.Time(review), sqldb.Time(told)
	p.FrozenAt = sqldb.Time(frozen)
	return p, nil
}

// goesOn holds for a photo with which something may be done: photo.Stopped in SQL.
const goesOn = `restricted_at = 0 AND frozen_at = 0`

// absent says in the noun's word that there was no row.
func absent(err, word error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return word
	}
	return err
}

// change runs a statement and reports whether it changed a row.
func (p *Photos) change(ctx context.Context, statement string, args ...any) (bool, error) {
	return change(ctx, p.db, statement, args...)
}
