package sqlstore

import (
	"context"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/contest"
	"github.com/passportphotogenie/passportphotogenie/internal/docket"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
)

// contestItems begins a statement about open contests whose rows scanContestItem reads.
// Each is due contest.AnswerTime after it was filed.
const contestItems = `
	SELECT c.id, c.created_at, COALESCE((SELECT l.expires_at FROM photos l WHERE l.id = c.photo_id AND l.restricted_at = 0), 0)
	FROM contests c `

func scanContestItem(row sqldb.Row) (docket.Item, error) {
	i := docket.Item{Matter: letter.Contest, State: string(contest.Received)}
	var created, expires int64
	if err := row.Scan(&i.ID, &created, &expires); err != nil {
		return docket.Item{}, err
	}
	i.Due, i.Expires, i.Path = sqldb.Time(created).Add(contest.AnswerTime), sqldb.Time(expires), "/ops/contests/"+i.ID
	return i, nil
}

// filedBefore is when what is due at a moment was filed; zero for none.
func filedBefore(due time.Time) int64 {
	if due.IsZero() {
		return 0
	}
	return sqldb.Millis(due.Add(-contest.AnswerTime))
}

// ContestDocket are the open contests, as what waits for an officer.
type ContestDocket struct{ db *sqldb.DB }

// NewContestDocket returns them in a database that Open opened.
func NewContestDocket(db *sqldb.DB) *ContestDocket { return &ContestDocket{db} }

// Living implements docket.Source.
func (c *ContestDocket) Living(ctx context.Context, now time.Time, limit int) ([]docket.Item, error) {
	return c.list(ctx, `
		JOIN photos p ON p.id = c.photo_id
		WHERE c.state = 'received' AND c.photo_id IS NOT NULL AND p.expires_at > $1 AND p.restricted_at = 0
		ORDER BY p.expires_at, c.id LIMIT $2`, sqldb.Millis(now), limit)
}

// Waiting implements docket.Source. It looks for each one's photo by itself, as
// SubjectRequests does.
func (c *ContestDocket) Waiting(ctx context.Context, now time.Time, after docket.Place, limit int) ([]docket.Item, error) {
	return c.list(ctx, `
		WHERE c.state = 'received' AND (c.created_at, c.id) > ($1, $2) AND (c.photo_id IS NULL
			OR COALESCE((SELECT l.expires_at FROM photos l WHERE l.id = c.photo_id AND l.restricted_at = 0), 0) <= $3)
		ORDER BY c.created_at, c.id LIMIT $4`, filedBefore(after.Due), after.ID, sqldb.Millis(now), limit)
}

// DueBy implements docket.Source.
func (c *ContestDocket) DueBy(ctx context.Context, end time.Time, after docket.Place, limit int) ([]docket.Item, error) {
	return c.list(ctx, `
		WHERE c.state = 'received' AND (c.created_at, c.id) > ($1, $2) AND c.created_at <= $3
		ORDER BY c.created_at, c.id LIMIT $4`, filedBefore(after.Due), after.ID, filedBefore(end), limit)
}

// Count implements docket.Counter.
func (c *ContestDocket) Count(ctx context.Context, e docket.Ends) (docket.Tally, error) {
	counts, err := bands(c.db.QueryRowContext(ctx, `
		SELECT COUNT(CASE WHEN created_at <= $1 THEN 1 END), COUNT(CASE WHEN created_at <= $2 THEN 1 END),
			COUNT(CASE WHEN created_at <= $3 THEN 1 END), COUNT(CASE WHEN created_at <= $4 THEN 1 END),
			COUNT(CASE WHEN created_at <= $5 THEN 1 END), COUNT(*)
		FROM contests WHERE state = 'received'`,
		filedBefore(e[0]), filedBefore(e[1]), filedBefore(e[2]), filedBefore(e[3]), filedBefore(e[4])))
	if err != nil {
		return nil, fmt.Errorf("count open contests: %w", err)
	}
	return docket.Tally{letter.Contest: counts}, nil
}

