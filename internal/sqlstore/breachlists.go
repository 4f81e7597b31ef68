package sqlstore

import (
	"context"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/breach"
	"github.com/passportphotogenie/passportphotogenie/internal/docket"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
)

// BreachPath is where a breach's page is, below the site's address.
func BreachPath(id breach.ID) string { return "/ops/breaches/" + string(id) }

// Living implements docket.Source: no breach is about one living photo.
func (r *Breaches) Living(context.Context, time.Time, int) ([]docket.Item, error) { return nil, nil }

// Waiting implements docket.Source with the breaches that are not closed.
func (r *Breaches) Waiting(ctx context.Context, _ time.Time, after docket.Place, limit int) ([]docket.Item, error) {
	return r.items(ctx, `due_at <> 0 AND (due_at, id) > ($1, $2) ORDER BY due_at, id LIMIT $3`, sqldb.Millis(after.Due), after.ID, limit)
}

// DueBy implements docket.Source.
func (r *Breaches) DueBy(ctx context.Context, end time.Time, after docket.Place, limit int) ([]docket.Item, error) {
	return r.items(ctx, `due_at <> 0 AND (due_at, id) > ($1, $2) AND due_at <= $3 ORDER BY due_at, id LIMIT $4`,
		sqldb.Millis(after.Due), after.ID, sqldb.Millis(end), limit)
}

func (r *Breaches) items(ctx context.Context, where string, args ...any) ([]docket.Item, error) {
	all, err := sqldb.All(ctx, r.db, func(row sqldb.Row) (i docket.Item, err error) {
		var due int64
		err = row.Scan(&i.ID, &i.State, &due)
		i.Matter, i.Due, i.Path = letter.Breach, sqldb.Time(due), BreachPath(breach.ID(i.ID))
		return i, err
	}, `SELECT id, state, due_at FROM breaches WHERE `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("list breaches: %w", err)
	}
	return all, nil
}

// Open returns the breaches that are not closed, what is due first before the others,
// those after a place and at most limit.
func (r *Breaches) Open(ctx context.Context, after docket.Place, limit int) ([]breach.Breach, error) {
	return r.list(ctx, `WHERE b.due_at <> 0 AND (b.due_at, b.id) > ($1, $2) ORDER BY b.due_at, b.id LIMIT $3`, sqldb.Millis(after.Due), after.ID, limit)
}

// Closed returns those that are, the last to be closed first, those before a place in
// the order of closing, where the zero one is the end, and at most limit.
func (r *Breaches) Closed(ctx context.Context, before docket.Place, limit int) ([]breach.Breach, error) {
	if before == (docket.Place{}) {
		before.Due = time.UnixMilli(1 << 53)
	}
	return r.list(ctx, `WHERE b.closed_at > 0 AND (b.closed_at, b.id) < ($1, $2) ORDER BY b.closed_at DESC, b.id DESC LIMIT $3`, sqldb.Millis(before.Due), before.ID, limit)
}

func (r *Breaches) list(ctx context.Context, where string, args ...any) (found []breach.Breach, err error) {
	all, err := r.versions(ctx, `JOIN breaches b ON b.id = v.breach AND b.version = v.version `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("list breaches: %w", err)
	}
	for _, v := range all {
		found = append(found, v.Breach)
	}
	return found, nil
}

// Clocks tells of each state that is not closed how many breaches are in it and when
// the first of them is due.
func (r *Breaches) Clocks(ctx context.Context) (map[breach.State]breach.Clock, error) {
	type line struct {
		state breach.State
		clock breach.Clock
	}
	all, err := sqldb.All(ctx, r.db, func(row sqldb.Row) (l line, err error) {
		var due int64
		err = row.Scan(&l.state, &l.clock.Count, &due)
		l.clock.Due = sqldb.Time(due)
		return l, err
	}, `SELECT state, COUNT(*), MIN(due_at) FROM breaches WHERE due_at <> 0 GROUP BY state`)
	if err != nil {
		return nil, fmt.Errorf("count breaches: %w", err)
	}
	by := map[breach.State]breach.Clock{}
	for _, l := range all {
		by[l.state] = l.clock
	}
	return by, nil
}

func breachRegister() sqldb.Register {
	return sqldb.Register{Table: "breaches", Key: "id", Anchor: "closed_at"}
}

// Purge deletes breaches that were closed long enough ago, with all their versions; see
// scheduler.Purger.
func (r *Breaches) Purge(ctx context.Context, cutoff time.Time, limit int) (int, error) {
	return r.db.Purge(ctx, breachRegister(), cutoff, limit)
}

// Oldest returns when the breach that was closed first was; false if none is.
func (r *Breaches) Oldest(ctx context.Context) (time.Time, bool, error) {
	return r.db.Oldest(ctx, breachRegister())
}
