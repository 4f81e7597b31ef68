package sqlstore

import (
	"context"
	"database/sql"
	"errors"
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
		// Changes nothing, but nobody can begin the photo's erasure until this one is in.
		held, err := change(ctx, tx, `
			UPDATE photos SET revision = revision WHERE id = $1 AND status NOT IN ($2, $3) AND (expires_at > $4 OR restricted_at <> 0)`,
			r.Photo.ID, photo.Receiving, photo.Erasing, sqldb.Millis(r.FiledAt))
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
	if err != nil {
		return err
	}
	return appendEvent(ctx, tx, c.Event)
}

// confirmTries is how often Confirm looks again when somebody else changes the
// request in the same moment.
const confirmTries = 3

// Confirm is for whoever followed a mailed link, and returns the request as it is
// then. subjectrequest.ErrNotFound says that there is no such link or that its
// request is closed, and Request.Confirm the rest.
func (s *SubjectRequests) Confirm(ctx context.Context, link secret.Key, by subjectrequest.By) (r subjectrequest.Request, err error) {
	hash := link.Hash()
	for range confirmTries {
		if r, err = s.one(ctx, `WHERE r.link_hash = $1`, hash[:]); err != nil {
			break
		}
		var c subjectrequest.Change
		if c, err = r.Confirm(by); err != nil {
			break
		}
		if err = s.Save(ctx, c); !errors.Is(err, subjectrequest.ErrChanged) {
			r = c.Request
			break
		}
	}
	if err != nil {
		return subjectrequest.Request{}, fmt.Errorf("confirm the address of a subject request: %w", err)
	}
	return r, nil
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

// FindByKey returns the request that a person's key opens; subjectrequest.ErrNotFound
// if it opens none.
func (s *SubjectRequests) FindByKey(ctx context.Context, own secret.Key) (subjectrequest.Request, error) {
	hash := own.Hash()
	r, err := s.one(ctx, `WHERE r.key_hash = $1`, hash[:])
	if err != nil {
		return subjectrequest.Request{}, fmt.Errorf("find subject request by key: %w", err)
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