// bands reads how many are due by each of a docket's ends, and how many there are.
func bands(row sqldb.Row) (counts [6]int, err error) {
	if err := row.Scan(&counts[0], &counts[1], &counts[2], &counts[3], &counts[4], &counts[5]); err != nil {
		return counts, err
	}
	for i := len(counts) - 1; i > 0; i-- {
		counts[i] -= counts[i-1]
	}
	return counts, nil
}

func (c *ContestDocket) list(ctx context.Context, where string, args ...any) ([]docket.Item, error) {
	items, err := sqldb.All(ctx, c.db, scanContestItem, contestItems+where, args...)
	if err != nil {
		return nil, fmt.Errorf("list open contests: %w", err)
	}
	return items, nil
}

// reviewItems begins a statement about restrictions in force whose rows
// scanReviewItem reads.
const reviewItems = `SELECT restriction, restriction_review_by, restriction_told_at FROM photos `

func scanReviewItem(row sqldb.Row) (docket.Item, error) {
	i := docket.Item{Matter: letter.RestrictionReview, State: "in_force"}
	var due, told int64
	if err := row.Scan(&i.ID, &due, &told); err != nil {
		return docket.Item{}, err
	}
	if told != 0 {
		i.State = "told" // the person was, that it will be lifted
	}
	i.Due, i.Path = sqldb.Time(due), "/ops/restrictions/"+i.ID
	return i, nil
}

// RestrictionDocket are the restrictions in force, each due when an officer has to have
// looked at it again. A restricted photo is not deleted by time, so none of them hurries
// for that.
type RestrictionDocket struct{ db *sqldb.DB }

// NewRestrictionDocket returns them in a database that Open opened.
func NewRestrictionDocket(db *sqldb.DB) *RestrictionDocket { return &RestrictionDocket{db} }

// Living implements docket.Source: there are none.
func (r *RestrictionDocket) Living(context.Context, time.Time, int) ([]docket.Item, error) {
	return nil, nil
}

// Waiting implements docket.Source.
func (r *RestrictionDocket) Waiting(ctx context.Context, _ time.Time, after docket.Place, limit int) ([]docket.Item, error) {
	return r.list(ctx, `
		WHERE `+inForce+` AND (restriction_review_by, restriction) > ($2, $3)
		ORDER BY restriction_review_by, restriction LIMIT $4`, photo.Erasing, sqldb.Millis(after.Due), after.ID, limit)
}

// DueBy implements docket.Source.
func (r *RestrictionDocket) DueBy(ctx context.Context, end time.Time, after docket.Place, limit int) ([]docket.Item, error) {
	return r.list(ctx, `
		WHERE `+inForce+` AND (restriction_review_by, restriction) > ($2, $3) AND restriction_review_by <= $4
		ORDER BY restriction_review_by, restriction LIMIT $5`,
		photo.Erasing, sqldb.Millis(after.Due), after.ID, sqldb.Millis(end), limit)
}

// Count implements docket.Counter.
func (r *RestrictionDocket) Count(ctx context.Context, e docket.Ends) (docket.Tally, error) {
	counts, err := bands(r.db.QueryRowContext(ctx, `
		SELECT COUNT(CASE WHEN restriction_review_by <= $2 THEN 1 END), COUNT(CASE WHEN restriction_review_by <= $3 THEN 1 END),
			COUNT(CASE WHEN restriction_review_by <= $4 THEN 1 END), COUNT(CASE WHEN restriction_review_by <= $5 THEN 1 END),
			COUNT(CASE WHEN restriction_review_by <= $6 THEN 1 END), COUNT(*)
		FROM photos WHERE `+inForce,
		photo.Erasing, sqldb.Millis(e[0]), sqldb.Millis(e[1]), sqldb.Millis(e[2]), sqldb.Millis(e[3]), sqldb.Millis(e[4])))
	if err != nil {
		return nil, fmt.Errorf("count restrictions that wait: %w", err)
	}
	return docket.Tally{letter.RestrictionReview: counts}, nil
}

func (r *RestrictionDocket) list(ctx context.Context, where string, args ...any) ([]docket.Item, error) {
	items, err := sqldb.All(ctx, r.db, scanReviewItem, reviewItems+where, args...)
	if err != nil {
		return nil, fmt.Errorf("list restrictions that wait: %w", err)
	}
	return items, nil
}
