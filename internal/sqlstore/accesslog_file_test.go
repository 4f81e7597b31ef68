package sqlstore_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/accesslog"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
)

func TestThousandsOfLinesOfAPhotoLeaveNothingOfItsIDInSQLitesFile(t *testing.T) {
	dir := t.TempDir()
	db, err := sqlstore.Open(t.Context(), "sqlite:"+filepath.Join(dir, "photos.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(db.Migrate(t.Context()))
	photos, log, id := sqlstore.NewPhotos(db), sqlstore.NewAccessLog(db), photo.NewID()
	must(photos.Reserve(t.Context(), photo.Reservation{ID: id, Now: noon}))
	must(photos.Queue(t.Context(), id, photo.Received{Document: "us-passport", Now: noon, ExpiresAt: noon.Add(time.Hour)}))
	for batch := range 30 {
		var lines []accesslog.Entry
		for i := range 100 {
			lines = append(lines, accesslog.Entry{Name: fmt.Sprintf("%x-%d-%d", (batch*100+i)*7919%100003, batch, i), At: noon.Add(time.Duration(batch*100+i) * time.Second), Method: "GET", Route: "/v1/photos/:id", Photo: id, Visitor: "v", IP: "127.0.0.1"})
		}
		must(log.Append(t.Context(), lines))
	}
	_, err = photos.BeginErasure(t.Context(), id)
	must(err)
	must(photos.Remove(t.Context(), id, noon))
	must(db.Scrub(t.Context()))
	for _, name := range []string{"photos.db", "photos.db-wal"} {
		b, _ := os.ReadFile(filepath.Join(dir, name))
		if n := bytes.Count(b, []byte(id)); n > 0 {
			t.Errorf("%s holds the photo's ID %d times", name, n)
		}
	}
}
