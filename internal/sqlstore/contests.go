package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/contest"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
)

// Contests is the table of contests. A contest knows its photo only while the
// photo lives: what begins an erasure takes the link away in the same
// transaction.
type Contests struct{ db *sqldb.DB }

// NewContests returns the table in a database that Open opened.
func NewContests(db *sqldb.DB) *Contests { return &Contests{db} }

// File keeps a new contest. photo.ErrChanged says that the photo is no longer
// ready at the contested revision, contest.ErrTooMany and contest.ErrDuplicate
// that it has been contested enough.
func (c *Contests) File(ctx context.Context, n contest.Contest) error {
	records, err := json.Marshal(n.Records)
	if err != nil {
		return fmt.Errorf("file contest: %w", err)
	}
	err = inTx(ctx, c.db, func(tx *sql.Tx) error {
		// Changes nothing, but nobody can begin the photo's erasure, or file another
		// contest of it, until this one is in.
		held, err := change(ctx, tx, `
			UPDATE photos SET revision = revision WHERE id = $1 AND revision = $2 AND status = $3 AND expires_at > $4 AND `+goesOn,
			n.Photo.ID, n.Photo.Revision, photo.Ready, sqldb.Millis(n.CreatedAt))
		if err == nil && !held {
			err = photo.ErrChanged
		}
		if err != nil {
			return err
		}
		return file(ctx, tx, n, string(records))
	})
	if err != nil {
		return fmt.Errorf("file contest: %w", err)
	}
	return nil
}

func file(ctx context.Context, tx *sql.Tx, n contest.Contest, records string) error {
	filed, err := change(ctx, tx, `
		INSERT INTO contests (id, key_hash, state, document, verdict, records, message, created_at,
			photo_id, revision, check_names, may_open)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT (photo_id, revision, check_names) WHERE state <> 'withdrawn' DO NOTHING`,
		n.ID, n.KeyHash[:], n.State, n.Document, n.Verdict, records, n.Message, sqldb.Millis(n.CreatedAt),
		n.Photo.ID, n.Photo.Revision, n.Names(), n.MayOpen)
	if err == nil && !filed {
		err = contest.ErrDuplicate
	}
	if err != nil {
		return err
	}
	var count int
	err = tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM contests WHERE photo_id = $1`, n.Photo.ID).Scan(&count)
	if err == nil && count > contest.MaxPerPhoto {
		err = contest.ErrTooMany
	}
	return err
}

// Withdraw closes an open contest for the person who filed it, and forgets what
// they said; contest.ErrClosed if it is closed already.
func (c *Contests) Withdraw(ctx context.Context, id contest.ID, now time.Time) error {
	done, err := change(ctx, c.db, `
		UPDATE contests SET state = $1, closed_at = $2, message = '', may_open = FALSE WHERE id = $3 AND state = $4`,
		contest.Withdrawn, sqldb.Millis(now), id, contest.Received)
	return closedUnless(done, "withdraw contest", err)
}

// Permit sets whether an operator may look at the photo. Permission can be taken
// back at any time; it can be given while the contest is open, contest.ErrClosed
// otherwise, and while the photo lives, contest.ErrPhotoGone otherwise.
func (c *Contests) Permit(ctx context.Context, id contest.ID, may bool, now time.Time) error {
	done, err := change(ctx, c.db, `
		UPDATE contests SET may_open = $1
		WHERE id = $2 AND (NOT $1 OR state = $3 AND EXISTS (
			SELECT 1 FROM photos WHERE photos.id = contests.photo_id AND expires_at > $4))`,
		may, id, contest.Received, sqldb.Millis(now))
	if err != nil {
		return fmt.Errorf("permit: %w", err)
	}
	if done {
		return nil
	}
	found, err := c.Find(ctx, id)
	if err == nil && found.State == contest.Received {
		err = contest.ErrPhotoGone
	}
	return closedUnless(false, "permit", err)
}

func closedUnless(done bool, doing string, err error) error {
	if err == nil && !done {
		err = contest.ErrClosed
	}
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return nil
}

// Find returns a contest; contest.ErrNotFound if there is none.
func (c *Contests) Find(ctx context.Context, id contest.ID) (contest.Contest, error) {
	got, err := scanContest(c.db.QueryRowContext(ctx, contestColumns+` WHERE c.id = $1`, id))
	if err != nil {
		return contest.Contest{}, fmt.Errorf("find contest: %w", absent(err, contest.ErrNotFound))
	}
	return got, nil
}

// Of returns the contests of a photo that lives, oldest first.
func (c *Contests) Of(ctx context.Context, id photo.ID) ([]contest.Contest, error) {
	all, err := sqldb.All(ctx, c.db, scanContest, contestColumns+` WHERE c.photo_id = $1 ORDER BY c.created_at, c.id`, id)
	if err != nil {
		return nil, fmt.Errorf("list a photo's contests: %w", err)
	}
	return all, nil
}

// contestColumns begins a statement whose rows scanContest reads.
const contestColumns = `
	SELECT c.id, c.key_hash, c.state, c.document, c.verdict, c.records, c.message, c.decision, c.note, c.created_at, c.closed_at,
		COALESCE(c.photo_id, ''), c.revision, COALESCE(p.expires_at, 0), c.may_open AND c.photo_id IS NOT NULL
	FROM contests c LEFT JOIN photos p ON p.id = c.photo_id`

func scanContest(row sqldb.Row) (contest.Contest, error) {
	var (
		c                        contest.Contest
		keyHash                  []byte
		records                  string
		created, closed, expires int64
	)
	err := row.Scan(&c.ID, &keyHash, &c.State, &c.Document, &c.Verdict, &records, &c.Message, &c.Ruling.Decision, &c.Ruling.Note,
		&created, &closed, &c.Photo.ID, &c.Photo.Revision, &expires, &c.MayOpen)
	if err != nil {
		return contest.Contest{}, err
	}
	if err := json.Unmarshal([]byte(records), &c.Records); err != nil {
		return contest.Contest{}, err
	}
	copy(c.KeyHash[:], keyHash)
	c.CreatedAt, c.ClosedAt, c.Photo.ExpiresAt = sqldb.Time(created), sqldb.Time(closed), sqldb.Time(expires)
	if c.State == contest.Decided {
		c.Ruling.At = c.ClosedAt
	}
	return c, nil
}
