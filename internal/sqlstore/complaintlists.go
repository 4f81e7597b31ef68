package sqlstore

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/complaint"
	"github.com/passportphotogenie/passportphotogenie/internal/docket"
	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/plaintext"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
)

// Living implements docket.Source with the open complaints whose photo lives and is not
// restricted.
func (r *Complaints) Living(ctx context.Context, now time.Time, limit int) ([]docket.Item, error) {
	return r.items(ctx, `
		JOIN photos p ON p.id = c.photo_id
		WHERE c.photo_id IS NOT NULL AND c.settled_at = 0 AND p.expires_at > $1 AND p.restricted_at = 0
		ORDER BY p.expires_at, c.id LIMIT $2`, `p.expires_at`, sqldb.Millis(now), limit)
}

// Waiting implements docket.Source. It looks for each one's photo by itself: PostgreSQL
// takes a join for a reason to read and sort all.
func (r *Complaints) Waiting(ctx context.Context, now time.Time, after docket.Place, limit int) ([]docket.Item, error) {
	return r.items(ctx, `
		WHERE c.settled_at = 0 AND (c.due_at, c.id) > ($1, $2) AND (c.photo_id IS NULL
			OR COALESCE((SELECT l.expires_at FROM photos l WHERE l.id = c.photo_id AND l.restricted_at = 0), 0) <= $3)
		ORDER BY c.due_at, c.id LIMIT $4`, `0`, sqldb.Millis(after.Due), after.ID, sqldb.Millis(now), limit)
}

// DueBy implements docket.Source.
func (r *Complaints) DueBy(ctx context.Context, end time.Time, after docket.Place, limit int) ([]docket.Item, error) {
	return r.items(ctx, `
		WHERE c.settled_at = 0 AND (c.due_at, c.id) > ($1, $2) AND c.due_at <= $3
		ORDER BY c.due_at, c.id LIMIT $4`, expiryOfPhoto, sqldb.Millis(after.Due), after.ID, sqldb.Millis(end), limit)
}

// Count implements docket.Counter. Many are due at the same moment: the end of a day.
func (r *Complaints) Count(ctx context.Context, e docket.Ends) (docket.Tally, error) {
	due, err := sqldb.Counts[int64](ctx, r.db, `SELECT due_at, COUNT(*) FROM complaints WHERE settled_at = 0 GROUP BY due_at`)
	if err != nil {
		return nil, fmt.Errorf("count open complaints: %w", err)
	}
	all := docket.Tally{}
	for at, n := range due {
		all.Add(letter.Complaint, e.Band(sqldb.Time(at)), n)
	}
	return all, nil
}

// expiryOfPhoto is when a complaint's photo expires; 0 without one that may be used.
const expiryOfPhoto = `COALESCE((SELECT l.expires_at FROM photos l WHERE l.id = c.photo_id AND l.restricted_at = 0), 0)`

func (r *Complaints) items(ctx context.Context, where, expires string, args ...any) ([]docket.Item, error) {
	all, err := sqldb.All(ctx, r.db, func(row sqldb.Row) (i docket.Item, err error) {
		var due, expires int64
		err = row.Scan(&i.ID, &i.State, &due, &expires)
		i.Matter, i.Due, i.Expires, i.Path = letter.Complaint, sqldb.Time(due), sqldb.Time(expires), complaint.Path(complaint.ID(i.ID))
		return i, err
	}, `SELECT c.id, c.state, c.due_at, `+expires+` FROM complaints c `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("list complaints: %w", err)
	}
	return all, nil
}

// Open returns the complaints that wait for an answer, what is due first before the
// others, those after a place and at most limit.
func (r *Complaints) Open(ctx context.Context, after docket.Place, limit int) ([]complaint.Complaint, error) {
	return r.list(ctx, `WHERE c.settled_at = 0 AND (c.due_at, c.id) > ($1, $2) ORDER BY c.due_at, c.id LIMIT $3`,
		sqldb.Millis(after.Due), after.ID, limit)
}

