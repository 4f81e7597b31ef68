package sqlstore

import (
	"context"
	"fmt"
	"strings"
	"time"

	"cloud.google.com/go/civil"

	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// DuePlace is where a page of open requests ended; the zero one is the beginning.
type DuePlace struct {
	Due civil.Date
	ID  subjectrequest.ID
}

// Living returns the open requests whose photo lives and is not restricted, the photo
// that expires next first, at most limit.
func (s *SubjectRequests) Living(ctx context.Context, now time.Time, limit int) ([]subjectrequest.Request, error) {
	return s.list(ctx, "list requests about photos", `
		WHERE r.photo_id IS NOT NULL AND r.due_on <> '' AND p.expires_at > $1 AND p.restricted_at = 0
		ORDER BY p.expires_at, r.id LIMIT $2`, sqldb.Millis(now), limit)
}

// Waiting returns the open requests that Living does not, the one due first before
// the others, those after a place and at most limit. It looks for each one's photo by
// itself: PostgreSQL takes a join for a reason to read and sort all.
func (s *SubjectRequests) Waiting(ctx context.Context, now time.Time, after DuePlace, limit int) ([]subjectrequest.Request, error) {
	return s.list(ctx, "list open requests", `
		WHERE r.due_on <> '' AND (r.due_on, r.id) > ($1, $2) AND (r.photo_id IS NULL
			OR COALESCE((SELECT l.expires_at FROM photos l WHERE l.id = r.photo_id AND l.restricted_at = 0), 0) <= $3)
		ORDER BY r.due_on, r.id LIMIT $4`, day(after.Due), after.ID, sqldb.Millis(now), limit)
}

// DueBy returns all open requests that are due on a day or before, the one due first
// before the others, those after a place and at most limit.
func (s *SubjectRequests) DueBy(ctx context.Context, last civil.Date, after DuePlace, limit int) ([]subjectrequest.Request, error) {
	return s.list(ctx, "list due requests", `
		WHERE r.due_on <> '' AND (r.due_on, r.id) > ($1, $2) AND r.due_on <= $3
		ORDER BY r.due_on, r.id LIMIT $4`, day(after.Due), after.ID, day(last), limit)
}

// AnsweredBy returns requests that were answered on a day or before and are not
// closed, the first answer before the others, at most limit.
func (s *SubjectRequests) AnsweredBy(ctx context.Context, last civil.Date, limit int) ([]subjectrequest.Request, error) {
	return s.list(ctx, "list answered requests", `
		WHERE r.answered_on <> '' AND r.closed_at = 0 AND r.answered_on <= $1
		ORDER BY r.answered_on, r.id LIMIT $2`, day(last), limit)
}

// Under returns the requests that are filed under an address, those that are closed
// not among them, oldest first.
func (s *SubjectRequests) Under(ctx context.Context, a email.Address) ([]subjectrequest.Request, error) {
	return s.list(ctx, "list a person's requests", `
		WHERE r.email = $1 AND r.email <> '' ORDER BY r.filed_at, r.id`, a.Reveal())
}

// Search returns requests in any state, the newest first and at most limit.
func (s *SubjectRequests) Search(ctx context.Context, q subjectrequest.Search, limit int) ([]subjectrequest.Request, error) {
	var w conditions
	if q.Kind != "" {
		w.add(`r.kind = ?`, q.Kind)
	}
	if q.State != "" {
		w.add(`r.state = ?`, q.State)
	}
	if q.Photo != "" {
		w.add(`r.photo_id = ?`, q.Photo)
	}
	if q.Before != (subjectrequest.FiledPlace{}) {
		w.add(`(r.filed_at, r.id) < (?, ?)`, sqldb.Millis(q.Before.At), q.Before.ID)
	}
	if !w.addText(q.Text) {
		return nil, nil
	}
	return s.list(ctx, "search requests", w.where()+` ORDER BY r.filed_at DESC, r.id DESC LIMIT `+w.hole(limit), w.args...)
}

// idsFrom returns the first and the last ID that begin so.
func idsFrom(beginning string) (first, last subjectrequest.ID, ok bool) {
	const length = 26
	if len(beginning) > length {
		return "", "", false
	}
	pad := func(with string) subjectrequest.ID {
		return subjectrequest.ID(beginning + strings.Repeat(with, length-len(beginning)))
	}
	last, ok = subjectrequest.ParseID(string(pad("z")))
	return subjectrequest.ID(beginning), last, ok
}

// conditions are joined by AND; a question mark in one is an argument's place.
type conditions struct {
	all  []string
	args []any
}

func (c *conditions) add(condition string, args ...any) {
	for _, arg := range args {
		condition = strings.Replace(condition, "?", c.hole(arg), 1)
	}
	c.all = append(c.all, condition)
}

// addText narrows a list, whose table is r, to what a text may mean: nothing, an address
// or the beginning of an ID. It is false if the text is none of these.
func (c *conditions) addText(typed string) bool {
	text := strings.ToLower(strings.TrimSpace(typed))
	if text == "" {
		return true
	}
	if address, err := email.Parse(text); err == nil {
		c.add(`r.email = ? AND r.email <> ''`, address.Reveal())
		return true
	}
	first, last, ok := idsFrom(text)
	if ok {
		c.add(`r.id BETWEEN ? AND ?`, first, last)
	}
	return ok
}

// hole takes an argument and returns its place.
func (c *conditions) hole(arg any) string {
	c.args = append(c.args, arg)
	return fmt.Sprintf("$%d", len(c.args))
}

func (c *conditions) where() string {
	if len(c.all) == 0 {
		return ""
	}
	return "WHERE " + strings.Join(c.all, " AND ")
}

// OpenCount is how many open requests of a kind are due on a day.
type OpenCount struct {
	Kind  subjectrequest.Kind
	Due   civil.Date
	Count int
}

// CountOpen counts the open requests by kind and by the day on which they are due.
func (s *SubjectRequests) CountOpen(ctx context.Context) ([]OpenCount, error) {
	counts, err := sqldb.All(ctx, s.db, func(row sqldb.Row) (c OpenCount, err error) {
		err = row.Scan(&c.Kind, (*day)(&c.Due), &c.Count)
		return c, err
	}, `SELECT kind, due_on, COUNT(*) FROM subject_requests WHERE due_on <> '' GROUP BY kind, due_on`)
	if err != nil {
		return nil, fmt.Errorf("count open requests: %w", err)
	}
	return counts, nil
}

// list returns the requests that a statement's end selects.
func (s *SubjectRequests) list(ctx context.Context, doing, where string, args ...any) (all []subjectrequest.Request, err error) {
	all, err = sqldb.All(ctx, s.db, scanRequest, requestColumns+where, args...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	return all, nil
}
