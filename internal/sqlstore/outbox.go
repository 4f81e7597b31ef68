package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
)

// Due returns letters whose next try is due, those that wait longest for it first, at
// most limit. Among them are those whose sender died: their lease has passed.
func (l *Letters) Due(ctx context.Context, now time.Time, limit int) (due []letter.Claim, err error) {
	due, err = sqldb.All(ctx, l.db, func(row sqldb.Row) (c letter.Claim, err error) {
		err = row.Scan(&c.ID, &c.Try)
		return c, err
	}, `
		SELECT id, tries FROM letters WHERE state = 'waiting' AND next_at <= $1 AND until > $1 ORDER BY next_at, id LIMIT $2`,
		sqldb.Millis(now), limit)
	if err != nil {
		return nil, fmt.Errorf("list due letters: %w", err)
	}
	return due, nil
}

// GiveUp ends the letters that have no point any more and that nobody is at, and says
// how many these were by kind.
func (l *Letters) GiveUp(ctx context.Context, now time.Time) (by map[letter.Kind]int, err error) {
	err = inTx(ctx, l.db, func(tx *sql.Tx) error {
		if by, err = giveUp(ctx, tx, now); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM letter_secrets WHERE letter IN (SELECT id FROM letters WHERE state <> $1)`, letter.Waiting)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("give letters up: %w", err)
	}
	return by, nil
}

func giveUp(ctx context.Context, tx *sql.Tx, now time.Time) (map[letter.Kind]int, error) {
	kinds, err := sqldb.All(ctx, tx, sqldb.Only[letter.Kind], `
		UPDATE letters SET state = $1, reason = $2, next_at = 0, closed_at = $3
		WHERE state = 'waiting' AND next_at <= $3 AND until <= $3 RETURNING kind`,
		letter.Failed, letter.Undelivered, sqldb.Millis(now))
	if err != nil {
		return nil, err
	}
	by := map[letter.Kind]int{}
	for _, k := range kinds {
		by[k]++
	}
	return by, nil
}

// About returns the letters about a request or the like, oldest first.
func (l *Letters) About(ctx context.Context, about string) ([]letter.Record, error) {
	return l.list(ctx, `WHERE about = $1 ORDER BY written_at, id`, about)
}

// To returns the letters that were written to an address, oldest first.
func (l *Letters) To(ctx context.Context, a email.Address) ([]letter.Record, error) {
	return l.list(ctx, `WHERE recipient = $1 ORDER BY written_at, id`, a.Reveal())
}

// Page returns letters in a state, in any if it is empty: the newest first, those after
// a place and at most limit.
func (l *Letters) Page(ctx context.Context, s letter.State, after letter.Place, limit int) ([]letter.Record, error) {
	var c conditions
	if s != "" {
		c.add(`state = ?`, s)
	}
	if after != (letter.Place{}) {
		c.add(`(written_at, id) < (?, ?)`, sqldb.Millis(after.Written), after.ID)
	}
	return l.list(ctx, c.where()+` ORDER BY written_at DESC, id DESC LIMIT `+c.hole(limit), c.args...)
}

// Find returns a letter; letter.ErrNotFound if there is none.
func (l *Letters) Find(ctx context.Context, id letter.ID) (letter.Record, error) {
	r, err := scanLetter(l.db.QueryRowContext(ctx, `SELECT `+letterColumns+` FROM letters WHERE id = $1`, id))
	if err != nil {
		return letter.Record{}, fmt.Errorf("find letter: %w", absent(err, letter.ErrNotFound))
	}
	return r, nil
}

// Retry has a letter that failed sent again, and writes the event; both or neither.
// letter.ErrFinal says that it can't be: it has not failed, or somebody was quicker, or
// what its link opened is gone.
func (l *Letters) Retry(ctx context.Context, id letter.ID, e audit.Event) error {
	r, err := l.Find(ctx, id)
	if err != nil {
		return err
	}
	until, err := r.Again(e.At)
	if err != nil {
		return fmt.Errorf("retry letter: %w", err)
	}
	err = inTx(ctx, l.db, func(tx *sql.Tx) error {
		done, err := change(ctx, tx, `
			UPDATE letters SET state = $1, reason = '', next_at = $2, until = $3, closed_at = 0 WHERE id = $4 AND state = $5`,
			letter.Waiting, sqldb.Millis(e.At), sqldb.Millis(until), id, letter.Failed)
		if err == nil && !done {
			err = letter.ErrFinal
		}
		if err != nil {
			return err
		}
		return appendEvent(ctx, tx, e)
	})
	if err != nil {
		return fmt.Errorf("retry letter: %w", err)
	}
	return nil
}

func (l *Letters) list(ctx context.Context, where string, args ...any) (all []letter.Record, err error) {
	all, err = sqldb.All(ctx, l.db, scanLetter, `SELECT `+letterColumns+` FROM letters `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("list letters: %w", err)
	}
	return all, nil
}

// Counts returns how many letters are in each state, and since when the one waits that
// has waited longest; zero if none does.
func (l *Letters) Counts(ctx context.Context) (by map[letter.State]int, oldest time.Time, err error) {
	rows, err := l.db.QueryContext(ctx, `SELECT state, COUNT(*), MIN(written_at) FROM letters GROUP BY state`)
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("count letters: %w", err)
	}
	defer rows.Close()
	by = map[letter.State]int{}
	for rows.Next() {
		var s letter.State
		var n int
		var first int64
		if err := rows.Scan(&s, &n, &first); err != nil {
			return nil, time.Time{}, fmt.Errorf("count letters: %w", err)
		}
		by[s] = n
		if s == letter.Waiting {
			oldest = sqldb.Time(first)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, time.Time{}, fmt.Errorf("count letters: %w", err)
	}
	return by, oldest, nil
}

// Forget deletes the letters about something, as when that is deleted itself. One that
// is being sent may still arrive.
func (l *Letters) Forget(ctx context.Context, about string) error {
	return forgetLetters(ctx, l.db, about)
}

// ForgetTo deletes the letters to an address that have ended, whose owner has asked for
// that.
func (l *Letters) ForgetTo(ctx context.Context, a email.Address) error {
	_, err := l.db.ExecContext(ctx, `DELETE FROM letters WHERE recipient = $1 AND state <> $2`, a.Reveal(), letter.Waiting)
	if err == nil {
		err = l.db.Scrub(ctx)
	}
	if err != nil {
		return fmt.Errorf("forget the letters to an address: %w", err)
	}
	return nil
}

func forgetLetters(ctx context.Context, on execer, about string) error {
	if _, err := on.ExecContext(ctx, `DELETE FROM letters WHERE about = $1`, about); err != nil {
		return fmt.Errorf("forget letters: %w", err)
	}
	return nil
}

// Purge deletes letters that were sent or given up long enough ago, and the counts of
// that time; see scheduler.Purger.
func (l *Letters) Purge(ctx context.Context, cutoff time.Time, limit int) (int, error) {
	if _, err := l.db.ExecContext(ctx, `DELETE FROM letter_rations WHERE since <= $1`, sqldb.Millis(cutoff)); err != nil {
		return 0, fmt.Errorf("purge letter_rations: %w", err)
	}
	return l.db.Purge(ctx, letterRegister(), cutoff, limit)
}

// Oldest returns when the letter that was sent or given up first was; false if none
// is.
func (l *Letters) Oldest(ctx context.Context) (time.Time, bool, error) {
	return l.db.Oldest(ctx, letterRegister())
}
