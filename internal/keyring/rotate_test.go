package keyring_test

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/keyring"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
)

// rotation is a keyring with keys under a former master key, and what each of
// them encrypted.
type rotation struct {
	ring
	former, present string // URLs
	sealed          map[photo.ID][]byte
	after           *keyring.Keyring // with the present master key, and the former one
}

func newRotation(t *testing.T, r ring, keys int) rotation {
	t.Helper()
	x := rotation{ring: r, former: randomKey(), present: randomKey(), sealed: map[photo.ID][]byte{}}
	before := ring{keyring.New(r.db, openMaster(t, x.former)), r.db, r.url}
	for range keys {
		id := photo.NewID()
		x.sealed[id] = encrypt(t, create(t, before, id), "a picture")
	}
	x.after = keyring.New(r.db, openMaster(t, x.present, x.former))
	return x
}

func (x rotation) rotate(t *testing.T) keyring.Rotation {
	t.Helper()
	done, err := x.after.Rotate(t.Context(), func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// opens fails unless the keyring opens everything that still has a key.
func (x rotation) opens(t *testing.T, k *keyring.Keyring) {
	t.Helper()
	for id, sealed := range x.sealed {
		c, err := k.Find(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if plain, err := decrypt(c, sealed, bound); err != nil || plain != "a picture" {
			t.Fatalf("%q, %v", plain, err)
		}
	}
}

func left(t *testing.T, k *keyring.Keyring) int {
	t.Helper()
	n, err := k.Left(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAfterARotationTheFormerMasterKeyIsNotNeeded(t *testing.T) {
	onBoth(t, func(t *testing.T, r ring) {
		x := newRotation(t, r, 250)
		x.opens(t, x.after)
		if n := left(t, x.after); n != 250 {
			t.Errorf("%d keys are left before", n)
		}
		if done := x.rotate(t); done != (keyring.Rotation{Wrapped: 250}) {
			t.Errorf("%+v", done)
		}
		if n := left(t, x.after); n != 0 {
			t.Errorf("%d keys are left", n)
		}
		x.opens(t, keyring.New(x.db, openMaster(t, x.present)))
		if _, err := keyring.New(x.db, openMaster(t, x.former)).Find(t.Context(), anyOf(x.sealed)); err == nil {
			t.Error("the former master key still opens a key")
		}
		if done := x.rotate(t); done != (keyring.Rotation{}) {
			t.Errorf("again: %+v", done)
		}
	})
}

func anyOf[V any](m map[photo.ID]V) (id photo.ID) {
	for id = range m {
		return id
	}
	return id
}

func TestProcessesWithEitherMasterKeyWorkWhileItIsChanged(t *testing.T) {
	onBoth(t, func(t *testing.T, r ring) {
		x := newRotation(t, r, 1)
		// One that was started before the change, and knows the next one already.
		earlier := ring{keyring.New(r.db, openMaster(t, x.former, x.present)), r.db, r.url}
		x.rotate(t)
		x.opens(t, earlier.Keyring)
		id := photo.NewID()
		x.sealed[id] = encrypt(t, create(t, earlier, id), "a picture")
		x.opens(t, x.after)
		if n := left(t, x.after); n != 1 {
			t.Errorf("%d keys are left, want that of the earlier process", n)
		}
	})
}

func TestARotationThatBreaksOffIsBegunAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, r ring) {
		x := newRotation(t, r, 350)
		ctx, kill := context.WithCancel(t.Context())
		if _, err := x.after.Rotate(ctx, func(int) { kill() }); err == nil {
			t.Fatal("it was not broken off")
		}
		if n := left(t, x.after); n == 0 || n == 350 {
			t.Fatalf("%d keys are left: it was not broken off half-way", n)
		}
		x.opens(t, x.after)
		x.rotate(t)
		x.opens(t, keyring.New(x.db, openMaster(t, x.present)))
	})
}

func TestAKeyErasedDuringARotationStaysErased(t *testing.T) {
	onBoth(t, func(t *testing.T, r ring) {
		service := testservers.StartKeyService(t)
		before := ring{keyring.New(r.db, openMaster(t, service.AWS("old"))), r.db, r.url}
		ids := []photo.ID{photo.NewID(), photo.NewID(), photo.NewID()}
		for _, id := range ids {
			create(t, before, id)
		}
		// They are read, and being opened, when all of them are erased.
		service.BeforeDecrypting(sync.OnceFunc(func() {
			for _, id := range ids {
				if err := r.Erase(context.Background(), id); err != nil {
					t.Error(err)
				}
			}
		}))
		if _, err := keyring.New(r.db, openMaster(t, randomKey(), service.AWS("old"))).Rotate(t.Context(), func(int) {}); err != nil {
			t.Fatal(err)
		}
		var n int
		if err := r.db.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM photo_keys").Scan(&n); err != nil || n != 0 || service.Calls("decrypt") != len(ids) {
			t.Errorf("%d keys came back, %v", n, err)
		}
	})
}

func TestAKeyThatNoMasterKeyOpensStopsNoRotation(t *testing.T) {
	onBoth(t, func(t *testing.T, r ring) {
		x := newRotation(t, r, 150)
		broken := anyOf(x.sealed)
		setWrapped(t, r, broken, []byte("noise"))
		delete(x.sealed, broken)
		if done := x.rotate(t); done != (keyring.Rotation{Wrapped: 149, Refused: 1}) {
			t.Errorf("%+v", done)
		}
		x.opens(t, x.after)
		if n := left(t, x.after); n != 1 {
			t.Errorf("%d keys are left, want the one that was refused", n)
		}
	})
}

func TestKeysFromBeforeTheirMasterWasNotedAreOpenedAndRotated(t *testing.T) {
	onBoth(t, func(t *testing.T, r ring) {
		x := newRotation(t, r, 3)
		if _, err := r.db.ExecContext(t.Context(), "UPDATE photo_keys SET master = ''"); err != nil {
			t.Fatal(err)
		}
		x.opens(t, x.after)
		x.rotate(t)
		x.opens(t, keyring.New(r.db, openMaster(t, x.present)))
	})
}

func TestAKeyFileThatMovesStaysTheSameMasterKey(t *testing.T) {
	dir := t.TempDir()
	r := newRing(t, "sqlite:"+filepath.Join(dir, "keys.db"))
	old := filepath.Join(dir, "old.key")
	k := keyring.New(r.db, openMaster(t, "file://"+old))
	if _, err := k.Create(t.Context(), photo.NewID()); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(old, filepath.Join(dir, "new.key")); err != nil {
		t.Fatal(err)
	}
	moved := keyring.New(r.db, openMaster(t, "file://"+filepath.Join(dir, "new.key")))
	if n := left(t, moved); n != 0 {
		t.Errorf("%d keys count as those of another master key", n)
	}
}

func TestAnOldMasterKeyIsNotMadeWhereItIsMissing(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "old.key")
	if _, err := keyring.OpenMaster(t.Context(), randomKey(), "file://"+missing); err == nil {
		t.Error("it was opened")
	}
	if _, err := os.Stat(missing); err == nil {
		t.Error("it was made")
	}
}
