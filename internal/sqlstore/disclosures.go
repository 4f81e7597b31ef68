package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/disclosure"
	"github.com/passportphotogenie/passportphotogenie/internal/register"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
)

// Disclosures is the register of what third parties got for their direct marketing.
// What was removed stays in it, with its reason, as long as its year does.
type Disclosures struct{ db *sqldb.DB }

// NewDisclosures returns the register in a database that Open opened.
func NewDisclosures(db *sqldb.DB) *Disclosures { return &Disclosures{db} }

// In returns the entries of a year, by name, without those that were removed.
func (r *Disclosures) In(ctx context.Context, year int) ([]disclosure.Entry, error) {
	return r.list(ctx, `year = $1 AND removed_at = 0 ORDER BY name, id`, year)
}

// RemovedIn returns the entries of a year that were removed, by name.
func (r *Disclosures) RemovedIn(ctx context.Context, year int) ([]disclosure.Entry, error) {
	return r.list(ctx, `year = $1 AND removed_at <> 0 ORDER BY name, id`, year)
}

func (r *Disclosures) list(ctx context.Context, where string, args ...any) ([]disclosure.Entry, error) {
	all, err := sqldb.All(ctx, r.db, func(row sqldb.Row) (e disclosure.Entry, err error) {
		var removed int64
		err = row.Scan(&e.ID, &e.Version, &e.Year, &e.Name, &e.Address, &e.Categories, &e.Products, &removed, &e.Why)
		e.Removed = sqldb.Time(removed)
		return e, err
	}, `SELECT id, version, year, name, address, categories, products, removed_at, removed_why FROM disclosures WHERE `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("list disclosures: %w", err)
	}
	return all, nil
}

// Add enters a third party, under a new ID and as its first version. What the entry
// lacks is a register.FieldError. The event, whose subject becomes the ID, is written
// with it; both or neither.
func (r *Disclosures) Add(ctx context.Context, d disclosure.Entry, e audit.Event) (disclosure.Entry, error) {
	d, err := d.Check(e.At)
	if err != nil {
		return d, fmt.Errorf("add disclosure: %w", err)
	}
	d.ID, d.Version = disclosure.NewID(), 1
	e.Subject = string(d.ID)
	err = inTx(ctx, r.db, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO disclosures (id, version, year, year_end, name, address, categories, products, removed_at, removed_why)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, '')`,
			d.ID, d.Version, d.Year, sqldb.Millis(disclosure.YearEnd(d.Year)), d.Name, d.Address, d.Categories, d.Products)
		if err != nil {
			return err
		}
		return appendEvent(ctx, tx, e)
	})
	if err != nil {
		return d, fmt.Errorf("add disclosure: %w", err)
	}
	return d, nil
}

// Change replaces the entry that has d's ID and stands at d's version, and returns it
// with the next one. register.ErrChanged says that it stands at another,
// register.ErrNotFound that there is none or it was removed. The event is written as
// Add does it.
func (r *Disclosures) Change(ctx context.Context, d disclosure.Entry, e audit.Event) (disclosure.Entry, error) {
	d, err := d.Check(e.At)
	if err == nil {
		err = r.act(ctx, d.ID, e, `
			UPDATE disclosures SET version = version + 1, year = $1, year_end = $2, name = $3, address = $4, categories = $5, products = $6
			WHERE id = $7 AND version = $8 AND removed_at = 0`,
			d.Year, sqldb.Millis(disclosure.YearEnd(d.Year)), d.Name, d.Address, d.Categories, d.Products, d.ID, d.Version)
	}
	if err != nil {
		return d, fmt.Errorf("change disclosure: %w", err)
	}
	d.Version++
	return d, nil
}

// Remove takes an entry out of its year's answers, with d.Why, as Change does: by ID
// and version.
func (r *Disclosures) Remove(ctx context.Context, d disclosure.Entry, e audit.Event) error {
	why, err := disclosure.CheckRemoval(d.Why)
	if err == nil {
		err = r.act(ctx, d.ID, e, `
			UPDATE disclosures SET version = version + 1, removed_at = $1, removed_why = $2
			WHERE id = $3 AND version = $4 AND removed_at = 0`, sqldb.Millis(e.At), why, d.ID, d.Version)
	}
	if err != nil {
		return fmt.Errorf("remove disclosure: %w", err)
	}
	return nil
}

// act changes an entry and writes the event; both or neither.
func (r *Disclosures) act(ctx context.Context, id disclosure.ID, e audit.Event, statement string, args ...any) error {
	e.Subject = string(id)
	var done bool
	err := inTx(ctx, r.db, func(tx *sql.Tx) (err error) {
		if done, err = change(ctx, tx, statement, args...); err != nil || !done {
			return err
		}
		return appendEvent(ctx, tx, e)
	})
	if err == nil && !done {
		err = missed(ctx, r.db, `SELECT COUNT(*) FROM disclosures WHERE id = $1 AND removed_at = 0`, string(id))
	}
	return err
}

// missed says why nothing was changed in a register: the entry that is counted stands
// at another version, or there is none any more.
func missed(ctx context.Context, db *sqldb.DB, count, id string) error {
	var there int
	err := db.QueryRowContext(ctx, count, id).Scan(&there)
	switch {
	case err != nil:
		return err
	case there == 0:
		return register.ErrNotFound
	}
	return register.ErrChanged
}

func disclosureRegister() sqldb.Register {
	return sqldb.Register{Table: "disclosures", Key: "id", Anchor: "year_end"}
}

// Purge deletes entries whose year ended long enough ago; see scheduler.Purger.
func (r *Disclosures) Purge(ctx context.Context, cutoff time.Time, limit int) (int, error) {
	return r.db.Purge(ctx, disclosureRegister(), cutoff, limit)
}

// Oldest returns the end of the earliest year that has entries; false if none has.
func (r *Disclosures) Oldest(ctx context.Context) (time.Time, bool, error) {
	return r.db.Oldest(ctx, disclosureRegister())
}
