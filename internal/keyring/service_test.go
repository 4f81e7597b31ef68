package keyring_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/keyring"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
	"github.com/passportphotogenie/passportphotogenie/internal/vault"
)

// onServices runs the test with a key of each kind of service that there is a
// stand-in for.
func onServices(t *testing.T, test func(t *testing.T, s *testservers.KeyService, url func(key string) string)) {
	t.Run("awskms", func(t *testing.T) { s := testservers.StartKeyService(t); test(t, s, s.AWS) })
	t.Run("hashivault", func(t *testing.T) { s := testservers.StartKeyService(t); test(t, s, s.Vault) })
}

// process is a keyring of another process on the same database.
func process(t *testing.T, r ring, url string, old ...string) ring {
	t.Helper()
	return ring{keyring.New(r.db, openMaster(t, url, old...)), r.db, r.url}
}

func TestAKeyServiceIsAskedOnceForAPhotoByEachProcess(t *testing.T) {
	onServices(t, func(t *testing.T, s *testservers.KeyService, url func(string) string) {
		r := newRing(t, "sqlite:"+filepath.Join(t.TempDir(), "keys.db"))
		api, worker := process(t, r, url("master")), process(t, r, url("master"))
		id := photo.NewID()
		sealed := encrypt(t, create(t, api, id), "a picture")
		for range 4 { // original, result, report and analysis
			c, err := worker.Find(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			if plain, err := decrypt(c, sealed, bound); err != nil || plain != "a picture" {
				t.Fatalf("%q, %v", plain, err)
			}
		}
		if _, err := api.Find(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		if e, d := s.Calls("encrypt"), s.Calls("decrypt"); e != 1 || d != 1 {
			t.Errorf("it was asked to encrypt %d times and to decrypt %d times", e, d)
		}
	})
}

func TestAKeyThatAnotherProcessErasedOrReplacedIsNotUsedFromMemory(t *testing.T) {
	onServices(t, func(t *testing.T, _ *testservers.KeyService, url func(string) string) {
		r := newRing(t, "sqlite:"+filepath.Join(t.TempDir(), "keys.db"))
		api, worker := process(t, r, url("master")), process(t, r, url("master"))
		id := photo.NewID()
		sealed := encrypt(t, create(t, api, id), "a picture")
		if _, err := worker.Find(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		if err := api.Erase(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		if _, err := worker.Find(t.Context(), id); !errors.Is(err, vault.ErrMissing) {
			t.Errorf("after the erasure: %v", err)
		}
		create(t, api, id)
		c, err := worker.Find(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := decrypt(c, sealed, bound); err == nil {
			t.Error("the erased key is still used")
		}
	})
}

func TestAKeyServiceThatFailsOnceIsAskedAgain(t *testing.T) {
	onServices(t, func(t *testing.T, s *testservers.KeyService, url func(string) string) {
		r := process(t, newRing(t, "sqlite:"+filepath.Join(t.TempDir(), "keys.db")), url("master"))
		s.Fail(1)
		create(t, r, photo.NewID())
	})
}

func TestWhileAKeyServiceIsAwayNothingIsLost(t *testing.T) {
	onServices(t, func(t *testing.T, s *testservers.KeyService, url func(string) string) {
		r := newRing(t, "sqlite:"+filepath.Join(t.TempDir(), "keys.db"))
		api, worker := process(t, r, url("master")), process(t, r, url("master"))
		id := photo.NewID()
		sealed := encrypt(t, create(t, api, id), "a picture")
		s.Fail(-1)
		if _, err := worker.Find(t.Context(), id); err == nil || errors.Is(err, vault.ErrMissing) {
			t.Errorf("a key was found, or taken for erased: %v", err)
		}
		if _, err := api.Create(t.Context(), photo.NewID()); err == nil {
			t.Error("a key was made")
		}
		s.Fail(0)
		c, err := worker.Find(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if plain, err := decrypt(c, sealed, bound); err != nil || plain != "a picture" {
			t.Errorf("%q, %v", plain, err)
		}
	})
}

func TestAMasterKeyMovesToAKeyServiceAndBetweenThem(t *testing.T) {
	s := testservers.StartKeyService(t)
	steps := []string{"file://" + filepath.Join(t.TempDir(), "master.key"), s.AWS("one"), s.AWS("two"), s.Vault("three"), randomKey()}
	r := newRing(t, "sqlite:"+filepath.Join(t.TempDir(), "keys.db"))
	id := photo.NewID()
	sealed := encrypt(t, create(t, process(t, r, steps[0]), id), "a picture")
	for i := 1; i < len(steps); i++ {
		if _, err := process(t, r, steps[i], steps[i-1]).Rotate(t.Context(), func(int) {}); err != nil {
			t.Fatal(err)
		}
		c, err := process(t, r, steps[i]).Find(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if plain, err := decrypt(c, sealed, bound); err != nil || plain != "a picture" {
			t.Errorf("step %d: %q, %v", i, plain, err)
		}
	}
}

func TestARotationStopsWhenAKeyServiceIsAway(t *testing.T) {
	onServices(t, func(t *testing.T, s *testservers.KeyService, url func(string) string) {
		r := newRing(t, "sqlite:"+filepath.Join(t.TempDir(), "keys.db"))
		create(t, process(t, r, url("old")), photo.NewID())
		after := process(t, r, randomKey(), url("old"))
		s.Fail(-1)
		if _, err := after.Rotate(t.Context(), func(int) {}); err == nil {
			t.Error("it says that it is done")
		}
		s.Fail(0)
		if done, err := after.Rotate(t.Context(), func(int) {}); err != nil || done.Wrapped != 1 {
			t.Errorf("again: %+v, %v", done, err)
		}
	})
}

// Google's and Microsoft's services have no stand-in here: their URLs are opened
// and nothing is asked.
func TestURLsOfOtherKeyServicesAreUnderstood(t *testing.T) {
	credentials := filepath.Join(t.TempDir(), "credentials.json")
	user := `{"type": "authorized_user", "client_id": "a", "client_secret": "b", "refresh_token": "c"}`
	if err := os.WriteFile(credentials, []byte(user), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOOGLE_APPLICATION_CREDENTIALS", credentials)
	openMaster(t, "gcpkms://projects/p/locations/l/keyRings/r/cryptoKeys/k")
	openMaster(t, "azurekeyvault://name.vault.azure.net/keys/key/0123456789abcdef")
	if _, err := keyring.OpenMaster(t.Context(), "gcpkms://projects/p?region=x"); err == nil || !strings.Contains(err.Error(), "region") {
		t.Errorf("got %v", err)
	}
}
