package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/register"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
)

// Processors is the register of processors. What ended stays in it, with its day, and
// is not among those of today any more.
type Processors struct{ db *sqldb.DB }

// NewProcessors returns the register in a database that Open opened.
func NewProcessors(db *sqldb.DB) *Processors { return &Processors{db} }

// List returns those who work for the controller now, by name.
func (r *Processors) List(ctx context.Context) ([]register.Processor, error) {
	return r.list(ctx, `ended_at = 0 ORDER BY name, id`)
}

// Ended returns those who did, the last to end first.
func (r *Processors) Ended(ctx context.Context) ([]register.Processor, error) {
	return r.list(ctx, `ended_at <> 0 ORDER BY ended_at DESC, name, id`)
}

func (r *Processors) list(ctx context.Context, where string) (all []register.Processor, err error) {
	all, err = sqldb.All(ctx, r.db, func(row sqldb.Row) (p register.Processor, err error) {
		var contract, ended int64
		err = row.Scan(&p.ID, &p.Name, &p.Role, &p.Region, &p.Safeguard, &contract, &p.Revision, &ended)
		p.ContractDate, p.Ended = sqldb.Time(contract), sqldb.Time(ended)
		return p, err
	}, `
		SELECT id, name, role, region, safeguard, contract_date, revision, ended_at
		FROM processors WHERE `+where)
	if err != nil {
		return nil, fmt.Errorf("list processors: %w", err)
	}
	return all, nil
}

// Add enters a processor, under a new ID and as its first revision. What the entry
// lacks is a register.FieldError. The event, whose subject becomes the ID, is written
// with it; both or neither.
func (r *Processors) Add(ctx context.Context, p register.Processor, e audit.Event) (register.Processor, error) {
	p, err := p.Check(e.At)
	if err != nil {
		return p, fmt.Errorf("add processor: %w", err)
	}
	p.ID, p.Revision = register.NewProcessorID(), 1
	e.Subject = string(p.ID)
	err = inTx(ctx, r.db, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO processors (id, name, role, region, safeguard, contract_date, revision, added_at, changed_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)`,
			p.ID, p.Name, p.Role, p.Region, p.Safeguard, sqldb.Millis(p.ContractDate), p.Revision, sqldb.Millis(e.At))
		if err != nil {
			return err
		}
		return appendEvent(ctx, tx, e)
	})
	if err != nil {
		return p, fmt.Errorf("add processor: %w", err)
	}
	return p, nil
}

// Change replaces the entry that has p's ID and stands at p's revision, and returns
// it with the next one. register.ErrChanged says that it stands at another,
// register.ErrNotFound that there is none or it has ended. The event is written as
// Add does it.
func (r *Processors) Change(ctx context.Context, p register.Processor, e audit.Event) (register.Processor, error) {
	p, err := p.Check(e.At)
	if err == nil {
		err = r.act(ctx, p.ID, e, `
			UPDATE processors SET name = $1, role = $2, region = $3, safeguard = $4, contract_date = $5,
				revision = revision + 1, changed_at = $6
			WHERE id = $7 AND revision = $8 AND ended_at = 0`,
			p.Name, p.Role, p.Region, p.Safeguard, sqldb.Millis(p.ContractDate), sqldb.Millis(e.At), p.ID, p.Revision)
	}
	if err != nil {
		return p, fmt.Errorf("change processor: %w", err)
	}
	p.Revision++
	return p, nil
}

// End takes a processor off the list as of the day p.Ended, as Change does: by ID
// and revision. A day that can't be is a register.FieldError; it is held against the
// contract that stands in the register, whatever p says.
func (r *Processors) End(ctx context.Context, p register.Processor, e audit.Event) error {
	var gone bool
	e.Subject = string(p.ID)
	err := inTx(ctx, r.db, func(tx *sql.Tx) error {
		var contract int64
		err := tx.QueryRowContext(ctx, `SELECT contract_date FROM processors WHERE id = $1 AND revision = $2 AND ended_at = 0`, p.ID, p.Revision).Scan(&contract)
		if errors.Is(err, sql.ErrNoRows) {
			gone = true
			return nil
		}
		if err != nil {
			return err
		}
		p.ContractDate = sqldb.Time(contract)
		day, err := p.CheckEnd(e.At)
		if err != nil {
			return err
		}
		done, err := change(ctx, tx, `
			UPDATE processors SET revision = revision + 1, changed_at = $1, ended_at = $2
			WHERE id = $3 AND revision = $4 AND ended_at = 0`, sqldb.Millis(e.At), sqldb.Millis(day), p.ID, p.Revision)
		if gone = err == nil && !done; err != nil || gone {
			return err
		}
		return appendEvent(ctx, tx, e)
	})
	if err == nil && gone {
		err = r.missed(ctx, p.ID)
	}
	if err != nil {
		return fmt.Errorf("end processor: %w", err)
	}
	return nil
}

// act changes an entry and writes the event; both or neither.
func (r *Processors) act(ctx context.Context, id register.ProcessorID, e audit.Event, statement string, args ...any) error {
	e.Subject = string(id)
	var done bool
	err := inTx(ctx, r.db, func(tx *sql.Tx) (err error) {
		if done, err = change(ctx, tx, statement, args...); err != nil || !done {
			return err
		}
		return appendEvent(ctx, tx, e)
	})
	if err == nil && !done {
		err = r.missed(ctx, id)
	}
	return err
}

// missed says why nothing was changed.
func (r *Processors) missed(ctx context.Context, id register.ProcessorID) error {
	return missed(ctx, r.db, `SELECT COUNT(*) FROM processors WHERE id = $1 AND ended_at = 0`, string(id))
}
