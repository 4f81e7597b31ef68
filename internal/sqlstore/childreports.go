package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/childreport"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
)

// ChildReports is the register of reports that a photo is of a child and should not be
// here. A photo is frozen, in the same transaction, while an open report says so. What
// changes both takes the photo's row first, so that two at once come one after the
// other.
type ChildReports struct{ db *sqldb.DB }

// NewChildReports returns the register in a database that Open opened.
func NewChildReports(db *sqldb.DB) *ChildReports { return &ChildReports{db} }

// File keeps a new report and freezes the photo of that name, an ID or a reference of
// statistics, if there is one that lives. It competes with the expiry sweep for the
// photo's row: if that comes first there is no photo. It returns the report as it is
// kept. Letters go out with it, or neither is kept: letter.ErrTooMany says that a
// mailbox has had enough.
func (c *ChildReports) File(ctx context.Context, filed childreport.Change, name string, letters ...letter.Letter) (childreport.Report, error) {
	r, e := filed.Report, filed.Event
	err := inTx(ctx, c.db, func(tx *sql.Tx) (err error) {
		if r.Photo.ID, err = livingPhoto(ctx, tx, name, r.FiledAt); err != nil {
			return err
		}
		e.Outcome = childreport.NoPhoto
		if r.Photo.ID != "" {
			if r.Froze, err = freeze(ctx, tx, r.Photo.ID, r.FiledAt); err != nil {
				return err
			}
			if e.Outcome = childreport.NotAgain; r.Froze {
				e.Outcome = childreport.FrozePhoto
			}
		}
		if _, err = tx.ExecContext(ctx, insertChildReport, append(filedOnce(r), changing(r)...)...); err != nil {
			return err
		}
		if err = appendEvent(ctx, tx, e); err != nil {
			return err
		}
		return writeLetters(ctx, tx, letters)
	})
	if err != nil {
		return childreport.Report{}, fmt.Errorf("file child report: %w", err)
	}
	return r, nil
}

// livingPhoto returns the photo of a name, and keeps everybody else from its row until
// the transaction ends; empty if there is none, or its time is over.
func livingPhoto(ctx context.Context, tx *sql.Tx, name string, now time.Time) (id photo.ID, err error) {
	err = tx.QueryRowContext(ctx, `
		UPDATE photos SET revision = revision
		WHERE (id = $1 OR reference = $1) AND status NOT IN ($2, $3) AND (expires_at > $4 OR restricted_at <> 0)
		RETURNING id`, name, photo.Receiving, photo.Erasing, sqldb.Millis(now)).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return id, err
}

// freeze stops a photo and ends a turn that is under way, unless a report about it was
// rejected before. What that turn still stores is deleted by its holder, who has lost
// the claim; once the photo goes on, the sweep has it made again.
func freeze(ctx context.Context, tx *sql.Tx, id photo.ID, now time.Time) (bool, error) {
	var rejected int
	err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM child_reports WHERE photo_id = $1 AND state = $2`, id, childreport.Rejected).Scan(&rejected)
	if err != nil || rejected > 0 {
		return false, err
	}
	_, err = change(ctx, tx, `
		UPDATE photos SET frozen_at = $1, status = CASE WHEN status = $2 THEN $3 ELSE status END, lease_until = 0
		WHERE id = $4 AND frozen_at = 0`, sqldb.Millis(now), photo.Processing, photo.Queued, id)
	return err == nil, err
}

// Save keeps a step of a report, its line of the audit trail and the letters that tell
// of it, all or nothing. One that is upheld takes the photo from everybody in the same
// step: its erasure has begun, and whoever ends it, the sweep at the latest, attaches
// the receipt. One that is rejected lets the photo go on, unless another still stops
// it. childreport.ErrChanged says that somebody else was quicker.
func (c *ChildReports) Save(ctx context.Context, s childreport.Change, letters ...letter.Letter) error {
	r := s.Report
	err := inTx(ctx, c.db, func(tx *sql.Tx) error {
		if _, err := change(ctx, tx, `UPDATE photos SET revision = revision WHERE id = $1`, r.Photo.ID); err != nil {
			return err
		}
		done, err := change(ctx, tx, updateChildReport, append([]any{r.ID, r.Version - 1, r.Photo.ID}, changing(r)...)...)
		if err == nil && !done {
			err = childreport.ErrChanged
		}
		if err == nil {
			err = settlePhoto(ctx, tx, r)
		}
		if err == nil {
			err = appendEvent(ctx, tx, s.Event)
		}
		if err != nil {
			return err
		}
		return writeLetters(ctx, tx, letters)
	})
	if err != nil {
		return fmt.Errorf("save child report: %w", err)
	}
	return nil
}

// settlePhoto does to the photo what the report's state says.
func settlePhoto(ctx context.Context, tx *sql.Tx, r childreport.Report) (err error) {
	switch r.State {
	case childreport.Upheld:
		if r.Photo.ID != "" {
			_, err = takeAway(ctx, tx, r.Photo.ID, markErasing, photo.Erasing, r.Photo.ID, photo.ErasedOnRequest)
		}
	case childreport.Rejected:
		_, err = change(ctx, tx, `
			UPDATE photos SET frozen_at = 0, queued_at = CASE WHEN status = $1 THEN $2 ELSE queued_at END
			WHERE id = $3 AND frozen_at <> 0
				AND NOT EXISTS (SELECT 1 FROM child_reports o WHERE o.photo_id = photos.id AND o.froze AND o.closed_at = 0)`,
			photo.Queued, sqldb.Millis(r.ClosedAt), r.Photo.ID)
	}
	return err
}

// endChildReports puts a receipt in the place of the photo that it is of. An open
// report ends by that.
func endChildReports(ctx context.Context, tx *sql.Tx, id photo.ID, r photo.Receipt) error {
	ended, err := openReports(ctx, tx, id)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE child_reports SET photo_id = NULL, receipt = CASE WHEN state = $1 THEN receipt ELSE $2 END,
			version = CASE WHEN closed_at = 0 THEN version + 1 ELSE version END,
			state = CASE WHEN closed_at = 0 THEN $3 ELSE state END,
			closed_at = CASE WHEN closed_at = 0 THEN $4 ELSE closed_at END
		WHERE photo_id = $5`, childreport.Rejected, r.ID, childreport.Ended, sqldb.Millis(r.CreatedAt), id)
	for _, report := range ended {
		if err == nil {
			err = appendEvent(ctx, tx, audit.Event{
				At: r.CreatedAt, Actor: audit.Service, Action: childreport.PhotoGone, Subject: string(report), Outcome: audit.Outcome(childreport.Ended)})
		}
	}
	return err
}

