package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// SubjectRequests is the register of data subjects' requests. A request knows its
// photo only while that lives: what begins an erasure takes the link away in the
// same transaction. Every change is kept together with its line of the audit trail.
type SubjectRequests struct{ db *sqldb.DB }

// NewSubjectRequests returns the register in a database that Open opened.
func NewSubjectRequests(db *sqldb.DB) *SubjectRequests { return &SubjectRequests{db} }

// File keeps a new request and returns it as it is kept, Repeated if the person has
// asked for Shine the Light before in the year. subjectrequest.ErrPhotoGone says that
// the photo is not there any more, subjectrequest.ErrDuplicate that it has an open
// request of this kind. Letters go out with it, or neither is kept: letter.ErrTooMany
// says that a mailbox has had enough.
func (s *SubjectRequests) File(ctx context.Context, c subjectrequest.Change, letters ...letter.Letter) (subjectrequest.Request, error) {
	filed := c.Request
	err := inTx(ctx, s.db, func(tx *sql.Tx) (err error) {
		if filed, err = fileRequest(ctx, tx, c); err != nil {
			return err
		}
		return writeLetters(ctx, tx, letters)
	})
	if err != nil {
		return subjectrequest.Request{}, fmt.Errorf("file subject request: %w", err)
	}
	return filed, nil
}

func fileRequest(ctx context.Context, tx *sql.Tx, c subjectrequest.Change) (subjectrequest.Request, error) {
	r := c.Request
	if r.Photo.ID != "" {
		held, err := holdPhoto(ctx, tx, r.Photo.ID, r.FiledAt)
		if err == nil && !held {
			err = subjectrequest.ErrPhotoGone
		}
		if err != nil {
			return r, err
		}
	}
	var err error
	if r.Repeated, err = askedBefore(ctx, tx, r); err != nil {
		return r, err
	}
	filed, err := change(ctx, tx, insertRequest, append(constant(r), changeable(r)...)...)
	if err == nil && !filed {
		err = subjectrequest.ErrDuplicate
	}
	if err != nil {
		return r, err
	}
	return r, appendEvent(ctx, tx, c.Event)
}

// holdPhoto keeps anybody from beginning a photo's erasure until the transaction ends. It
// changes nothing of it; false says that there is no photo any more.
func holdPhoto(ctx context.Context, tx *sql.Tx, id photo.ID, now time.Time) (bool, error) {
	return change(ctx, tx, `
		UPDATE photos SET revision = revision WHERE id = $1 AND status NOT IN ($2, $3) AND (expires_at > $4 OR restricted_at <> 0)`,
		id, photo.Receiving, photo.Erasing, sqldb.Millis(now))
}

// askedBefore looks for a request of the same person and year that was answered, or
// will be.
func askedBefore(ctx context.Context, tx *sql.Tx, r subjectrequest.Request) (bool, error) {
	if r.Requester == (subjectrequest.Requester{}) {
		return false, nil
	}
	var n int
	err := tx.QueryRowContext(ctx, `
		SELECT COUNT(*) FROM subject_requests
		WHERE requester = $1 AND reason = '' AND closing IN ('', $2)`, r.Requester[:], subjectrequest.Answered).Scan(&n)
	return n > 0, err
}

// Save keeps a change, its line of the audit trail and the letters that tell of it, all
// or nothing.
// subjectrequest.ErrChanged says that somebody else has changed the request since it
// was read. What an erasure or the end of a year has taken from it meanwhile stays
// taken.
func (s *SubjectRequests) Save(ctx context.Context, c subjectrequest.Change, letters ...letter.Letter) error {
	err := inTx(ctx, s.db, func(tx *sql.Tx) error {
		if err := saveRequest(ctx, tx, c); err != nil {
			return err
		}
		return writeLetters(ctx, tx, letters)
	})
	if err != nil {
		return fmt.Errorf("save subject request: %w", err)
	}
	return nil
}

func saveRequest(ctx context.Context, tx *sql.Tx, c subjectrequest.Change) error {
	r := c.Request
	args := append([]any{r.ID, r.Version - 1, r.State == subjectrequest.Closed}, changeable(r)...)
	done, err := change(ctx, tx, updateRequest, args...)
	if err == nil && !done {
		err = subjectrequest.ErrChanged
	}
	if err == nil && r.State == subjectrequest.Closed {
		_, err = tx.ExecContext(ctx, `DELETE FROM archives WHERE request_id = $1`, r.ID)
	}
	if err != nil {
		return err
	}
	return appendEvent(ctx, tx, c.Event)
}

