package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/breach"
	"github.com/passportphotogenie/passportphotogenie/internal/register"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
)

// Breaches is the register of breaches. It keeps every version of each.
type Breaches struct{ db *sqldb.DB }

// NewBreaches returns the register in a database that Open opened.
func NewBreaches(db *sqldb.DB) *Breaches { return &Breaches{db} }

// Enter keeps a new breach. The event, whose subject becomes the ID, is written with
// it; both or neither.
func (r *Breaches) Enter(ctx context.Context, b breach.Breach, e audit.Event) error {
	err := inTx(ctx, r.db, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO breaches (id, version, state, due_at, closed_at) VALUES ($1, $2, $3, $4, 0)`,
			b.ID, b.Version, b.State(), sqldb.Millis(b.Due()))
		if err != nil {
			return err
		}
		return r.append(ctx, tx, b, e)
	})
	if err != nil {
		return fmt.Errorf("enter breach: %w", err)
	}
	return nil
}

// Save keeps the breach that stands at b's version as its next one, which it returns.
// register.ErrChanged says that it stands at another, register.ErrNotFound that there
// is none. The event is written as Enter does it.
func (r *Breaches) Save(ctx context.Context, b breach.Breach, e audit.Event) (breach.Breach, error) {
	var done bool
	next := b
	next.Version++
	err := inTx(ctx, r.db, func(tx *sql.Tx) (err error) {
		done, err = change(ctx, tx, `
			UPDATE breaches SET version = version + 1, state = $1, due_at = $2, closed_at = $3 WHERE id = $4 AND version = $5`,
			b.State(), sqldb.Millis(b.Due()), sqldb.Millis(b.ClosedAt), b.ID, b.Version)
		if err != nil || !done {
			return err
		}
		return r.append(ctx, tx, next, e)
	})
	if err == nil && !done {
		if _, err = r.Find(ctx, b.ID); err == nil {
			err = register.ErrChanged
		}
	}
	if err != nil {
		return b, fmt.Errorf("save breach: %w", err)
	}
	return next, nil
}

// append writes a version and its event.
func (r *Breaches) append(ctx context.Context, tx *sql.Tx, b breach.Breach, e audit.Event) error {
	entry, err := json.Marshal(b)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO breach_versions (breach, version, saved_at, actor, action, entry) VALUES ($1, $2, $3, $4, $5, $6)`,
		b.ID, b.Version, sqldb.Millis(e.At), e.Actor, e.Action, string(entry))
	if err != nil {
		return err
	}
	e.Subject = string(b.ID)
	return appendEvent(ctx, tx, e)
}

// Find returns a breach as it stands; register.ErrNotFound for none.
func (r *Breaches) Find(ctx context.Context, id breach.ID) (breach.Breach, error) {
	all, err := r.versions(ctx, `
		JOIN breaches b ON b.id = v.breach AND b.version = v.version WHERE b.id = $1`, id)
	switch {
	case err != nil:
		return breach.Breach{}, fmt.Errorf("find breach: %w", err)
	case len(all) == 0:
		return breach.Breach{}, register.ErrNotFound
	}
	return all[0].Breach, nil
}

// Versions returns all that were saved of a breach, the first before the others.
func (r *Breaches) Versions(ctx context.Context, id breach.ID) ([]breach.Saved, error) {
	all, err := r.versions(ctx, `WHERE v.breach = $1 ORDER BY v.version`, id)
	if err != nil {
		return nil, fmt.Errorf("read a breach's versions: %w", err)
	}
	return all, nil
}

func (r *Breaches) versions(ctx context.Context, where string, args ...any) ([]breach.Saved, error) {
	return sqldb.All(ctx, r.db, func(row sqldb.Row) (v breach.Saved, err error) {
		var saved int64
		var entry, id string
		var version int
		if err = row.Scan(&id, &version, &saved, &v.Actor, &v.Action, &entry); err != nil {
			return v, err
		}
		err = json.Unmarshal([]byte(entry), &v.Breach)
		v.ID, v.Version, v.SavedAt = breach.ID(id), version, sqldb.Time(saved)
		return v, err
	}, `SELECT v.breach, v.version, v.saved_at, v.actor, v.action, v.entry FROM breach_versions v `+where, args...)
}