func openReports(ctx context.Context, tx *sql.Tx, id photo.ID) ([]childreport.ID, error) {
	return sqldb.All(ctx, tx, sqldb.Only[childreport.ID], `SELECT id FROM child_reports WHERE photo_id = $1 AND closed_at = 0 ORDER BY id`, id)
}

// Find returns a report; childreport.ErrNotFound if there is none.
func (c *ChildReports) Find(ctx context.Context, id childreport.ID) (childreport.Report, error) {
	r, err := c.one(ctx, `WHERE r.id = $1`, id)
	if err != nil {
		return childreport.Report{}, fmt.Errorf("find child report: %w", err)
	}
	return r, nil
}

// FindByLink returns the report of a mailed link or code that asks to confirm an
// address; childreport.ErrNotFound if it is none of a report's.
func (c *ChildReports) FindByLink(ctx context.Context, given string) (childreport.Report, error) {
	return c.byPair(ctx, "find child report by link", `r.link_hash`, `r.link_code_hash`, given)
}

// FindByAnswer is FindByLink for the link or code that opens an answer.
func (c *ChildReports) FindByAnswer(ctx context.Context, given string) (childreport.Report, error) {
	return c.byPair(ctx, "find child report by answer", `r.answer_hash`, `r.answer_code_hash`, given)
}

func (c *ChildReports) one(ctx context.Context, where string, args ...any) (childreport.Report, error) {
	r, err := scanChildReport(c.db.QueryRowContext(ctx, childReportColumns+where, args...))
	return r, absent(err, childreport.ErrNotFound)
}

// Forget makes closed reports forget what was said and by whom, at most limit, and says
// how many. Anything else of them stays.
func (c *ChildReports) Forget(ctx context.Context, closedUntil time.Time, limit int) (int, error) {
	result, err := c.db.ExecContext(ctx, `
		UPDATE child_reports SET words = '', reason = '', email = '', link_hash = NULL, link_code_hash = NULL,
			answer_hash = NULL, answer_code_hash = NULL
		WHERE id IN (SELECT id FROM child_reports WHERE closed_at > 0 AND words <> '' AND closed_at <= $1 ORDER BY closed_at LIMIT $2)`,
		sqldb.Millis(closedUntil), limit)
	if err != nil {
		return 0, fmt.Errorf("forget child reports' words: %w", err)
	}
	n, err := result.RowsAffected()
	return int(n), err
}

// Purge deletes reports that were closed long enough ago; see scheduler.Purger.
func (c *ChildReports) Purge(ctx context.Context, cutoff time.Time, limit int) (int, error) {
	return c.db.Purge(ctx, childReportRegister(), cutoff, limit)
}

// Oldest returns when the report that was closed first was; false if none is.
func (c *ChildReports) Oldest(ctx context.Context) (time.Time, bool, error) {
	return c.db.Oldest(ctx, childReportRegister())
}

func childReportRegister() sqldb.Register {
	return sqldb.Register{Table: "child_reports", Key: "id", Anchor: "closed_at"}
}
