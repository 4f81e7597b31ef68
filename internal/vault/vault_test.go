package vault_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/passportphotogenie/passportphotogenie/internal/blobstore"
	"github.com/passportphotogenie/passportphotogenie/internal/keyring"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
	"github.com/passportphotogenie/passportphotogenie/internal/vault"
)

// safe is a vault under test and the blobs behind it.
type safe struct {
	*vault.Vault
	blobs *blobstore.Store
	s3    bool
}

// onBoth runs the test on an empty vault over each kind of blob store.
func onBoth(t *testing.T, test func(t *testing.T, s safe)) {
	t.Run("file", func(t *testing.T) { test(t, newSafe(t, "file://"+t.TempDir())) })
	t.Run("s3", func(t *testing.T) { test(t, newSafe(t, testservers.S3(t))) })
}

func newSafe(t *testing.T, blobURL string) safe {
	t.Helper()
	blobs, err := blobstore.Open(t.Context(), blobURL)
	if err != nil {
		t.Fatal(err)
	}
	db, err := keyring.OpenDatabase(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "keys.db"))
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	master, err := keyring.OpenMaster(t.Context(), "file://"+filepath.Join(t.TempDir(), "master.key"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = blobs.Close(), db.Close() })
	keys := keyring.New(db, master)
	return safe{vault.New(blobs, keys), blobs, strings.HasPrefix(blobURL, "s3:")}
}

func (s safe) put(t *testing.T, item vault.Item, content string) {
	t.Helper()
	if _, err := s.Put(t.Context(), item, strings.NewReader(content)); err != nil {
		t.Fatal(err)
	}
}

// name is where a blob lies in the store.
func name(i vault.Item) string {
	if i.Kind == vault.Analysis {
		return fmt.Sprintf("photos/%s/analysis-r%d-a%d/analysis", i.Photo, i.Revision, i.Attempt)
	}
	return fmt.Sprintf("photos/%s/r%d-a%d/%s", i.Photo, i.Revision, i.Attempt, i.Kind)
}

func (s safe) stored(t *testing.T, i vault.Item) []byte {
	t.Helper()
	r, err := s.blobs.Open(t.Context(), name(i))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (s safe) replace(t *testing.T, i vault.Item, content []byte) {
	t.Helper()
	w, err := s.blobs.Create(t.Context(), name(i))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

func noise(n int64) io.Reader { return io.LimitReader(rand.NewChaCha8([32]byte{1}), n) }

func TestWhatIsStoredShowsNothingOfThePicture(t *testing.T) {
	onBoth(t, func(t *testing.T, s safe) {
		item := vault.OriginalOf(photo.NewID())
		s.put(t, item, strings.Repeat("a face ", 20000))
		if bytes.Contains(s.stored(t, item), []byte("face")) {
			t.Error("the picture lies open")
		}
	})
}

func TestAnEmptyBlobIsABlob(t *testing.T) {
	onBoth(t, func(t *testing.T, s safe) {
		item := vault.OriginalOf(photo.NewID())
		s.put(t, item, "")
		b, err := s.Read(t.Context(), item)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff("", string(b)); d != "" {
			t.Error(d)
		}
	})
}
