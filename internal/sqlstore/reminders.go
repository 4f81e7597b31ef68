package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/docket"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
)

// Reminders notes of what an officer was reminded last: one row for each case and time
// at which it is due. A case that gets another date begins anew.
type Reminders struct{ db *sqldb.DB }

// NewReminders returns the notes in a database that Open opened.
func NewReminders(db *sqldb.DB) *Reminders { return &Reminders{db} }

// told is what is noted of a case and its date.
type told struct {
	id  string
	due int64
}

func toldOf(r docket.Reminder) told { return told{r.ID, sqldb.Millis(r.Due)} }

// remindersAtOnce is how many a statement is about.
const remindersAtOnce = 200

// Untold returns those of which the officer was not told yet, and of no lower threshold
// of the same case and date.
func (r *Reminders) Untold(ctx context.Context, all []docket.Reminder) (fresh []docket.Reminder, err error) {
	for some := range slices.Chunk(all, remindersAtOnce) {
		var c conditions
		var holes []string
		for _, one := range some {
			holes = append(holes, c.hole(one.ID))
		}
		lowest := map[told]int{}
		_, err := sqldb.All(ctx, r.db, func(row sqldb.Row) (t told, err error) {
			var threshold int
			err = row.Scan(&t.id, &t.due, &threshold)
			lowest[t] = threshold
			return t, err
		}, `SELECT about, due, threshold FROM reminders WHERE about IN (`+strings.Join(holes, ", ")+`)`, c.args...) // #nosec G202 -- holes alone
		if err != nil {
			return nil, fmt.Errorf("look for reminders: %w", err)
		}
		for _, one := range some {
			if was, is := lowest[toldOf(one)]; !is || one.Threshold < was {
				fresh = append(fresh, one)
			}
		}
	}
	return fresh, nil
}

// Tell notes reminders together with the letters that tell of those that nobody else
// has noted meanwhile, all or nothing, and returns these in the order in which they were
// given. Without any, no letter is asked for.
func (r *Reminders) Tell(ctx context.Context, all []docket.Reminder, now time.Time, write func([]docket.Reminder) ([]letter.Letter, error)) (fresh []docket.Reminder, err error) {
	err = inTx(ctx, r.db, func(tx *sql.Tx) error {
		mine, err := note(ctx, tx, all, now)
		if err != nil {
			return err
		}
		fresh = slices.DeleteFunc(slices.Clone(all), func(one docket.Reminder) bool { return !mine[toldOf(one)] })
		if len(fresh) == 0 {
			return nil
		}
		letters, err := write(fresh)
		if err != nil {
			return err
		}
		return writeLetters(ctx, tx, letters)
	})
	if err != nil {
		return nil, fmt.Errorf("note reminders: %w", err)
	}
	return fresh, nil
}

// note says which of the reminders it could note. All who note go by the same order,
// so that two transactions wait for each other in one direction only.
func note(ctx context.Context, tx *sql.Tx, all []docket.Reminder, now time.Time) (map[told]bool, error) {
	sorted := slices.SortedFunc(slices.Values(all), func(a, b docket.Reminder) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), a.Due.Compare(b.Due))
	})
	mine := map[told]bool{}
	for some := range slices.Chunk(sorted, remindersAtOnce) {
		var c conditions
		at := c.hole(sqldb.Millis(now))
		var rows []string
		for _, one := range some {
			rows = append(rows, `(`+c.hole(one.ID)+`, `+c.hole(sqldb.Millis(one.Due))+`, `+c.hole(one.Threshold)+`, `+at+`)`)
		}
		noted, err := sqldb.All(ctx, tx, func(row sqldb.Row) (t told, err error) {
			err = row.Scan(&t.id, &t.due)
			return t, err
		}, `
			INSERT INTO reminders (about, due, threshold, told_at) VALUES `+strings.Join(rows, ", ")+`
			ON CONFLICT (about, due) DO UPDATE SET threshold = excluded.threshold, told_at = excluded.told_at
			WHERE reminders.threshold > excluded.threshold RETURNING about, due`, c.args...) // #nosec G202 -- holes alone
		if err != nil {
			return nil, err
		}
		for _, t := range noted {
			mine[t] = true
		}
	}
	return mine, nil
}

// Purge deletes notes that were made long enough ago; see scheduler.Purger. Those of a
// case that waits are young: it has been reminded of in the last days.
func (r *Reminders) Purge(ctx context.Context, cutoff time.Time, limit int) (int, error) {
	result, err := r.db.ExecContext(ctx, `
		DELETE FROM reminders WHERE (about, due) IN (SELECT about, due FROM reminders WHERE told_at <= $1 ORDER BY told_at LIMIT $2)`,
		sqldb.Millis(cutoff), limit)
	if err != nil {
		return 0, fmt.Errorf("purge reminders: %w", err)
	}
	n, err := result.RowsAffected()
	if err != nil {
		return 0, fmt.Errorf("purge reminders: %w", err)
	}
	return int(n), nil
}

// Last returns when an officer was reminded last; false if that was never or long ago.
func (r *Reminders) Last(ctx context.Context) (time.Time, bool, error) {
	return moment(ctx, r.db, `SELECT MAX(told_at) FROM reminders`)
}

// Oldest returns when the first note was made; false if there is none.
func (r *Reminders) Oldest(ctx context.Context) (time.Time, bool, error) {
	return moment(ctx, r.db, `SELECT MIN(told_at) FROM reminders`)
}
