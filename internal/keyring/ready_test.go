package keyring_test

import (
	"context"
	"maps"
	"path/filepath"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/keyring"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
)

// causes counts what a keyring's meter is told.
type causes map[string]int

func (c causes) KeyError(cause string) { c[cause]++ }

func TestKeysThatCannotBeMadeOrOpenedAreCountedByCause(t *testing.T) {
	r := newRing(t, "sqlite:"+filepath.Join(t.TempDir(), "keys.db"))
	id := photo.NewID()
	create(t, r, id)
	other, told := keyring.New(r.db, randomMaster(t)), causes{}
	other.Watch(told)
	fails := func(ctx context.Context, id photo.ID) {
		t.Helper()
		if _, err := other.Find(ctx, id); err == nil {
			t.Error("the key was found")
		}
	}
	fails(t.Context(), id)
	fails(t.Context(), photo.NewID()) // there is none, which is no error of ours
	left, leave := context.WithCancel(t.Context())
	leave()
	fails(left, id) // nobody waits for it any more
	if err := r.db.Close(); err != nil {
		t.Fatal(err)
	}
	fails(t.Context(), id)
	if want := (causes{"unwrap": 1, "store": 1}); !maps.Equal(told, want) {
		t.Errorf("counted %v, want %v", told, want)
	}
}

func TestAMasterKeyIsReadyWhenItWrapsAndUnwraps(t *testing.T) {
	onServices(t, func(t *testing.T, s *testservers.KeyService, url func(string) string) {
		r := newRing(t, "sqlite:"+filepath.Join(t.TempDir(), "keys.db"))
		if err := r.Ready(t.Context()); err != nil {
			t.Errorf("a key of our own: %v", err)
		}
		served := process(t, r, url("master"))
		for range 3 {
			if err := served.Ready(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if e, d := s.Calls("encrypt"), s.Calls("decrypt"); e != 1 || d != 1 {
			t.Errorf("it was asked to encrypt %d times and to decrypt %d times", e, d)
		}
		s.Fail(1000)
		fresh := process(t, r, url("master"))
		if err := fresh.Ready(t.Context()); err == nil {
			t.Error("ready without its key service")
		}
	})
}
