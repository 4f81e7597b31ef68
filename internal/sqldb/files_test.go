package sqldb_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
)

// TestWhatPostgreSQLDoesWithDeletedRows holds the page on backups, which says what
// VACUUM does and does not do, against the server.
func TestWhatPostgreSQLDoesWithDeletedRows(t *testing.T) {
	address := testservers.Postgres(t)
	db := open(t, address, sqldb.Schema{Name: "words"})
	do := func(statement string) {
		t.Helper()
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(statement, err)
		}
	}
	do("CREATE TABLE words (n INTEGER PRIMARY KEY, word TEXT)")
	for n := range 50 {
		do(fmt.Sprintf("INSERT INTO words VALUES (%d, 'an-unmistakable-marker-%d')", n, n))
	}
	do("DELETE FROM words WHERE n % 2 = 0") // so that no page gets empty

	inTables := func() int { return markers(t, db, address, "base") }
	if n := inTables(); n != 50 {
		t.Errorf("after the deletion the table's file has %d rows", n)
	}
	do("VACUUM words")
	if n := inTables(); n != 50 {
		t.Errorf("VACUUM left %d rows in the file: the page on backups says too little of it", n)
	}
	if err := db.Rewrite(t.Context(), "words"); err != nil {
		t.Fatal(err)
	}
	if n := inTables(); n != 25 {
		t.Errorf("after the rewriting the file has %d rows, want the 25 that were not deleted", n)
	}
	if markers(t, db, address, "pg_wal") == 0 {
		t.Error("the write-ahead log has nothing: the page on backups says too much of it")
	}
}

// PostgreSQL looks at values of each column, from time to time and by itself, and
// keeps some of them in a table of its own, however long the rows are gone.
func TestPostgreSQLKeepsNoSamplesOfTexts(t *testing.T) {
	address := testservers.Postgres(t)
	db := open(t, address, tally(1))
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	for n := range 50 {
		if _, err := db.ExecContext(t.Context(), "INSERT INTO tally (n, word) VALUES ($1, $2)", n, fmt.Appendf(nil, "an-unmistakable-marker-%d", n)); err != nil {
			t.Fatal(err)
		}
	}
	for _, statement := range []string{"ANALYSE", "DELETE FROM tally"} {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	var folder string
	if err := db.QueryRowContext(t.Context(), "SELECT oid FROM pg_database WHERE datname = current_database()").Scan(&folder); err != nil {
		t.Fatal(err)
	}
	var sampled int
	if err := db.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM pg_stats WHERE tablename = 'tally'").Scan(&sampled); err != nil || sampled != 1 {
		t.Errorf("%d columns were looked at, want the numbers alone: %v", sampled, err)
	}
	if err := db.Rewrite(t.Context(), "tally"); err != nil {
		t.Fatal(err)
	}
	if n := markers(t, db, address, "base/"+folder); n != 0 {
		t.Errorf("the database's files have %d values of rows that are gone", n)
	}
}

// markers counts what is in the files of one of the server's folders.
func markers(t *testing.T, db *sqldb.DB, address, folder string) (n int) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), "CHECKPOINT"); err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(u.Query().Get("host"), "data", folder)
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if os.IsNotExist(err) {
			return nil // the server has just removed it
		}
		n += bytes.Count(content, []byte("an-unmistakable-marker"))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestABusyTableIsNotWaitedForLong(t *testing.T) {
	db := open(t, testservers.Postgres(t), sqldb.Schema{Name: "words"})
	for _, table := range []string{"busy", "free"} {
		if _, err := db.ExecContext(t.Context(), "CREATE TABLE "+table+" (n INTEGER)"); err != nil {
			t.Fatal(err)
		}
	}
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(t.Context(), "INSERT INTO busy VALUES (1)"); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	err = db.Rewrite(t.Context(), "busy", "free")
	if err == nil || !strings.Contains(err.Error(), "rewrite table busy") || strings.Contains(err.Error(), "free") {
		t.Errorf("got %v", err)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %s", took)
	}
}
