package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/contest"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
)

// Waiting returns the open contests, at most limit. Those whose photo lives come
// first, the photo that expires next before the others; the rest by age.
func (c *Contests) Waiting(ctx context.Context, now time.Time, limit int) (waiting []contest.Contest, err error) {
	waiting, err = sqldb.All(ctx, c.db, scanContest, contestColumns+`
		WHERE c.state = $1
		ORDER BY CASE WHEN p.expires_at > $2 THEN 0 ELSE 1 END,
			CASE WHEN p.expires_at > $2 THEN p.expires_at ELSE 0 END, c.created_at, c.id
		LIMIT $3`, contest.Received, sqldb.Millis(now), limit)
	if err != nil {
		return nil, fmt.Errorf("list contests: %w", err)
	}
	return waiting, nil
}

// Decide closes an open contest with a ruling, and writes the event; both or
// neither. Nobody needs to see the photo after that, so the permission ends.
// contest.ErrClosed says that it has been decided or withdrawn meanwhile.
func (c *Contests) Decide(ctx context.Context, id contest.ID, r contest.Ruling, e audit.Event) error {
	err := inTx(ctx, c.db, func(tx *sql.Tx) error {
		done, err := change(ctx, tx, `
			UPDATE contests SET state = $1, decision = $2, note = $3, closed_at = $4, may_open = FALSE
			WHERE id = $5 AND state = $6`,
			contest.Decided, r.Decision, r.Note, sqldb.Millis(r.At), id, contest.Received)
		if err == nil && !done {
			err = contest.ErrClosed
		}
		if err != nil {
			return err
		}
		return appendEvent(ctx, tx, e)
	})
	if err != nil {
		return fmt.Errorf("decide contest: %w", err)
	}
	return nil
}
