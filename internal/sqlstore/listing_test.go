package sqlstore_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// recorder opens the same database and notes what it is asked.
type recorder struct {
	of   driver.Driver
	name string
	asked
	all []asked
}

type asked struct {
	query string
	args  []driver.NamedValue
}

func (r *recorder) Driver() driver.Driver { return r.of }

func (r *recorder) Connect(context.Context) (driver.Conn, error) {
	c, err := r.of.Open(r.name)
	return recorded{c, r}, err
}

type recorded struct {
	driver.Conn
	by *recorder
}

func (c recorded) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	c.by.asked = asked{query, args}
	c.by.all = append(c.by.all, c.by.asked)
	return c.Conn.(driver.QueryerContext).QueryContext(ctx, query, args)
}

// plan is how the database answers what was asked last.
func (s store) plan(r *recorder) string {
	s.t.Helper()
	return s.planOf(r.asked)
}

func (s store) planOf(r asked) string {
	s.t.Helper()
	var args []any
	for _, a := range r.args {
		args = append(args, a.Value)
	}
	explain, width := "EXPLAIN ", 1
	if s.sqlite() {
		explain, width = "EXPLAIN QUERY PLAN ", 4
	}
	rows, err := s.db.QueryContext(s.t.Context(), explain+r.query, args...)
	s.ok(err)
	defer rows.Close()
	var plan strings.Builder
	for rows.Next() {
		line := make([]any, width)
		for i := range line {
			line[i] = new(string)
		}
		s.ok(rows.Scan(line...))
		fmt.Fprintln(&plan, *line[width-1].(*string))
	}
	s.ok(rows.Err())
	return plan.String()
}

func (s store) sqlite() bool { return strings.HasPrefix(s.url, "sqlite:") }

// sorting is a plan that has to sort what it found.
var sorting = regexp.MustCompile(`Sort|TEMP B-TREE`)

// allowed is the most that an answer may take.
type allowed int

const (
	byIndex allowed = iota // an index has what is asked for, and in its order
	sorted                 // what an index has is little, and has to be sorted
	whole                  // what is asked for is about every open entry
)

// listing is one list of a register that has a hundred thousand entries.
type listing struct {
	name string
	ask  func() (int, error) // how many were found
	want int
	how  allowed
}

func countOf[T any](found []T, err error) (int, error) { return len(found), err }

// What a list may take, and how often it is tried: a machine that is busy for a while
// says nothing.
const (
	listLimit = 100 * time.Millisecond
	listTries = 50
)

// listed asks for each list, and holds how the database finds it against what it may
// take. tables is a plan that reads one of the tables whole.
func (s store) listed(tables *regexp.Regexp, lists []listing) {
	s.t.Helper()
	plain := s.db.DB
	r := &recorder{of: plain.Driver(), name: strings.TrimPrefix(s.url, "sqlite:")}
	noting := sql.OpenDB(r)
	s.t.Cleanup(func() { _ = noting.Close() })
	noting.SetMaxOpenConns(1)
	for _, l := range lists {
		s.db.DB = noting
		took := time.Hour
		for try := 0; took > listLimit && try < listTries; try++ {
			began := time.Now()
			n, err := l.ask()
			took = min(took, time.Since(began))
			s.ok(err)
			if n != l.want {
				s.t.Fatalf("%s: %d found, want %d", l.name, n, l.want)
			}
		}
		s.db.DB = plain
		plan := s.plan(r)
		s.t.Logf("%-32s %8.2f ms", l.name, float64(took.Microseconds())/1000)
		if l.how < whole && tables.MatchString(plan) || l.how < sorted && sorting.MatchString(plan) {
			s.t.Errorf("%s is found by reading or sorting too much:\n%s\n%s", l.name, r.query, plan)
		}
		if took > listLimit {
			s.t.Errorf("%s took %v", l.name, took)
		}
	}
}
