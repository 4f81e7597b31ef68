package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
)

// Letters is the outbox. A letter is written in the transaction of what it is about,
// so that neither is there without the other, and waits here for a mail server for as
// long as that may be away.
type Letters struct{ db *sqldb.DB }

// NewLetters returns the outbox in a database that Open opened.
func NewLetters(db *sqldb.DB) *Letters { return &Letters{db} }

// Write keeps a letter to be sent; letter.ErrTooMany if its mailbox has had its
// ration.
func (l *Letters) Write(ctx context.Context, n letter.Letter, r letter.Ration) error {
	return inTx(ctx, l.db, func(tx *sql.Tx) error { return writeLetter(ctx, tx, n, r) })
}

// writeLetter is Write as a part of the transaction of what the letter is about.
// letter.ErrTooMany leaves the transaction as it was but for the count, so the caller
// has to decide: roll back, or do without the letter.
func writeLetter(ctx context.Context, tx *sql.Tx, n letter.Letter, r letter.Ration) error {
	if n.Kind.AtWill() {
		if err := takeRation(ctx, tx, n, r); err != nil {
			return fmt.Errorf("write letter: %w", err)
		}
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO letters (id, kind, about, recipient, subject, body_text, body_html, written_at, until, state, next_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $8)`,
		n.ID, n.Kind, n.About, n.To.Reveal(), n.Subject, n.Text, n.HTML, sqldb.Millis(n.Written), sqldb.Millis(n.Until), letter.Waiting)
	if err == nil && n.Secrets != (secret.Pair{}) {
		_, err = tx.ExecContext(ctx, `INSERT INTO letter_secrets (letter, token, code) VALUES ($1, $2, $3)`,
			n.ID, n.Secrets.Token.Reveal(), n.Secrets.Code.Reveal())
	}
	if err != nil {
		return fmt.Errorf("write letter: %w", err)
	}
	return nil
}

// writeLetters writes all with the ration of forms, or fails.
func writeLetters(ctx context.Context, tx *sql.Tx, letters []letter.Letter) error {
	for _, n := range letters {
		if err := writeLetter(ctx, tx, n, letter.StandardRation()); err != nil {
			return err
		}
	}
	return nil
}

// takeRation counts the letter, always the hour first, so that two transactions wait
// for each other in one direction only.
func takeRation(ctx context.Context, tx *sql.Tx, n letter.Letter, r letter.Ration) error {
	mailbox := n.To.Mailbox()
	for _, span := range []struct {
		length time.Duration
		most   int
	}{{time.Hour, r.PerHour}, {24 * time.Hour, r.PerDay}} {
		counted, err := change(ctx, tx, `
			INSERT INTO letter_rations (mailbox, span, since, letters) VALUES ($1, $2, $3, 1)
			ON CONFLICT (mailbox, span, since) DO UPDATE SET letters = letter_rations.letters + 1 WHERE letter_rations.letters < $4`,
			mailbox[:], span.length.Milliseconds(), sqldb.Millis(n.Written.UTC().Truncate(span.length)), span.most)
		if err == nil && !counted {
			err = letter.ErrTooMany
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Claim takes a letter for letter.Lease and returns it with its secrets. want names
// the tries before this one. letter.ErrClaimLost says that it is not to be had.
func (l *Letters) Claim(ctx context.Context, want letter.Claim, now time.Time) (got letter.Letter, held letter.Claim, err error) {
	err = inTx(ctx, l.db, func(tx *sql.Tx) error {
		row, err := scanLetter(tx.QueryRowContext(ctx, `
			UPDATE letters SET tries = tries + 1, next_at = $1
			WHERE id = $2 AND tries = $3 AND state = $4 AND next_at <= $5 AND until > $5
			RETURNING `+letterColumns,
			sqldb.Millis(now.Add(letter.Lease)), want.ID, want.Try, letter.Waiting, sqldb.Millis(now)))
		if err != nil {
			return absent(err, letter.ErrClaimLost)
		}
		got, held = row.Letter, letter.Claim{ID: row.ID, Try: row.Tries}
		got.Secrets, err = secretsOf(ctx, tx, row.ID)
		return err
	})
	if err != nil {
		return letter.Letter{}, letter.Claim{}, fmt.Errorf("claim letter: %w", err)
	}
	return got, held, nil
}

// secretsOf returns a letter's secrets; none if it has none, or has lost them.
func secretsOf(ctx context.Context, in sqldb.Queryer, id letter.ID) (secret.Pair, error) {
	var token, code string
	err := in.QueryRowContext(ctx, `SELECT token, code FROM letter_secrets WHERE letter = $1`, id).Scan(&token, &code)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return secret.Pair{Token: secret.Key(token), Code: secret.Key(code)}, err
}

// Finish records what the claim's try came to; letter.ErrClaimLost if another has the
// letter. One that has ended keeps no secrets.
func (l *Letters) Finish(ctx context.Context, held letter.Claim, o letter.Outcome) error {
	closed := int64(0)
	if o.State != letter.Waiting {
		closed = sqldb.Millis(o.Now)
	}
	err := inTx(ctx, l.db, func(tx *sql.Tx) error {
		done, err := change(ctx, tx, `
			UPDATE letters SET state = $1, reason = $2, next_at = $3, closed_at = $4
			WHERE id = $5 AND tries = $6 AND state = $7`,
			o.State, o.Reason, sqldb.Millis(o.Next), closed, held.ID, held.Try, letter.Waiting)
		if err == nil && !done {
			err = letter.ErrClaimLost
		}
		if err == nil && o.State != letter.Waiting {
			_, err = tx.ExecContext(ctx, `DELETE FROM letter_secrets WHERE letter = $1`, held.ID)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("finish letter: %w", err)
	}
	return nil
}

// letterColumns are those that scanLetter reads.
const letterColumns = `id, kind, about, recipient, subject, body_text, body_html, written_at, until, state, reason, tries, next_at, closed_at`

func scanLetter(row sqldb.Row) (r letter.Record, err error) {
	var to string
	var written, until, next, closed int64
	err = row.Scan(&r.ID, &r.Kind, &r.About, &to, &r.Subject, &r.Text, &r.HTML, &written, &until, &r.State, &r.Reason, &r.Tries, &next, &closed)
	if err != nil {
		return letter.Record{}, err
	}
	if r.To, err = email.Parse(to); err != nil {
		return letter.Record{}, err
	}
	r.Written, r.Until, r.Closed = sqldb.Time(written), sqldb.Time(until), sqldb.Time(closed)
	if r.State == letter.Waiting {
		r.Next = sqldb.Time(next)
	}
	return r, nil
}
