package endtoend

import (
	"bytes"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
	"github.com/passportphotogenie/passportphotogenie/internal/testpictures"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

// script runs one of deploy's with the installation's settings.
func (s *service) script(name, argument string) (out string, err error) {
	s.t.Helper()
	c := exec.CommandContext(s.t.Context(), filepath.Join("..", "..", "deploy", name), argument)
	c.Env = append(append([]string{"PATH=" + os.Getenv("PATH"), "SCHEDULER=" + testapp.Binary(s.t, "scheduler")}, s.Env...), "TZ=UTC")
	var said bytes.Buffer
	c.Stderr = &said
	b, err := c.Output()
	if err != nil {
		s.t.Logf("%s says: %s%s", name, b, said.String())
	}
	return string(b), err
}

// backup makes one and names it.
func (s *service) backup(dir string) string {
	s.t.Helper()
	out, err := s.script("backup", dir)
	if err != nil {
		s.t.Fatal(err)
	}
	return strings.TrimSpace(out)
}

// read is everything in a backup, as text.
func read(t *testing.T, backup string) string {
	t.Helper()
	c := exec.CommandContext(t.Context(), "sqlite3", backup, ".dump")
	if strings.HasSuffix(backup, ".dump") {
		c = exec.CommandContext(t.Context(), "pg_restore", "--file=-", backup)
	}
	out, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(backup)
	if err != nil {
		t.Fatal(err)
	}
	return string(out) + string(raw) // a file of SQLite holds what was deleted unless it was overwritten
}

// onBothDatabases runs a test with a service on each kind.
func onBothDatabases(t *testing.T, test func(t *testing.T, s *service)) {
	t.Run("SQLite", func(t *testing.T) { test(t, newService(t)) })
	t.Run("PostgreSQL", func(t *testing.T) {
		test(t, newService(t, "DATABASE_URL="+testservers.Postgres(t), "KEYS_DATABASE_URL="+testservers.Postgres(t)))
	})
}

func TestAfterARestoreWhatWasErasedStaysErased(t *testing.T) {
	onBothDatabases(t, func(t *testing.T, s *service) {
		api, picture := s.start("api"), testpictures.Portrait(t, portraits.Smiling)
		kept, keptKey := s.accepted("us-passport", picture)
		erased, erasedKey := s.accepted("us-passport", picture)
		keyless, keylessKey := s.accepted("us-passport", picture)

		backup := s.backup(filepath.Join(s.Dir, "backups"))
		if text := read(t, backup); !strings.Contains(text, erased) || !strings.Contains(text, kept) {
			t.Fatal("the backup does not hold the photos")
		}
		gone := s.send(http.MethodDelete, "/v1/photos/"+erased, erasedKey, nil)
		receipt := s.send(http.MethodGet, gone.header.Get("Location"), "", nil)
		if receipt.fields(t).State != "finished" {
			t.Fatalf("the receipt before: %s", receipt.body)
		}
		api.stop()
		if err := s.Storage(t).Keys.Erase(t.Context(), photo.ID(keyless)); err != nil {
			t.Fatal(err)
		}

		said, err := s.script("restore", backup)
		if err != nil || !strings.Contains(said, `msg="photos erased again" process=scheduler count=2`) || !strings.Contains(said, `msg="photos kept" process=scheduler count=1`) {
			t.Fatalf("restore: %v\n%s", err, said)
		}
		s.start("api")
		if got := s.get(kept, keptKey).code; got != http.StatusOK {
			t.Errorf("the photo that was not erased: %d", got)
		}
		if got := s.get(erased, erasedKey).code; got != http.StatusNotFound {
			t.Errorf("the photo that was erased: %d", got)
		}
		if got := s.get(keyless, keylessKey).code; got != http.StatusNotFound {
			t.Errorf("the photo whose key was gone: %d", got)
		}
		again := s.send(http.MethodGet, gone.header.Get("Location"), "", nil)
		if !bytes.Equal(again.body, receipt.body) {
			t.Errorf("the receipt was\n%s\nand is\n%s", receipt.body, again.body)
		}
		text := read(t, s.backup(filepath.Join(s.Dir, "backups")))
		if strings.Contains(text, erased) || strings.Contains(text, keyless) || !strings.Contains(text, kept) {
			t.Error("the next backup does not hold the one photo that was kept, and it alone")
		}
	})
}

func TestABackupLeavesOutWhatMustNotBeKeptSoLong(t *testing.T) {
	onBothDatabases(t, func(t *testing.T, s *service) {
		for _, table := range []string{"access_log", "usage_statistics", "usage_daily", "letter_secrets", "archives", "photo_keys", "operator_sessions", "webhook_notices", "complaints_of_a_test"} {
			s.sql("DATABASE_URL", "DROP TABLE IF EXISTS "+table+"; CREATE TABLE "+table+" (marker TEXT); INSERT INTO "+table+" VALUES ('marker-in-"+table+"')")
		}
		text := read(t, s.backup(filepath.Join(s.Dir, "backups")))
		for _, table := range []string{"access_log", "usage_statistics", "usage_daily", "letter_secrets", "archives", "photo_keys", "operator_sessions", "webhook_notices"} {
			if strings.Contains(text, "marker-in-"+table) {
				t.Errorf("the backup holds the rows of %s", table)
			}
		}
		if !strings.Contains(text, "marker-in-complaints_of_a_test") || !strings.Contains(text, "access_log") {
			t.Error("the backup lacks the rows of another table, or the empty table itself: this test can't see")
		}
	})
}

// sql runs statements in one of the databases, by the database's own program, and
// returns what comes of them.
func (s *service) sql(setting, statements string) string {
	s.t.Helper()
	database, ok := strings.CutPrefix(s.setting(setting), "sqlite:")
	c := exec.CommandContext(s.t.Context(), "sqlite3", "-bail", "-cmd", ".timeout 10000", database, statements)
	if !ok {
		c = exec.CommandContext(s.t.Context(), "psql", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1", "--dbname="+database, "--command="+statements)
	}
	out, err := c.CombinedOutput()
	if err != nil {
		s.t.Fatalf("%s: %v %s", statements, err, out)
	}
	return strings.TrimSpace(string(out))
}

// setting is the last that was given under a name.
func (s *service) setting(name string) (value string) {
	for _, pair := range s.Env {
		if v, ok := strings.CutPrefix(pair, name+"="); ok {
			value = v
		}
	}
	return value
}

func TestBackupsAreKeptForLessThanAWeekAndForTheirOwnerAlone(t *testing.T) {
	s, dir := newService(t), t.TempDir()
	aged := func(name string, age time.Duration) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, time.Time{}, time.Now().Add(-age)); err != nil {
			t.Fatal(err)
		}
		return path
	}
	const day = 24 * time.Hour
	gone := []string{aged("records-a.db", 6*day+time.Minute), aged(".records-half.db", 6*day+time.Minute), aged("records-b.dump", 30*day)}
	there := []string{aged("records-c.db", 6*day-time.Minute), aged("somebody-elses", 30*day)}
	fresh := s.backup(dir)
	for _, path := range gone {
		if _, err := os.Stat(path); err == nil {
			t.Errorf("%s is still there", path)
		}
	}
	for _, path := range append(there, fresh) {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v, %v", path, info.Mode(), err)
		}
	}
}

func TestABackupDoesNotLieAmongThePictures(t *testing.T) {
	s := newService(t)
	for _, dir := range []string{"blobs", "blobs/deep/below"} {
		if _, err := s.script("backup", filepath.Join(s.Dir, dir)); err == nil {
			t.Errorf("a backup was written to %s", dir)
		}
	}
	if left, err := filepath.Glob(filepath.Join(s.Dir, "blobs", "*records*")); err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}

func TestAnOldBackupIsNotRestored(t *testing.T) {
	s := newService(t)
	backup := s.backup(t.TempDir())
	if err := os.Chtimes(backup, time.Time{}, time.Now().Add(-7*24*time.Hour-time.Minute)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.script("restore", backup); err == nil {
		t.Error("it was restored, though the journal does not reach back so far")
	}
}
