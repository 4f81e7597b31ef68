package sqlstore_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
)

// before are the migrations up to a version.
func before(t *testing.T, name string) fs.FS {
	t.Helper()
	paths, err := filepath.Glob("migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Base(path) < name {
			files[filepath.Base(path)] = &fstest.MapFile{Data: content}
		}
	}
	return files
}

func TestReceiptsFromBeforeTheyWereSignedAreKeptAndErasuresThatHadBegunAreEnded(t *testing.T) {
	for kind, url := range map[string]string{"sqlite": "sqlite:" + filepath.Join(t.TempDir(), "photos.db"), "postgres": testservers.Postgres(t)} {
		t.Run(kind, func(t *testing.T) {
			ok := func(err error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
			}
			old, err := sqldb.Open(t.Context(), url, sqldb.Schema{Name: "photos", Migrations: before(t, "00007")})
			ok(err)
			ok(old.Migrate(t.Context()))
			_, err = old.ExecContext(t.Context(), `INSERT INTO erasure_receipts (receipt, reason, created_at, finished_at, photo_id)
				VALUES ('done', 'expiry', 1000, 2000, NULL), ('begun', 'request', 1000, 0, 'aphoto')`)
			ok(err)
			ok(old.Close())

			db, err := sqlstore.Open(t.Context(), url)
			ok(err)
			defer db.Close()
			ok(db.Migrate(t.Context()))
			receipts := sqlstore.NewReceipts(db)
			done, err := receipts.FindReceipt(t.Context(), "done")
			ok(err)
			if done.Reason != photo.ErasedByExpiry || !done.FinishedAt.Equal(time.UnixMilli(2000)) || done.Proof.Verified() {
				t.Errorf("the finished receipt is %+v", done)
			}
			begun, err := receipts.Unfinished(t.Context(), "", 10)
			ok(err)
			if len(begun) != 1 || begun[0].Photo != "aphoto" || begun[0].Receipt.ID != "begun" {
				t.Fatalf("unfinished: %+v", begun)
			}
			ended, err := receipts.Finish(t.Context(), begun[0], finishAt(noon))
			ok(err)
			if !ended.Proof.Verified() {
				t.Errorf("the other is %+v", ended)
			}
		})
	}
}
