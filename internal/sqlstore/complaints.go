package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/complaint"
	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
)

// Complaints is the register of complaints. A complaint knows its photo only while that
// lives: what begins an erasure takes the link away in the same transaction. Every
// change is kept together with its line of the audit trail and the letters that tell of
// it.
type Complaints struct{ db *sqldb.DB }

// NewComplaints returns the register in a database that Open opened.
func NewComplaints(db *sqldb.DB) *Complaints { return &Complaints{db} }

// File keeps a new complaint. complaint.ErrPhotoGone says that the photo is not there
// any more, complaint.TooManyError that enough are open, letter.ErrTooMany that the
// mailbox has had enough letters.
func (r *Complaints) File(ctx context.Context, c complaint.Change, letters ...letter.Letter) error {
	n := c.Complaint
	once, err := complaintOnce(n)
	if err == nil {
		err = inTx(ctx, r.db, func(tx *sql.Tx) error {
			if err := roomFor(ctx, tx, n); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, insertComplaint, append(once, complaintNow(n)...)...); err != nil {
				return err
			}
			if err := appendEvent(ctx, tx, c.Event); err != nil {
				return err
			}
			return writeLetters(ctx, tx, letters)
		})
	}
	if err != nil {
		return fmt.Errorf("file complaint: %w", err)
	}
	return nil
}

// roomFor looks whether a complaint can be taken in, and holds its photo.
func roomFor(ctx context.Context, tx *sql.Tx, n complaint.Complaint) error {
	if n.Photo.ID != "" {
		held, err := holdPhoto(ctx, tx, n.Photo.ID, n.FiledAt)
		if err == nil && !held {
			err = complaint.ErrPhotoGone
		}
		if err != nil {
			return err
		}
		open, err := sqldb.All(ctx, tx, sqldb.Only[complaint.ID], `
			SELECT id FROM complaints WHERE photo_id = $1 AND settled_at = 0 ORDER BY filed_at, id`, n.Photo.ID)
		if err == nil && len(open) >= complaint.MaxPerPhoto {
			err = complaint.TooManyError{Open: open}
		}
		if err != nil {
			return err
		}
	}
	if n.Email == (email.Address{}) {
		return nil
	}
	var count int
	err := tx.QueryRowContext(ctx, `
		SELECT COUNT(*) FROM complaints WHERE email = $1 AND email <> '' AND settled_at = 0`, n.Email.Reveal()).Scan(&count)
	if err == nil && count >= complaint.MaxPerAddress {
		err = complaint.TooManyError{}
	}
	return err
}

// Save keeps a change. complaint.ErrChanged says that somebody else has changed the
// complaint since it was read. What an erasure has taken from it meanwhile stays taken.
// The notes about a complaint that is closed are closed with it.
func (r *Complaints) Save(ctx context.Context, c complaint.Change, letters ...letter.Letter) error {
	err := inTx(ctx, r.db, func(tx *sql.Tx) error {
		if err := saveComplaint(ctx, tx, c); err != nil {
			return err
		}
		return writeLetters(ctx, tx, letters)
	})
	if err != nil {
		return fmt.Errorf("save complaint: %w", err)
	}
	return nil
}

// Merge keeps both sides of a merger. What was merged into the one that closes goes on
// with it.
func (r *Complaints) Merge(ctx context.Context, merged, kept complaint.Change) error {
	from, into := merged.Complaint.ID, kept.Complaint.ID
	first, second := merged, kept
	if into < from { // everybody takes the rows in one order, so that two mergers can't wait for each other
		first, second = kept, merged
	}
	err := inTx(ctx, r.db, func(tx *sql.Tx) error {
		if err := saveComplaint(ctx, tx, first); err != nil {
			return err
		}
		if err := saveComplaint(ctx, tx, second); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE complaints SET merged_into = $1 WHERE merged_into = $2`, into, from)
		return err
	})
	if err != nil {
		return fmt.Errorf("merge complaints: %w", err)
	}
	return nil
}

func saveComplaint(ctx context.Context, tx *sql.Tx, c complaint.Change) error {
	n := c.Complaint
	done, err := change(ctx, tx, updateComplaint, append([]any{n.ID, n.Version - 1, n.Forgotten()}, complaintNow(n)...)...)
	if err == nil && !done {
		err = complaint.ErrChanged
	}
	if err == nil && n.State == complaint.Closed {
		_, err = tx.ExecContext(ctx, `UPDATE support_notes SET closed_at = $1 WHERE complaint = $2 AND complaint <> '' AND closed_at = 0`,
			sqldb.Millis(n.ClosedAt), n.ID)
	}
	if err != nil {
		return err
	}
	return appendEvent(ctx, tx, c.Event)
}

// Forget makes the complaints under an address forget the person who has asked for that,
// but those that still wait for an answer, and says how many these were.
func (r *Complaints) Forget(ctx context.Context, a email.Address, by complaint.By) (n int, err error) {
	filed, err := r.FiledUnder(ctx, a)
	for _, c := range filed {
		forgotten, not := c.ForgetNow(by)
		if not != nil {
			continue // it is open
		}
		if err = r.Save(ctx, forgotten); err != nil {
			break
		}
		n++
	}
	if err == nil {
		err = r.db.Scrub(ctx)
	}
	if err != nil {
		return n, fmt.Errorf("forget complaints: %w", err)
	}
	return n, nil
}

// Find returns a complaint; complaint.ErrNotFound if there is none.
func (r *Complaints) Find(ctx context.Context, id complaint.ID) (complaint.Complaint, error) {
	return r.one(ctx, "find complaint", `WHERE c.id = $1`, id)
}

// OfLink returns the complaint whose letter has a link or a code by which an address is
// proved; complaint.ErrNotFound if there is none.
func (r *Complaints) OfLink(ctx context.Context, link secret.Key) (complaint.Complaint, error) {
	hash := link.Hash()
	return r.one(ctx, "find the complaint of a link", `WHERE c.link_hash = $1 OR c.link_code_hash = $1`, hash[:])
}

// OfAnswer returns the complaint that its own key opens, or the link or the code of the
// letter that tells of its answer; complaint.ErrNotFound if it opens none.
func (r *Complaints) OfAnswer(ctx context.Context, key secret.Key) (complaint.Complaint, error) {
	hash := key.Hash()
	return r.one(ctx, "find the complaint of an answer", `WHERE c.key_hash = $1 OR c.read_hash = $1 OR c.read_code_hash = $1`, hash[:])
}

// one returns the complaint that a statement's end selects.
func (r *Complaints) one(ctx context.Context, doing, where string, args ...any) (complaint.Complaint, error) {
	c, err := scanComplaint(r.db.QueryRowContext(ctx, complaintColumns+where, args...))
	if err != nil {
		return complaint.Complaint{}, fmt.Errorf("%s: %w", doing, absent(err, complaint.ErrNotFound))
	}
	return c, nil
}

func complaintRegister() sqldb.Register {
	return sqldb.Register{Table: "complaints", Key: "id", Anchor: "closed_at"}
}

// Purge deletes complaints that were closed long enough ago; see scheduler.Purger.
func (r *Complaints) Purge(ctx context.Context, cutoff time.Time, limit int) (int, error) {
	return r.db.Purge(ctx, complaintRegister(), cutoff, limit)
}

// Oldest returns when the complaint that was closed first was; false if none is.
func (r *Complaints) Oldest(ctx context.Context) (time.Time, bool, error) {
	return r.db.Oldest(ctx, complaintRegister())
}
