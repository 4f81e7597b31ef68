package sqlstore

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
)

// list returns the photos that a statement's end, from WHERE on, selects.
func list(ctx context.Context, db *sqldb.DB, where string, args ...any) (photos []photo.Photo, err error) {
	return sqldb.All(ctx, db, func(row sqldb.Row) (photo.Photo, error) { return scanPhoto(row) }, `SELECT `+columns+` FROM photos `+where, args...)
}

// Held returns photos whose blobs belong, or may still lie, where those of
// restricted photos do, by ID and from the one that follows after.
func (p *Photos) Held(ctx context.Context, after photo.ID, limit int) ([]photo.Photo, error) {
	photos, err := list(ctx, p.db, `WHERE held AND status <> $1 AND id > $2 ORDER BY id LIMIT $3`, photo.Erasing, after, limit)
	if err != nil {
		return nil, fmt.Errorf("list held photos: %w", err)
	}
	return photos, nil
}

// Released notes that no blob of the photo lies there any more. It changes nothing
// when the photo has been restricted again.
func (p *Photos) Released(ctx context.Context, id photo.ID) error {
	if _, err := p.change(ctx, `UPDATE photos SET held = FALSE WHERE id = $1 AND restricted_at = 0`, id); err != nil {
		return fmt.Errorf("note a released photo: %w", err)
	}
	return nil
}

// RenewOlder marks photos as held whose blobs were made, or made young again,
// before a time, because they have been edited for days: whoever deals with the
// held ones brings their blobs away and back, which makes them young. It says how
// many.
func (p *Photos) RenewOlder(ctx context.Context, than, now time.Time) (int, error) {
	result, err := p.db.ExecContext(ctx, `
		UPDATE photos SET held = TRUE, renewed_at = $1
		WHERE created_at < $2 AND renewed_at < $2 AND restricted_at = 0 AND expires_at > $1 AND status NOT IN ($3, $4)`,
		sqldb.Millis(now), sqldb.Millis(than), photo.Receiving, photo.Erasing)
	if err != nil {
		return 0, fmt.Errorf("mark old photos: %w", err)
	}
	n, err := result.RowsAffected()
	if err != nil {
		return 0, fmt.Errorf("mark old photos: %w", err)
	}
	return int(n), nil
}

// Absent returns those of the IDs, at most some thousands, of which there is no
// record in whatever state.
func (p *Photos) Absent(ctx context.Context, ids []photo.ID) ([]photo.ID, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	holes, args := make([]string, len(ids)), make([]any, len(ids))
	for i, id := range ids {
		holes[i], args[i] = "$"+strconv.Itoa(i+1), id
	}
	found, err := p.ids(ctx, `SELECT id FROM photos WHERE id IN (`+strings.Join(holes, ", ")+`)`, args...)
	if err != nil {
		return nil, fmt.Errorf("look for records: %w", err)
	}
	present := make(map[photo.ID]bool, len(found))
	for _, id := range found {
		present[id] = true
	}
	return slices.DeleteFunc(slices.Clone(ids), func(id photo.ID) bool { return present[id] }), nil
}

// Resting returns photos that nobody is working on and whose blobs must all be
// there, by ID and from the one that follows after.
func (p *Photos) Resting(ctx context.Context, after photo.ID, limit int) ([]photo.Photo, error) {
	photos, err := list(ctx, p.db, `WHERE status IN ($1, $2) AND id > $3 ORDER BY id LIMIT $4`, photo.Queued, photo.Ready, after, limit)
	if err != nil {
		return nil, fmt.Errorf("list resting photos: %w", err)
	}
	return photos, nil
}

// Lose fails, with photo.Lost, a photo whose blobs are gone. It returns false if
// the photo does not stand any more as it was seen.
func (p *Photos) Lose(ctx context.Context, seen photo.Photo) (bool, error) {
	lost, err := p.change(ctx, `
		UPDATE photos SET status = $1, reason = $2, lease_until = 0, result_attempt = 0
		WHERE id = $3 AND revision = $4 AND attempt = $5 AND status = $6 AND status IN ($7, $8)`,
		photo.Failed, photo.Lost, seen.ID, seen.Revision, seen.Attempt, seen.Status, photo.Queued, photo.Ready)
	if err != nil {
		return false, fmt.Errorf("note a lost photo: %w", err)
	}
	return lost, nil
}
