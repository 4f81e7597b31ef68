package keyring_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

func TestAfterARotationNoFileHoldsAKeyUnderTheFormerMasterKey(t *testing.T) {
	onBoth(t, func(t *testing.T, r ring) {
		x, files := newRotation(t, r, 120), tableFiles(t, r)
		before := map[photo.ID][]byte{}
		for id := range x.sealed {
			before[id] = wrappedKey(t, r, id)
		}
		if n := len(files.hold(t, before)); n != 120 {
			t.Fatalf("%d of 120 keys are found while they are there: this test can't see", n)
		}
		x.rotate(t)
		if n := len(files.hold(t, before)); n != 0 {
			t.Errorf("%d former keys are still in the files", n)
		}
	})
}

func TestErasedKeysAreInNoTableFileOnceItIsScrubbed(t *testing.T) {
	onBoth(t, func(t *testing.T, r ring) {
		files, keys := tableFiles(t, r), map[photo.ID][]byte{}
		for range 200 {
			id := photo.NewID()
			create(t, r, id)
			keys[id] = wrappedKey(t, r, id)
		}
		if n := len(files.hold(t, keys)); n != 200 {
			t.Fatalf("%d of 200 keys are found while they are there: this test can't see", n)
		}
		erased := 0
		for id := range keys {
			if erased++; erased > 150 {
				break
			}
			if err := r.Erase(t.Context(), id); err != nil {
				t.Fatal(err)
			}
		}
		if err := r.Scrub(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := len(files.hold(t, keys)); n != 50 {
			t.Errorf("%d keys are in the files, want the 50 that were not erased", n)
		}
	})
}

// TestAPlainVacuumLeavesErasedKeysInTheFile is why Scrub has the table written
// anew. When it fails, PostgreSQL has learnt better.
func TestAPlainVacuumLeavesErasedKeysInTheFile(t *testing.T) {
	onBoth(t, func(t *testing.T, r ring) {
		if r.files() != "" {
			t.Skip("SQLite overwrites what is deleted")
		}
		kept, erased := photo.NewID(), photo.NewID()
		create(t, r, kept)
		create(t, r, erased)
		key := map[photo.ID][]byte{erased: wrappedKey(t, r, erased)}
		if err := r.Erase(t.Context(), erased); err != nil {
			t.Fatal(err)
		}
		if _, err := r.db.ExecContext(t.Context(), "VACUUM photo_keys"); err != nil {
			t.Fatal(err)
		}
		if len(tableFiles(t, r).hold(t, key)) != 1 {
			t.Error("a plain VACUUM removes the bytes")
		}
	})
}

// databaseFiles are where a database keeps its tables.
type databaseFiles struct {
	ring
	dir string
}

// files is SQLite's file; empty for PostgreSQL.
func (r ring) files() string {
	path, sqlite := strings.CutPrefix(r.url, "sqlite:")
	if !sqlite {
		return ""
	}
	return path
}

func tableFiles(t *testing.T, r ring) databaseFiles {
	t.Helper()
	if file := r.files(); file != "" {
		return databaseFiles{r, filepath.Dir(file)}
	}
	var dir, database string
	err := r.db.QueryRowContext(t.Context(), `
		SELECT current_setting('data_directory'), oid FROM pg_database WHERE datname = current_database()`).Scan(&dir, &database)
	if err != nil {
		t.Fatal(err)
	}
	return databaseFiles{r, filepath.Join(dir, "base", database)}
}

// hold says which keys, or good parts of them, lie in any of the files.
func (f databaseFiles) hold(t *testing.T, keys map[photo.ID][]byte) map[photo.ID]bool {
	t.Helper()
	if f.files() == "" { // what is only in memory goes to the disk, and old files go
		if _, err := f.db.ExecContext(t.Context(), "CHECKPOINT"); err != nil {
			t.Fatal(err)
		}
	}
	in := map[photo.ID]bool{}
	err := filepath.WalkDir(f.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		for id, w := range keys {
			if bytes.Contains(content, w[:len(w)/2]) || bytes.Contains(content, w[len(w)/2:]) {
				in[id] = true
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return in
}
