package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/complaint"
	"github.com/passportphotogenie/passportphotogenie/internal/docket"
	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
)

// SupportNotes is what officers wrote down. Notes are never changed, only closed.
type SupportNotes struct{ db *sqldb.DB }

// NewSupportNotes returns the notes in a database that Open opened.
func NewSupportNotes(db *sqldb.DB) *SupportNotes { return &SupportNotes{db} }

// Write keeps a new note and its line of the audit trail.
func (s *SupportNotes) Write(ctx context.Context, n complaint.SupportNote, e audit.Event) error {
	err := inTx(ctx, s.db, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO support_notes (id, complaint, email, reference, words, author, written_at, closed_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			n.ID, n.Subject.Complaint, n.Subject.Email.Reveal(), n.Subject.Reference, n.Words, n.Author, sqldb.Millis(n.Written), sqldb.Millis(n.ClosedAt))
		if err != nil {
			return err
		}
		return appendEvent(ctx, tx, e)
	})
	if err != nil {
		return fmt.Errorf("write support note: %w", err)
	}
	return nil
}

// Close keeps that a note has ended; complaint.ErrNotNow says that it had before.
func (s *SupportNotes) Close(ctx context.Context, n complaint.SupportNote, e audit.Event) error {
	err := inTx(ctx, s.db, func(tx *sql.Tx) error {
		done, err := change(ctx, tx, `UPDATE support_notes SET closed_at = $1 WHERE id = $2 AND closed_at = 0`, sqldb.Millis(n.ClosedAt), n.ID)
		if err == nil && !done {
			err = complaint.ErrNotNow
		}
		if err != nil {
			return err
		}
		return appendEvent(ctx, tx, e)
	})
	if err != nil {
		return fmt.Errorf("close support note: %w", err)
	}
	return nil
}

// Forgotten returns the open notes that were written at a moment or before, the oldest
// first and at most limit.
func (s *SupportNotes) Forgotten(ctx context.Context, until time.Time, limit int) ([]complaint.SupportNote, error) {
	return s.list(ctx, `WHERE closed_at = 0 AND written_at <= $1 ORDER BY written_at, id LIMIT $2`, sqldb.Millis(until), limit)
}

// Find returns a note; complaint.ErrNotFound if there is none.
func (s *SupportNotes) Find(ctx context.Context, id complaint.NoteID) (complaint.SupportNote, error) {
	n, err := scanNote(s.db.QueryRowContext(ctx, noteColumns+`WHERE id = $1`, id))
	if err != nil {
		return complaint.SupportNote{}, fmt.Errorf("find support note: %w", absent(err, complaint.ErrNotFound))
	}
	return n, nil
}

// Search returns notes, the newest first and at most limit.
func (s *SupportNotes) Search(ctx context.Context, q complaint.NoteSearch, limit int) ([]complaint.SupportNote, error) {
	var w conditions
	text, ok := searched(q.Text)
	if !ok {
		return nil, nil
	}
	if text != "" {
		address, err := email.Parse(text)
		switch _, isID := complaint.ParseID(text); {
		case err == nil:
			w.add(`email = ? AND email <> ''`, address.Reveal())
		case isID:
			w.add(`(complaint = ? AND complaint <> '' OR reference = ? AND reference <> '')`, text, text)
		default:
			w.add(`LOWER(words) LIKE ? ESCAPE '!'`, containing(text))
			q.Closed = false
		}
	}
	if !q.Closed {
		w.add(`closed_at = 0`)
	}
	if q.Before != (docket.Place{}) {
		w.add(`(written_at, id) < (?, ?)`, sqldb.Millis(q.Before.Due), q.Before.ID)
	}
	return s.list(ctx, w.where()+` ORDER BY written_at DESC, id DESC LIMIT `+w.hole(limit), w.args...)
}

// About returns the notes on a complaint, the oldest first.
func (s *SupportNotes) About(ctx context.Context, id complaint.ID) ([]complaint.SupportNote, error) {
	return s.list(ctx, `WHERE complaint = $1 AND complaint <> '' ORDER BY written_at, id`, id)
}

// FiledUnder returns the notes under an address, and those on complaints for which it was
// proved, the oldest first.
func (s *SupportNotes) FiledUnder(ctx context.Context, a email.Address) ([]complaint.SupportNote, error) {
	return s.list(ctx, `
		WHERE email = $1 AND email <> '' OR complaint <> '' AND complaint IN (SELECT c.id FROM complaints c WHERE c.email = $1 AND c.email <> '' AND c.confirmed_at > 0)
		ORDER BY written_at, id`, a.Reveal())
}

// Forget deletes the closed notes under an address, whose owner has asked for that, and
// those on complaints that have it; so it comes before Complaints.Forget. It says how
// many these were.
func (s *SupportNotes) Forget(ctx context.Context, a email.Address) (int, error) {
	result, err := s.db.ExecContext(ctx, `
		DELETE FROM support_notes WHERE closed_at > 0 AND (email = $1 AND email <> ''
			OR complaint <> '' AND complaint IN (SELECT c.id FROM complaints c WHERE c.email = $1 AND c.email <> ''))`, a.Reveal())
	if err == nil {
		err = s.db.Scrub(ctx)
	}
	if err != nil {
		return 0, fmt.Errorf("forget support notes: %w", err)
	}
	n, err := result.RowsAffected()
	return int(n), err
}

// noteColumns begins a statement whose rows scanNote reads.
const noteColumns = `SELECT id, complaint, email, reference, words, author, written_at, closed_at FROM support_notes `

func (s *SupportNotes) list(ctx context.Context, where string, args ...any) ([]complaint.SupportNote, error) {
	all, err := sqldb.All(ctx, s.db, scanNote, noteColumns+where, args...)
	if err != nil {
		return nil, fmt.Errorf("list support notes: %w", err)
	}
	return all, nil
}

func scanNote(row sqldb.Row) (n complaint.SupportNote, err error) {
	var to string
	var written, closed int64
	err = row.Scan(&n.ID, &n.Subject.Complaint, &to, &n.Subject.Reference, &n.Words, &n.Author, &written, &closed)
	if err == nil && to != "" {
		n.Subject.Email, err = email.Parse(to)
	}
	n.Written, n.ClosedAt = sqldb.Time(written), sqldb.Time(closed)
	return n, err
}

func noteRegister() sqldb.Register {
	return sqldb.Register{Table: "support_notes", Key: "id", Anchor: "closed_at"}
}

// Purge deletes notes that were closed long enough ago; see scheduler.Purger.
func (s *SupportNotes) Purge(ctx context.Context, cutoff time.Time, limit int) (int, error) {
	return s.db.Purge(ctx, noteRegister(), cutoff, limit)
}

// Oldest returns when the note that was closed first was; false if none is.
func (s *SupportNotes) Oldest(ctx context.Context) (time.Time, bool, error) {
	return s.db.Oldest(ctx, noteRegister())
}
