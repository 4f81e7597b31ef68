package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
	"github.com/passportphotogenie/passportphotogenie/internal/webhook"
)

// When the sweep puts a photo's task into the queue.
const (
	// enqueueGrace is how long the upload itself has for it.
	enqueueGrace = 5 * time.Second
	// taskTrust is how long a task is believed to be in the queue. Redis may
	// lose it; one that still waits is not doubled by asking again.
	taskTrust = time.Minute
)

// Enqueued notes that a task for this claim lies in the queue. It succeeds when
// the photo has moved on: then the note would mean nothing.
func (p *Photos) Enqueued(ctx context.Context, c photo.Claim, now time.Time) error {
	_, err := p.change(ctx, `
		UPDATE photos SET task_noted_at = $1 WHERE id = $2 AND revision = $3 AND attempt = $4`,
		sqldb.Millis(now), c.ID, c.Revision, c.Attempt)
	if err != nil {
		return fmt.Errorf("note a photo's task: %w", err)
	}
	return nil
}

// Stranded returns the claims that need a task, the fast lane first, in each those
// waiting longest first, and at most limit: photos that are queued, or whose holder let the lease lapse,
// without a task noted in the last minute. Each is the claim that a task should
// carry. Photos that have expired, are stopped or used up their attempts are
// not among them.
func (p *Photos) Stranded(ctx context.Context, now time.Time, limit int) (claims []photo.Claim, err error) {
	claims, err = sqldb.All(ctx, p.db, func(row sqldb.Row) (c photo.Claim, err error) {
		err = row.Scan(&c.ID, &c.Revision, &c.Attempt, &c.Lane)
		return c, err
	}, `
		SELECT id, revision, attempt, lane FROM photos
		WHERE (status = $1 AND queued_at <= $2 OR status = $3 AND lease_until <= $4)
			AND task_noted_at <= $5 AND attempt < $6 AND expires_at > $4 AND `+goesOn+`
		ORDER BY lane, queued_at, id LIMIT $7`,
		photo.Queued, sqldb.Millis(now.Add(-enqueueGrace)),
		photo.Processing, sqldb.Millis(now),
		sqldb.Millis(now.Add(-taskTrust)), photo.MaxAttempts, limit)
	if err != nil {
		return nil, fmt.Errorf("list stranded photos: %w", err)
	}
	return claims, nil
}

// GiveUp fails, with photo.Broken, the photos that nobody holds and whose
// attempts are used up, and says how many.
func (p *Photos) GiveUp(ctx context.Context, now time.Time) (int, error) {
	var given []settledPhoto
	err := inTx(ctx, p.db, func(tx *sql.Tx) (err error) {
		given, err = sqldb.All(ctx, tx, scanSettled, `
			UPDATE photos SET status = $1, reason = $2, lease_until = 0
			WHERE attempt >= $3 AND `+goesOn+` AND (status = $4 OR status = $5 AND lease_until <= $6)`+settled,
			photo.Failed, photo.Broken, photo.MaxAttempts,
			photo.Queued, photo.Processing, sqldb.Millis(now))
		for i := 0; err == nil && i < len(given); i++ {
			err = given[i].tell(ctx, tx, webhook.Event{At: now})
		}
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("give up photos: %w", err)
	}
	return len(given), nil
}
