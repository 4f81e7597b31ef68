package sqldb_test

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
)

// tally is a schema for these tests: one number, and words.
func tally(versions int) sqldb.Schema {
	files := fstest.MapFS{}
	for v := 1; v <= versions; v++ {
		statement := fmt.Sprintf("CREATE TABLE extra_%d (n BIGINT)", v)
		if v == 1 {
			statement = "CREATE TABLE tally (n BIGINT NOT NULL, word BYTEA); INSERT INTO tally (n) VALUES (0)"
		}
		files[fmt.Sprintf("%05d_step.sql", v)] = &fstest.MapFile{Data: []byte("-- +goose Up\n" + statement + ";\n")}
	}
	return sqldb.Schema{Name: "tally", Migrations: files}
}

func open(t *testing.T, url string, schema sqldb.Schema) *sqldb.DB {
	t.Helper()
	db, err := sqldb.Open(t.Context(), url, schema)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// onBoth runs the test on an empty database of each kind.
func onBoth(t *testing.T, test func(t *testing.T, url string)) {
	t.Run("sqlite", func(t *testing.T) { test(t, "sqlite:"+filepath.Join(t.TempDir(), "new", "tally.db")) })
	t.Run("postgres", func(t *testing.T) { test(t, testservers.Postgres(t)) })
}

func TestThreeProcessesMayMigrateAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		var started sync.WaitGroup
		for range 3 {
			started.Go(func() {
				db, err := sqldb.Open(t.Context(), url, tally(5))
				if err != nil {
					t.Error(err)
					return
				}
				defer func() { _ = db.Close() }()
				if err := db.Migrate(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		started.Wait()
		var rows int
		db := open(t, url, tally(5))
		if err := db.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM tally").Scan(&rows); err != nil || rows != 1 {
			t.Errorf("the first migration ran %d times, error %v", rows, err)
		}
		if err := db.Ready(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestReadyWaitsForTheVersionThatTheProgramKnows(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		db := open(t, url, tally(1))
		if err := db.Ready(t.Context()); err == nil {
			t.Error("an empty database is called ready")
		}
		if err := db.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := db.Ready(t.Context()); err != nil {
			t.Error(err)
		}
		if err := open(t, url, tally(2)).Ready(t.Context()); err == nil || !strings.Contains(err.Error(), "version 1") {
			t.Errorf("to a newer program: %v", err)
		}
	})
}

func TestAnOldProgramWorksBesideADatabaseThatANewOneMigrated(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		old := open(t, url, tally(1))
		if err := open(t, url, tally(3)).Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := old.Ready(t.Context()); err != nil {
			t.Error(err)
		}
		if err := increment(t.Context(), old); err != nil {
			t.Error(err)
		}
		// As a platform does that takes a release back.
		if err := old.Migrate(t.Context()); err != nil {
			t.Errorf("the old program's migration: %v", err)
		}
		if err := open(t, url, tally(3)).Ready(t.Context()); err != nil {
			t.Errorf("to the new program afterwards: %v", err)
		}
	})
}

func TestReadThenWriteTransactionsOfThreeProcessesAllSucceed(t *testing.T) {
	url := "sqlite:" + filepath.Join(t.TempDir(), "tally.db")
	if err := open(t, url, tally(1)).Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	const each = 200
	var processes sync.WaitGroup
	for range 3 {
		db := open(t, url, tally(1))
		processes.Go(func() {
			for range each {
				if err := increment(t.Context(), db); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	processes.Wait()
	var n int
	err := open(t, url, tally(1)).QueryRowContext(t.Context(), "SELECT n FROM tally").Scan(&n)
	if err != nil || n != 3*each {
		t.Errorf("counted %d, error %v", n, err)
	}
}

func increment(ctx context.Context, db *sqldb.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after Commit it does nothing
	var n int
	if err := tx.QueryRowContext(ctx, "SELECT n FROM tally").Scan(&n); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "UPDATE tally SET n = $1", n+1); err != nil {
		return err
	}
	return tx.Commit()
}

func TestDatabaseFilesAreTheOwnersAlone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	db := open(t, "sqlite:"+filepath.Join(dir, "tally.db"), tally(1))
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	modes := map[string]fs.FileMode{}
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		modes[d.Name()] = info.Mode().Perm()
		return err
	})
	if err != nil || len(modes) < 3 {
		t.Fatalf("found %v, error %v", modes, err)
	}
	for name, mode := range modes {
		if mode&0o077 != 0 {
			t.Errorf("%s has mode %o", name, mode)
		}
	}
}

func TestAScrubbedDatabaseHoldsNoTraceOfDeletedContent(t *testing.T) {
	dir := t.TempDir()
	db := open(t, "sqlite:"+filepath.Join(dir, "tally.db"), tally(1))
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	secret := []byte("a word that nobody else would write")
	if _, err := db.ExecContext(t.Context(), "INSERT INTO tally (n, word) VALUES (1, $1)", secret); err != nil {
		t.Fatal(err)
	}
	if !onDisk(t, dir, secret) {
		t.Fatal("the word is not found while it is there: this test can't see")
	}
	if _, err := db.ExecContext(t.Context(), "DELETE FROM tally WHERE n = 1"); err != nil {
		t.Fatal(err)
	}
	if err := db.Scrub(t.Context()); err != nil {
		t.Fatal(err)
	}
	if onDisk(t, dir, secret) {
		t.Error("the deleted word is still on the disk")
	}
}

func TestProcessesThatScrubAtOnceAllSucceed(t *testing.T) {
	dir := t.TempDir()
	url := "sqlite:" + filepath.Join(dir, "tally.db")
	if err := open(t, url, tally(1)).Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	var processes sync.WaitGroup
	for range 4 {
		db := open(t, url, tally(1))
		processes.Go(func() {
			for range 50 {
				if err := increment(t.Context(), db); err != nil {
					t.Error(err)
				}
				if err := db.Scrub(t.Context()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	processes.Wait()
}

func onDisk(t *testing.T, dir string, content []byte) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(b, content) {
			return true
		}
	}
	return false
}

func TestABadURLIsRefusedWithoutRepeatingIt(t *testing.T) {
	for _, url := range []string{"", "sqlite:", "mysql://me:hunter2@host/db", "postgres://me:hunter2@host:none/db"} {
		_, err := sqldb.Open(t.Context(), url, tally(1))
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", url, err)
		}
	}
}

func TestADatabaseTellsTheTime(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		before := time.Now().Truncate(time.Millisecond)
		got, err := open(t, url, tally(1)).Clock(t.Context())
		after := time.Now().Add(time.Millisecond) // PostgreSQL rounds to whole ones
		if err != nil || got.Before(before) || got.After(after) {
			t.Errorf("%s, %v; it is %s", got, err, before)
		}
	})
}
