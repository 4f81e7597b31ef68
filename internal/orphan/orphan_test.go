package orphan_test

import (
	"errors"
	"log/slog"
	"maps"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/passportphotogenie/passportphotogenie/internal/config"
	"github.com/passportphotogenie/passportphotogenie/internal/installation"
	"github.com/passportphotogenie/passportphotogenie/internal/orphan"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
	"github.com/passportphotogenie/passportphotogenie/internal/storage"
	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
	"github.com/passportphotogenie/passportphotogenie/internal/vault"
)

// rig is a sweeper on real stores. Blobs and keys bear the time at which the test
// runs, so the tests sweep later rather than store earlier.
type rig struct {
	*testing.T
	*storage.Storage
	sweeper *orphan.Sweeper
	found   counts
	now     time.Time
}

type counts map[string]int

func (c counts) Orphan(kind string) { c[kind]++ }

func onBoth(t *testing.T, bounds orphan.Bounds, test func(r *rig)) {
	t.Run("sqlite and files", func(t *testing.T) {
		dir := t.TempDir()
		test(newRig(t, bounds, config.Config{
			DatabaseURL: "sqlite:" + filepath.Join(dir, "photos.db"), KeysDatabaseURL: "sqlite:" + filepath.Join(dir, "keys.db"),
			BlobURL: "file://" + filepath.Join(dir, "blobs"), MasterKeyURL: "file://" + filepath.Join(dir, "master.key"),
		}))
	})
	t.Run("postgres and s3", func(t *testing.T) {
		test(newRig(t, bounds, config.Config{
			DatabaseURL: testservers.Postgres(t), KeysDatabaseURL: testservers.Postgres(t),
			BlobURL: testservers.S3(t), MasterKeyURL: "file://" + filepath.Join(t.TempDir(), "master.key"),
		}))
	})
}

func newRig(t *testing.T, bounds orphan.Bounds, cfg config.Config) *rig {
	t.Helper()
	r := openRig(t, bounds, cfg)
	r.ok(r.Migrate(t.Context()))
	return r
}

func openRig(t *testing.T, bounds orphan.Bounds, cfg config.Config) *rig {
	t.Helper()
	store, err := storage.Open(t.Context(), cfg)
	r := &rig{T: t, Storage: store, found: counts{}, now: time.Now()}
	r.ok(err)
	t.Cleanup(func() { _ = store.Close() })
	r.sweeper = orphan.New(orphan.Options{
		Records: store.Photos, Vault: store.Vault, Keys: store.Keys, Meter: r.found, Log: slog.New(slog.DiscardHandler), Bounds: bounds,
	})
	return r
}

