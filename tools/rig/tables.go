package rig

import (
	"context"
	"fmt"
	"strings"
)

// Table is how much one table holds.
type Table struct {
	Name  string
	Rows  float64
	Bytes float64 // indexes included
}

// Tables are those of a database that hold something, the largest first.
func (p *Postgres) Tables(ctx context.Context, database string) (all []Table, err error) {
	names, err := p.Ask(ctx, database, `SELECT relname FROM pg_stat_user_tables ORDER BY pg_total_relation_size(relid) DESC, relname`)
	if err != nil {
		return nil, err
	}
	for _, name := range strings.Fields(names) {
		t := Table{Name: name}
		text, err := p.Ask(ctx, database, fmt.Sprintf(`SELECT count(*), pg_total_relation_size('%[1]s') FROM %[1]s`, name))
		if err != nil {
			return nil, err
		}
		if _, err := fmt.Sscanf(strings.ReplaceAll(text, "|", " "), "%g %g", &t.Rows, &t.Bytes); err != nil {
			return nil, fmt.Errorf("the size of %s: %w", name, err)
		}
		if t.Rows > 0 {
			all = append(all, t)
		}
	}
	return all, nil
}
