package sqlstore

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
)

// Revise raises the revision of a photo that stands as from does, with a new
// order, and has it made anew; a turn under way has lost it from then on.
// Somebody waits for an edit, so it goes into the fast lane. photo.ErrChanged says that the photo does not stand like that any more.
func (p *Photos) Revise(ctx context.Context, from photo.Photo, r photo.Revised) (photo.Photo, error) {
	settings, err := json.Marshal(r.Order.Settings)
	if err != nil {
		return photo.Photo{}, fmt.Errorf("revise photo: %w", err)
	}
	history, err := json.Marshal(from.Revisions())
	if err != nil {
		return photo.Photo{}, fmt.Errorf("revise photo: %w", err)
	}
	got, err := scanPhoto(p.db.QueryRowContext(ctx, `
		UPDATE photos SET status = $1, revision = revision + 1, attempt = 0, reason = '', lane = '',
			document = $2, age_band = $3, settings = $4, history = $5,
			stale_revision = CASE WHEN result_attempt > 0 THEN revision ELSE stale_revision END,
			stale_attempt = CASE WHEN result_attempt > 0 THEN result_attempt ELSE stale_attempt END,
			result_attempt = 0, lease_until = 0, task_noted_at = 0,
			queued_at = $6, last_edited_at = $6, expires_at = $7
		WHERE id = $8 AND revision = $9 AND expires_at > $6 AND `+goesOn+` AND status IN ($1, $10, $11, $12)
		RETURNING `+columns,
		photo.Queued, r.Order.Document, r.Order.AgeBand, string(settings), string(history),
		sqldb.Millis(r.Now), sqldb.Millis(r.ExpiresAt),
		from.ID, from.Revision, photo.Processing, photo.Ready, photo.Rejected))
	if err != nil {
		return photo.Photo{}, fmt.Errorf("revise photo: %w", absent(err, photo.ErrChanged))
	}
	return got, nil
}