// OfLink returns the request whose letter has a link or a code by which an address is
// proved; subjectrequest.ErrNotFound if there is none or the request is closed.
func (s *SubjectRequests) OfLink(ctx context.Context, link secret.Key) (subjectrequest.Request, error) {
	hash := link.Hash()
	r, err := s.one(ctx, `WHERE r.link_hash = $1 OR r.link_code_hash = $1`, hash[:])
	if err != nil {
		return subjectrequest.Request{}, fmt.Errorf("find the subject request of a link: %w", err)
	}
	return r, nil
}

// OfAnswer returns the request that a person's key opens, or the link or the code of
// the letter that tells of its answer; subjectrequest.ErrNotFound if it opens none.
func (s *SubjectRequests) OfAnswer(ctx context.Context, key secret.Key) (subjectrequest.Request, error) {
	hash := key.Hash()
	r, err := s.one(ctx, `WHERE r.key_hash = $1 OR r.answer_hash = $1 OR r.answer_code_hash = $1`, hash[:])
	if err != nil {
		return subjectrequest.Request{}, fmt.Errorf("find the subject request of an answer: %w", err)
	}
	return r, nil
}

// Unserved returns open requests for which the program itself may have something to do:
// whose asker is known and which nobody has begun, those of which the first step was
// taken and the rest broke off, and those whose contest is decided. The oldest comes
// first, at most limit.
func (s *SubjectRequests) Unserved(ctx context.Context, limit int) ([]subjectrequest.ID, error) {
	ids, err := sqldb.All(ctx, s.db, sqldb.Only[subjectrequest.ID], `
		SELECT id FROM subject_requests
		WHERE due_on <> '' AND (channel = 'photo_key' OR confirmed_at <> 0) AND (
			kind IN ('access', 'portability') AND state = 'received'
			OR channel = 'photo_key' AND kind IN ('erasure', 'restriction', 'objection')
			OR contest <> '' AND (state = 'received' OR EXISTS (SELECT 1 FROM contests c WHERE c.id = contest AND c.state = 'decided')))
		ORDER BY filed_at, id LIMIT $1`, limit)
	if err != nil {
		return nil, fmt.Errorf("list unserved requests: %w", err)
	}
	return ids, nil
}

// ForgetRequesters forgets who asked for Shine the Light in the years before one: the
// rule of once a year does not need it any more.
func (s *SubjectRequests) ForgetRequesters(ctx context.Context, before int) error {
	_, err := s.db.ExecContext(ctx, `
		UPDATE subject_requests SET requester = NULL WHERE requester IS NOT NULL AND year < $1`, before)
	if err != nil {
		return fmt.Errorf("forget requesters: %w", err)
	}
	return nil
}

// Find returns a request; subjectrequest.ErrNotFound if there is none.
func (s *SubjectRequests) Find(ctx context.Context, id subjectrequest.ID) (subjectrequest.Request, error) {
	r, err := s.one(ctx, `WHERE r.id = $1`, id)
	if err != nil {
		return subjectrequest.Request{}, fmt.Errorf("find subject request: %w", err)
	}
	return r, nil
}

// one returns the request that a statement's end selects.
func (s *SubjectRequests) one(ctx context.Context, where string, args ...any) (subjectrequest.Request, error) {
	r, err := scanRequest(s.db.QueryRowContext(ctx, requestColumns+where, args...))
	return r, absent(err, subjectrequest.ErrNotFound)
}

// Purge deletes requests that were closed long enough ago; see scheduler.Purger.
func (s *SubjectRequests) Purge(ctx context.Context, cutoff time.Time, limit int) (int, error) {
	return s.db.Purge(ctx, subjectRequestRegister(), cutoff, limit)
}

// Oldest returns when the request that was closed first was; false if none is.
func (s *SubjectRequests) Oldest(ctx context.Context) (time.Time, bool, error) {
	return s.db.Oldest(ctx, subjectRequestRegister())
}