func (r *rig) ok(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

// sweep sweeps when everything that the test has stored is old enough.
func (r *rig) sweep() {
	r.Helper()
	r.ok(r.sweeper.Sweep(r.Context(), r.now.Add(retention.OrphanAge+time.Minute)))
}

// photo has a photo queued, with its original and its key.
func (r *rig) photo() photo.ID {
	r.Helper()
	return testapp.Upload(r.T, r.Storage, r.now, []byte("a face"))
}

// blobs stores an original and its key, without a record.
func (r *rig) blobs() photo.ID {
	r.Helper()
	id := photo.NewID()
	_, err := r.Vault.Put(r.Context(), vault.OriginalOf(id), strings.NewReader("a face"))
	r.ok(err)
	return id
}

func (r *rig) counted(want counts) {
	r.Helper()
	if d := cmp.Diff(want, r.found); d != "" {
		r.Errorf("want (-), counted (+):\n%s", d)
	}
}

func (r *rig) stored(id photo.ID) bool {
	r.Helper()
	at, err := r.Vault.LastStored(r.Context(), id)
	r.ok(err)
	return !at.IsZero()
}

func (r *rig) keys() int {
	r.Helper()
	ids, err := r.Keys.MadeBefore(r.Context(), r.now.Add(time.Hour), "", 100)
	r.ok(err)
	return len(ids)
}

func TestBlobsAndKeysWithoutARecordAreDeletedOnceTheyAreOld(t *testing.T) {
	onBoth(t, orphan.Bounds{}, func(r *rig) {
		living, held := r.photo(), r.photo()
		r.ok(r.Vault.Hold(r.Context(), held))
		orphans := []photo.ID{r.blobs(), r.blobs()}
		r.ok(r.Vault.Hold(r.Context(), orphans[1])) // as an erasure that met a move leaves it
		keyOnly := r.blobs()
		r.ok(r.Vault.EraseBlobs(r.Context(), keyOnly))
		receiving := r.blobs()
		r.ok(r.Photos.Reserve(r.Context(), photo.Reservation{ID: receiving, Now: r.now}))

		r.ok(r.sweeper.Sweep(r.Context(), r.now)) // all are too young
		r.counted(counts{})
		r.sweep()
		r.counted(counts{"blobs": 2, "key": 1})
		for _, id := range orphans {
			if r.stored(id) {
				r.Error("an orphan is left")
			}
		}
		for _, id := range []photo.ID{living, held, receiving} {
			if !r.stored(id) {
				r.Error("blobs with a record are gone")
			}
		}
		if n := r.keys(); n != 3 {
			r.Errorf("%d keys are left, want 3", n)
		}
		r.sweep()
		r.counted(counts{"blobs": 2, "key": 1})
	})
}

func TestAPhotoThatWasLostEndsHonestly(t *testing.T) {
	onBoth(t, orphan.Bounds{}, func(r *rig) {
		ctx := r.Context()
		whole, noBlobs, noKey := r.photo(), r.photo(), r.photo()
		r.ok(r.Vault.EraseBlobs(ctx, noBlobs))
		r.ok(r.Vault.EraseKey(ctx, noKey))
		ready := r.ready(r.photo(), vault.Result, vault.Report)
		noReport := r.ready(r.photo(), vault.Result)
		working := r.photo()
		_, err := r.Photos.Claim(ctx, photo.Claim{ID: working, Revision: 1}, r.now)
		r.ok(err)
		r.ok(r.Vault.EraseBlobs(ctx, working)) // its worker will find out
		restricted := r.photo()
		_, err = r.Photos.Restrict(ctx, restricted, photo.Restriction{ID: photo.NewRestrictionID(), Ground: photo.Objects, Since: r.now})
		r.ok(err)
		r.ok(r.Vault.Hold(ctx, restricted))

		for range 2 {
			r.sweep()
		}
		r.counted(counts{"record": 3})
		for id, want := range map[photo.ID]photo.Status{
			whole: photo.Queued, noBlobs: photo.Failed, noKey: photo.Failed, ready: photo.Ready, noReport: photo.Failed,
			working: photo.Processing, restricted: photo.Queued,
		} {
			p, err := r.Photos.Get(ctx, id)
			r.ok(err)
			if p.Status != want || want == photo.Failed && p.Reason != photo.Lost {
				r.Errorf("%s, %s; want %s", p.Status, p.Reason, want)
			}
		}
	})
}

// ready finishes a photo with the given blobs.
func (r *rig) ready(id photo.ID, kinds ...vault.Kind) photo.ID {
	r.Helper()
	p, err := r.Photos.Claim(r.Context(), photo.Claim{ID: id, Revision: 1}, r.now)
	r.ok(err)
	for _, k := range kinds {
		_, err := r.Vault.Put(r.Context(), vault.Of(k, p.Claim()), strings.NewReader("a photo"))
		r.ok(err)
	}
	r.ok(r.Photos.Finish(r.Context(), p.Claim(), photo.Outcome{Status: photo.Ready, Now: r.now}))
	return id
}

func TestASweepGoesABoundedWayAndTheNextOneGoesOn(t *testing.T) {
	bounds := orphan.Bounds{Blobs: 4, Keys: 4, Records: 4, AtATime: 2}
	onBoth(t, bounds, func(r *rig) {
		for range 10 {
			r.photo()
		}
		for range 5 {
			r.blobs()
			r.ok(r.Vault.EraseBlobs(r.Context(), r.photo()))
			r.ok(r.Vault.EraseBlobs(r.Context(), r.blobs()))
		}
		sweeps, before := 0, counts{}
		// Left are the keys of ten whole photos, and of five that have lost their blobs.
		for r.found["blobs"] < 5 || r.found["record"] < 5 || r.keys() > 15 {
			if sweeps++; sweeps > 20 {
				r.Fatalf("after 20 sweeps only %v", r.found)
			}
			maps.Copy(before, r.found)
			r.sweep()
			for kind, n := range r.found {
				if n-before[kind] > 4 {
					r.Errorf("one sweep settled %d of %s", n-before[kind], kind)
				}
			}
		}
		if sweeps < 3 {
			r.Errorf("%d sweeps were enough", sweeps)
		}
		// The way through the blobs is in no order, so the keys of those five may be
		// met on their own before.
		if n := r.found["key"]; n < 5 || n > 10 {
			r.Errorf("%d keys were found", n)
		}
		want := maps.Clone(r.found)
		want["blobs"], want["record"] = 5, 5
		for range 10 { // around once more, where there is nothing more to do
			r.sweep()
		}
		r.counted(want)
	})
}

func TestADiskThatIsNotMountedLosesNoPhoto(t *testing.T) {
	dir := t.TempDir()
	cfg := config.Config{
		DatabaseURL: "sqlite:" + filepath.Join(dir, "photos.db"), KeysDatabaseURL: "sqlite:" + filepath.Join(dir, "keys.db"),
		BlobURL: "file://" + filepath.Join(dir, "blobs"), MasterKeyURL: "file://" + filepath.Join(dir, "master.key"),
	}
	id := newRig(t, orphan.Bounds{}, cfg).photo()
	cfg.BlobURL = "file://" + filepath.Join(dir, "mount-point")
	r := openRig(t, orphan.Bounds{}, cfg)
	if err := r.Migrate(t.Context()); !errors.Is(err, installation.ErrNoBlobs) {
		t.Errorf("migrated with %v", err)
	}
	if err := r.Together().Agree(t.Context()); !errors.Is(err, installation.ErrNoID) {
		t.Errorf("the stores agree: %v", err)
	}
	if err := r.sweeper.Sweep(t.Context(), r.now); err == nil { // which the scheduler does not even try
		t.Error("the sweep says that it succeeded")
	}
	p, err := r.Photos.Get(t.Context(), id)
	r.ok(err)
	if p.Status != photo.Queued {
		t.Errorf("the photo is %s", p.Status)
	}
}
