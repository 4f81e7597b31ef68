package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// Restrict stops everything that could happen to a photo, deletion by time
// included, and ends a turn that is under way. It competes with the expiry sweep
// for the row: whoever comes first wins. A photo that is restricted already stays
// as it is and is returned. photo.ErrNotFound says that there is no photo, that
// its time is over, or that it is being erased.
func (p *Photos) Restrict(ctx context.Context, id photo.ID, r photo.Restriction) (photo.Photo, error) {
	got, err := scanPhoto(p.db.QueryRowContext(ctx, `
		UPDATE photos SET restriction = $1, restriction_ground = $2, restricted_at = $3, restriction_review_by = $4, held = TRUE,
			status = CASE WHEN status = $5 THEN $6 ELSE status END, lease_until = 0
		WHERE id = $7 AND restricted_at = 0 AND expires_at > $3 AND status NOT IN ($8, $9)
		RETURNING `+columns,
		r.ID, r.Ground, sqldb.Millis(r.Since), sqldb.Millis(r.ReviewBy),
		photo.Processing, photo.Queued, id, photo.Receiving, photo.Erasing))
	if errors.Is(err, sql.ErrNoRows) {
		if got, err = p.Get(ctx, id); err == nil && (!got.Restricted() || got.Status == photo.Erasing) {
			err = photo.ErrNotFound
		}
	}
	if err != nil {
		return photo.Photo{}, fmt.Errorf("restrict photo: %w", err)
	}
	return got, nil
}

// Restrictions is the officers' side of the same table.
type Restrictions struct{ db *sqldb.DB }

// NewRestrictions returns it in a database that Open opened.
func NewRestrictions(db *sqldb.DB) *Restrictions { return &Restrictions{db} }

// inForce holds for a photo that is restricted, with photo.Erasing as argument $1.
const inForce = `restricted_at <> 0 AND status <> $1`

// InForce returns the restrictions, the one to be reviewed next first, at most
// limit.
func (r *Restrictions) InForce(ctx context.Context, limit int) (all []photo.Restriction, err error) {
	photos, err := list(ctx, r.db, `WHERE `+inForce+` ORDER BY restriction_review_by, id LIMIT $2`, photo.Erasing, limit)
	if err != nil {
		return nil, fmt.Errorf("list restrictions: %w", err)
	}
	for _, p := range photos {
		all = append(all, p.Restriction)
	}
	return all, nil
}

// Find returns a restriction; photo.ErrNotFound if it has been lifted or its
// photo erased.
func (r *Restrictions) Find(ctx context.Context, id photo.RestrictionID) (photo.Restriction, error) {
	got, err := scanPhoto(r.db.QueryRowContext(ctx, `SELECT `+columns+` FROM photos WHERE restriction = $2 AND `+inForce, photo.Erasing, id))
	if err != nil {
		return photo.Restriction{}, fmt.Errorf("find restriction: %w", absent(err, photo.ErrNotFound))
	}
	return got.Restriction, nil
}

// Keep records a review after which the restriction stays, until the next one.
func (r *Restrictions) Keep(ctx context.Context, id photo.RestrictionID, e audit.Event) error {
	return r.act(ctx, id, e, "keep restriction",
		`UPDATE photos SET restriction_review_by = $3 WHERE restriction = $2 AND `+inForce, sqldb.Millis(subjectrequest.RestrictionReviewDue(e.At)))
}

// Tell writes to the person why the restriction will be lifted.
func (r *Restrictions) Tell(ctx context.Context, id photo.RestrictionID, note string, e audit.Event) error {
	return r.act(ctx, id, e, "tell of the lifting",
		`UPDATE photos SET restriction_told_at = $3, restriction_note = $4 WHERE restriction = $2 AND `+inForce, sqldb.Millis(e.At), note)
}

// Lift ends a restriction. The photo goes on from where it was, and is kept for
// at least retention.LiftedFloor more. photo.ErrNotTold says that the person has
// to be told first.
func (r *Restrictions) Lift(ctx context.Context, id photo.RestrictionID, e audit.Event) error {
	err := r.act(ctx, id, e, "lift restriction", `
		UPDATE photos SET restriction = NULL, restriction_ground = '', restricted_at = 0, restriction_review_by = 0,
			restriction_told_at = 0, restriction_note = '', restriction_lifted_at = $3,
			expires_at = CASE WHEN expires_at > $4 THEN expires_at ELSE $4 END
		WHERE restriction = $2 AND restriction_told_at <> 0 AND `+inForce,
		sqldb.Millis(e.At), sqldb.Millis(e.At.Add(retention.LiftedFloor)))
	if errors.Is(err, photo.ErrNotFound) {
		if found, look := r.Find(ctx, id); look == nil && found.ToldAt.IsZero() {
			return fmt.Errorf("lift restriction: %w", photo.ErrNotTold)
		}
	}
	return err
}

// act changes a restriction and writes the event; both or neither.
func (r *Restrictions) act(ctx context.Context, id photo.RestrictionID, e audit.Event, doing, statement string, args ...any) error {
	err := inTx(ctx, r.db, func(tx *sql.Tx) error {
		done, err := change(ctx, tx, statement, append([]any{photo.Erasing, id}, args...)...)
		if err == nil && !done {
			err = photo.ErrNotFound
		}
		if err != nil {
			return err
		}
		return appendEvent(ctx, tx, e)
	})
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return nil
}

// Counts returns how many photos are restricted on each ground, and how many of
// all these an officer should have looked at by now.
func (r *Restrictions) Counts(ctx context.Context, now time.Time) (by map[photo.Ground]int, overdue int, err error) {
	rows, err := r.db.QueryContext(ctx, `
		SELECT restriction_ground, COUNT(*), SUM(CASE WHEN restriction_review_by <= $2 THEN 1 ELSE 0 END)
		FROM photos WHERE `+inForce+` GROUP BY restriction_ground`, photo.Erasing, sqldb.Millis(now))
	if err != nil {
		return nil, 0, fmt.Errorf("count restrictions: %w", err)
	}
	defer rows.Close()
	by = map[photo.Ground]int{}
	for rows.Next() {
		var ground photo.Ground
		var n, late int
		if err := rows.Scan(&ground, &n, &late); err != nil {
			return nil, 0, fmt.Errorf("count restrictions: %w", err)
		}
		by[ground] = n
		overdue += late
	}
	if err := rows.Err(); err != nil {
		return nil, 0, fmt.Errorf("count restrictions: %w", err)
	}
	return by, overdue, nil
}
