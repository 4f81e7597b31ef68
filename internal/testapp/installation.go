// Package testapp runs whole processes for tests: an installation of the test's
// own with nothing in it, the clock that its processes go by, and a process that
// runs inside the test, or whose binary the test starts. Only tests import it.
package testapp

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/config"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
	"github.com/passportphotogenie/passportphotogenie/internal/statistics"
	"github.com/passportphotogenie/passportphotogenie/internal/storage"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
	"github.com/passportphotogenie/passportphotogenie/internal/vault"
)

// Installation is what the processes of one installation share.
type Installation struct {
	Dir   string // everything on disk lies in it
	Redis *testservers.RedisServer
	Env   []string // settings as NAME=value; of two with one name the later counts
}

// Install prepares an installation on SQLite, files and a Redis server of its
// own, with one studio for photos and none for previews. Its databases are not migrated yet.
func Install(t testing.TB) *Installation {
	t.Helper()
	dir, redis := t.TempDir(), testservers.StartRedis(t)
	models := os.Getenv("MODELS_DIR")
	if models == "" {
		models = inCheckout(t, ".deps", "models")
	}
	return &Installation{Dir: dir, Redis: redis, Env: []string{
		"HOME=" + dir, "REDIS_URL=" + redis.URL,
		"DATABASE_URL=sqlite:" + filepath.Join(dir, "photos.db"),
		"KEYS_DATABASE_URL=sqlite:" + filepath.Join(dir, "keys.db"),
		"BLOB_URL=file://" + filepath.Join(dir, "blobs"),
		"MASTER_KEY_URL=file://" + filepath.Join(dir, "master.key"),
		"SIGNING_KEY_URL=file://" + filepath.Join(dir, "signing.key"),
		"MODELS_DIR=" + models, "WORKER_CONCURRENCY=1", "PREVIEW_CONCURRENCY=0", "STOP_GRACE=8s",
	}}
}

// Config is what a process reads from the settings. It listens on free ports.
func (i *Installation) Config(t testing.TB, p config.Process) config.Config {
	t.Helper()
	environ := map[string]string{"HTTP_ADDR": "127.0.0.1:0", "OPS_ADDR": "127.0.0.1:0"}
	for _, pair := range i.Env {
		name, value, _ := strings.Cut(pair, "=")
		environ[name] = value
	}
	cfg, err := config.Load(p, environ)
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// Storage opens the installation's stores beside its processes, until the test
// ends.
func (i *Installation) Storage(t testing.TB) *storage.Storage {
	t.Helper()
	s, err := storage.Open(t.Context(), i.Config(t, config.Scheduler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// Migrated is Storage with its databases migrated.
func (i *Installation) Migrated(t testing.TB) *storage.Storage {
	t.Helper()
	s := i.Storage(t)
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

// Upload leaves in the stores what an upload of a JPEG at the given time leaves
// there, for a US passport, and asks for no task.
func Upload(t testing.TB, s *storage.Storage, now time.Time, picture []byte) photo.ID {
	t.Helper()
	id, ctx := photo.NewID(), t.Context()
	if err := s.Photos.Reserve(ctx, photo.Reservation{ID: id, Now: now}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Vault.Put(ctx, vault.OriginalOf(id), bytes.NewReader(picture)); err != nil {
		t.Fatal(err)
	}
	err := s.Photos.Queue(ctx, id, photo.Received{
		Document: "us-passport", AgeBand: photo.Adult,
		Original:  photo.Original{Format: photo.JPEG, Bytes: int64(len(picture))},
		Reference: statistics.NewReference(), Now: now, ExpiresAt: now.Add(retention.PictureFloor),
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// Binary is the path of a binary that `make build` made.
func Binary(t testing.TB, name string) string {
	t.Helper()
	path := inCheckout(t, "bin", name)
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("the binaries are missing, run `make build`: %v", err)
	}
	return path
}

// inCheckout names a file by its path from the checkout, all of whose packages
// with such tests lie two directories deep.
func inCheckout(t testing.TB, path ...string) string {
	t.Helper()
	name, err := filepath.Abs(filepath.Join(append([]string{"..", ".."}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	return name
}
