package sqldb_test

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
)

// backend is which of the server's processes answers.
func backend(t *testing.T, in sqldb.Queryer) (pid int) {
	t.Helper()
	if err := in.QueryRowContext(t.Context(), "SELECT pg_backend_pid()").Scan(&pid); err != nil {
		t.Fatal(err)
	}
	return pid
}

func TestAPoolHasNoMoreConnectionsThanItMay(t *testing.T) {
	db := open(t, testservers.Postgres(t), tally(3))
	db.Bound(sqldb.Pool{Most: 1, Life: time.Hour})
	if err := db.Migrate(t.Context()); err != nil { // with its lock
		t.Fatal(err)
	}
	db.Bound(sqldb.Pool{Most: 2, Life: time.Hour})
	var held []*sql.Conn
	for range 2 {
		c, err := db.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, c)
	}
	impatient, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := db.Conn(impatient); err == nil || db.Stats().OpenConnections != 2 {
		t.Errorf("a third is had: %v, %d are open", err, db.Stats().OpenConnections)
	}
	for _, c := range held {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}
	if err := db.Ready(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestAConnectionIsMadeAnewAfterItsLife(t *testing.T) {
	db := open(t, testservers.Postgres(t), tally(1))
	db.Bound(sqldb.Pool{Most: 1, Life: 50 * time.Millisecond})
	first := backend(t, db)
	testapp.Eventually(t, 10*time.Second, "another connection is used", func() bool { return backend(t, db) != first })
}

func TestAfterTheServerCutAllConnectionsStatementsWorkAgain(t *testing.T) {
	url := testservers.Postgres(t)
	db, other := open(t, url, tally(1)), open(t, url, tally(1))
	for range 3 { // one after another, as a server that restarts
		pid := backend(t, db)
		if _, err := other.ExecContext(t.Context(), "SELECT pg_terminate_backend($1)", pid); err != nil {
			t.Fatal(err)
		}
		testapp.Eventually(t, 10*time.Second, "a statement works", func() bool {
			_, err := db.ExecContext(t.Context(), "SELECT 1")
			return err == nil
		})
	}
}
