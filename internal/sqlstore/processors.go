package sqlstore

import (
	"context"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/register"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
)

// Processors is the register of processors. What ended stays in it, with its day, and
// is not listed any more.
type Processors struct{ db *sqldb.DB }

// NewProcessors returns the register in a database that Open opened.
func NewProcessors(db *sqldb.DB) *Processors { return &Processors{db} }

// List returns those who work for the controller now, by name.
func (r *Processors) List(ctx context.Context) (all []register.Processor, err error) {
	rows, err := r.db.QueryContext(ctx, `
		SELECT id, name, role, region, safeguard, contract_date, revision
		FROM processors WHERE ended_at = 0 ORDER BY name, id`)
	if err != nil {
		return nil, fmt.Errorf("list processors: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var p register.Processor
		var contract int64
		if err := rows.Scan(&p.ID, &p.Name, &p.Role, &p.Region, &p.Safeguard, &contract, &p.Revision); err != nil {
			return nil, fmt.Errorf("list processors: %w", err)
		}
		p.ContractDate = sqldb.Time(contract)
		all = append(all, p)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("list processors: %w", err)
	}
	return all, nil
}

// Add enters a processor, under a new ID and as its first revision. What the entry
// lacks is a register.FieldError.
func (r *Processors) Add(ctx context.Context, p register.Processor, now time.Time) (register.Processor, error) {
	p, err := p.Check(now)
	if err != nil {
		return p, fmt.Errorf("add processor: %w", err)
	}
	p.ID, p.Revision = register.NewProcessorID(), 1
	_, err = r.db.ExecContext(ctx, `
		INSERT INTO processors (id, name, role, region, safeguard, contract_date, revision, added_at, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)`,
		p.ID, p.Name, p.Role, p.Region, p.Safeguard, sqldb.Millis(p.ContractDate), p.Revision, sqldb.Millis(now))
	if err != nil {
		return p, fmt.Errorf("add processor: %w", err)
	}
	return p, nil
}

// Change replaces the entry that has p's ID and stands at p's revision, and returns
// it with the next one. register.ErrChanged says that it stands at another,
// register.ErrNotFound that there is none or it has ended.
func (r *Processors) Change(ctx context.Context, p register.Processor, now time.Time) (register.Processor, error) {
	p, err := p.Check(now)
	if err != nil {
		return p, fmt.Errorf("change processor: %w", err)
	}
	changed, err := change(ctx, r.db, `
		UPDATE processors SET name = $1, role = $2, region = $3, safeguard = $4, contract_date = $5,
			revision = revision + 1, changed_at = $6
		WHERE id = $7 AND revision = $8 AND ended_at = 0`,
		p.Name, p.Role, p.Region, p.Safeguard, sqldb.Millis(p.ContractDate), sqldb.Millis(now), p.ID, p.Revision)
	if err == nil && !changed {
		err = r.missed(ctx, p.ID)
	}
	if err != nil {
		return p, fmt.Errorf("change processor: %w", err)
	}
	p.Revision++
	return p, nil
}

// End takes a processor off the list, as Change does: by ID and revision.
func (r *Processors) End(ctx context.Context, p register.Processor, now time.Time) error {
	ended, err := change(ctx, r.db, `
		UPDATE processors SET revision = revision + 1, changed_at = $1, ended_at = $1
		WHERE id = $2 AND revision = $3 AND ended_at = 0`, sqldb.Millis(now), p.ID, p.Revision)
	if err == nil && !ended {
		err = r.missed(ctx, p.ID)
	}
	if err != nil {
		return fmt.Errorf("end processor: %w", err)
	}
	return nil
}

// missed says why nothing was changed.
func (r *Processors) missed(ctx context.Context, id register.ProcessorID) error {
	var there int
	err := r.db.QueryRowContext(ctx, `SELECT COUNT(*) FROM processors WHERE id = $1 AND ended_at = 0`, id).Scan(&there)
	switch {
	case err != nil:
		return err
	case there == 0:
		return register.ErrNotFound
	}
	return register.ErrChanged
}