// Search returns complaints in any state, the newest first and at most limit.
func (r *Complaints) Search(ctx context.Context, q complaint.Search, limit int) (found []complaint.Complaint, err error) {
	if q.State != "" && !slices.Contains(complaint.States(), q.State) {
		return nil, nil
	}
	for _, means := range meanings(q.Text) {
		w := means
		if q.State != "" {
			w.add(`c.state = ?`, q.State)
		}
		if q.Before != (docket.Place{}) {
			w.add(`(c.filed_at, c.id) < (?, ?)`, sqldb.Millis(q.Before.Due), q.Before.ID)
		}
		found, err = r.list(ctx, w.where()+` ORDER BY c.filed_at DESC, c.id DESC LIMIT `+w.hole(limit), w.args...)
		if err != nil || len(found) > 0 {
			return found, err
		}
	}
	return nil, nil
}

// meanings are what a text may be, the most exact first.
func meanings(text string) []conditions {
	text, ok := searched(text)
	switch {
	case !ok:
		return nil
	case text == "":
		return []conditions{{}}
	}
	var all []conditions
	add := func(condition string, args ...any) {
		var w conditions
		w.add(condition, args...)
		all = append(all, w)
	}
	if address, err := email.Parse(text); err == nil {
		add(`c.email = ? AND c.email <> ''`, address.Reveal())
	}
	if first, last, ok := idsFrom(text); ok {
		add(`c.id BETWEEN ? AND ?`, string(first), string(last))
		if first == last {
			add(`c.reference = ? AND c.reference <> ''`, text)
		}
	}
	add(`c.settled_at = 0 AND LOWER(c.words) LIKE ? ESCAPE '!'`, containing(text))
	return all
}

// mostSearched is how long a text may be that is looked for, in characters.
const mostSearched = 254

// searched is what is typed into a search; not ok if nothing that is kept can have it.
func searched(typed string) (string, bool) {
	text, ok := plaintext.Parse(typed, mostSearched)
	return strings.ToLower(text), ok
}

// containing is a pattern for LIKE with ! as the escape.
func containing(text string) string {
	return "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(text) + "%"
}

// FiledUnder returns the complaints that an address is kept of, the oldest first.
func (r *Complaints) FiledUnder(ctx context.Context, a email.Address) ([]complaint.Complaint, error) {
	return r.list(ctx, `WHERE c.email = $1 AND c.email <> '' ORDER BY c.filed_at, c.id`, a.Reveal())
}

// MergedInto returns the complaints that were merged into one, the oldest first.
func (r *Complaints) MergedInto(ctx context.Context, id complaint.ID) ([]complaint.Complaint, error) {
	return r.list(ctx, `WHERE c.merged_into = $1 AND c.merged_into <> '' ORDER BY c.filed_at, c.id`, id)
}

// Lapsed returns complaints that were settled at a time or before and still name the
// person, the first to be settled before the others, at most limit. What was merged into
// another waits for that one.
func (r *Complaints) Lapsed(ctx context.Context, until time.Time, limit int) ([]complaint.Complaint, error) {
	return r.list(ctx, `
		WHERE c.settled_at > 0 AND c.words <> '' AND c.settled_at <= $1
			AND NOT EXISTS (SELECT 1 FROM complaints k WHERE k.id = c.merged_into AND k.words <> '')
		ORDER BY c.settled_at, c.id LIMIT $2`, sqldb.Millis(until), limit)
}

// Counts returns how many complaints there are in each state.
func (r *Complaints) Counts(ctx context.Context) (map[complaint.State]int, error) {
	counts, err := sqldb.Counts[complaint.State](ctx, r.db, `SELECT state, COUNT(*) FROM complaints GROUP BY state`)
	if err != nil {
		return nil, fmt.Errorf("count complaints: %w", err)
	}
	return counts, nil
}

func (r *Complaints) list(ctx context.Context, where string, args ...any) ([]complaint.Complaint, error) {
	all, err := sqldb.All(ctx, r.db, scanComplaint, complaintColumns+where, args...)
	if err != nil {
		return nil, fmt.Errorf("list complaints: %w", err)
	}
	return all, nil
}
