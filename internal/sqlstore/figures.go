package sqlstore

import (
	"context"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
)

// Counts returns how many photos are in each state, those that are stopped left out; states without a photo are not in it.
func (p *Photos) Counts(ctx context.Context) (map[photo.Status]int, error) {
	counts, err := sqldb.Counts[photo.Status](ctx, p.db, `SELECT status, COUNT(*) FROM photos WHERE `+goesOn+` GROUP BY status`)
	if err != nil {
		return nil, fmt.Errorf("count photos: %w", err)
	}
	return counts, nil
}

// OldestQueued returns since when the longest waiting photo waits for a worker;
// false if none waits.
func (p *Photos) OldestQueued(ctx context.Context) (time.Time, bool, error) {
	return moment(ctx, p.db, `SELECT MIN(queued_at) FROM photos WHERE status = $1 AND `+goesOn, photo.Queued)
}

// OldestEdit returns the earliest last edit among the photos that are not being
// erased: the age that the privacy policy limits. Photos that are restricted, or
// were and have not been edited since, are counted apart. False if there is no
// photo.
func (p *Photos) OldestEdit(ctx context.Context) (time.Time, bool, error) {
	return moment(ctx, p.db, `
		SELECT MIN(last_edited_at) FROM photos
		WHERE status <> $1 AND restricted_at = 0 AND restriction_lifted_at <= last_edited_at`, photo.Erasing)
}
