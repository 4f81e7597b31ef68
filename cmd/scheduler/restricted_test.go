package main

import (
	"errors"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
	"github.com/passportphotogenie/passportphotogenie/internal/storage"
	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
	"github.com/passportphotogenie/passportphotogenie/internal/vault"
)

// onBoth runs the test on both kinds of stores.
func onBoth(t *testing.T, test func(t *testing.T, in *testapp.Installation)) {
	t.Run("sqlite and files", func(t *testing.T) { test(t, testapp.Install(t)) })
	t.Run("postgres and s3", func(t *testing.T) {
		in := testapp.Install(t)
		in.Env = append(in.Env, "DATABASE_URL="+testservers.Postgres(t), "KEYS_DATABASE_URL="+testservers.Postgres(t), "BLOB_URL="+testservers.S3(t))
		test(t, in)
	})
}

// TestARestrictedPhotoOutlivesItsTimeAndGoesADayAfterTheLifting follows it through all
// jobs of the timetable.
func TestARestrictedPhotoOutlivesItsTimeAndGoesADayAfterTheLifting(t *testing.T) {
	onBoth(t, func(t *testing.T, in *testapp.Installation) {
		store := in.Migrated(t)
		id, other := testapp.Upload(t, store, midnight, []byte("a portrait")), testapp.Upload(t, store, midnight, []byte("another"))
		r := photo.Restriction{ID: photo.NewRestrictionID(), Ground: photo.NeedsForClaim, Since: midnight, ReviewBy: midnight.Add(retention.RestrictionReview)}
		if _, err := store.Photos.Restrict(t.Context(), id, r); err != nil {
			t.Fatal(err)
		}
		s := start(t, in, midnight.Add(100*time.Hour))
		n := 1
		ran := func() {
			t.Helper()
			eventually(t, "the jobs ran", func() bool { return s.ran("expire") == n && s.ran("hold") == n && s.ran("sweep_orphans") == n })
			n++
		}
		ran()
		erased(t, store, other)
		readable(t, store, id)

		for _, step := range []func() error{
			func() error {
				return store.Restrictions.Tell(t.Context(), r.ID, "It is settled.", audit.Event{At: s.clock.Now(), Subject: string(r.ID)})
			},
			func() error {
				return store.Restrictions.Lift(t.Context(), r.ID, audit.Event{At: s.clock.Now(), Subject: string(r.ID)})
			},
		} {
			if err := step(); err != nil {
				t.Fatal(err)
			}
		}
		s.clock.Forward(retention.LiftedFloor)
		ran()
		readable(t, store, id)
		if held, err := store.Photos.Held(t.Context(), "", 10); err != nil || len(held) > 0 {
			t.Errorf("%d photos are held, %v", len(held), err)
		}
		s.clock.Forward(5 * time.Minute)
		ran()
		erased(t, store, id)
		for _, one := range []photo.ID{id, other} {
			if at, err := store.Vault.LastStored(t.Context(), one); err != nil || !at.IsZero() {
				t.Errorf("blobs are left: %s, %v", at, err)
			}
		}
	})
}

func readable(t *testing.T, store *storage.Storage, id photo.ID) {
	t.Helper()
	b, err := store.Vault.Read(t.Context(), vault.OriginalOf(id))
	if errors.Is(err, vault.ErrMissing) || string(b) != "a portrait" {
		t.Errorf("the original: %q, %v", b, err)
	}
}
