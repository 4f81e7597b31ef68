package keyring_test

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/keyring"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/sqldb"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
	"github.com/passportphotogenie/passportphotogenie/internal/vault"
)

const bound = "what the stream belongs to"

// ring is a keyring under test, its database and its master key.
type ring struct {
	*keyring.Keyring
	db  *sqldb.DB
	url string
}

// onBoth runs the test on an empty keyring in each kind of database.
func onBoth(t *testing.T, test func(t *testing.T, r ring)) {
	t.Run("sqlite", func(t *testing.T) { test(t, newRing(t, "sqlite:"+filepath.Join(t.TempDir(), "keys.db"))) })
	t.Run("postgres", func(t *testing.T) { test(t, newRing(t, testservers.Postgres(t))) })
}

func newRing(t *testing.T, url string) ring {
	t.Helper()
	db := openDatabase(t, url)
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return ring{keyring.New(db, randomMaster(t)), db, url}
}

func openDatabase(t *testing.T, url string) *sqldb.DB {
	t.Helper()
	db, err := keyring.OpenDatabase(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func randomMaster(t *testing.T) *keyring.Master {
	t.Helper()
	return openMaster(t, randomKey())
}

// randomKey is the URL of a new master key.
func randomKey() string {
	key := make([]byte, 32)
	rand.Read(key)
	return "base64key://" + base64.URLEncoding.EncodeToString(key)
}

func openMaster(t *testing.T, url string, old ...string) *keyring.Master {
	t.Helper()
	m, err := keyring.OpenMaster(t.Context(), url, old...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.Close() })
	return m
}

func encrypt(t *testing.T, c vault.Cipher, plain string) []byte {
	t.Helper()
	var sealed bytes.Buffer
	w, err := c.Encrypt(&sealed, []byte(bound))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, plain); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return sealed.Bytes()
}

func decrypt(c vault.Cipher, sealed []byte, bound string) (string, error) {
	r, err := c.Decrypt(bytes.NewReader(sealed), []byte(bound))
	if err != nil {
		return "", err
	}
	plain, err := io.ReadAll(r)
	return string(plain), err
}

func create(t *testing.T, r ring, id photo.ID) vault.Cipher {
	t.Helper()
	c, err := r.Create(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestAPhotosKeyIsFoundAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, r ring) {
		id := photo.NewID()
		sealed := encrypt(t, create(t, r, id), "a picture")
		found, err := r.Find(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]vault.Cipher{"found": found, "created again": create(t, r, id)} {
			if plain, err := decrypt(c, sealed, bound); err != nil || plain != "a picture" {
				t.Errorf("%s: %q, %v", name, plain, err)
			}
		}
	})
}

func TestThoseWhoCreateAtOnceGetTheSameKey(t *testing.T) {
	onBoth(t, func(t *testing.T, r ring) {
		id := photo.NewID()
		ciphers := make([]vault.Cipher, 8)
		var creators sync.WaitGroup
		for i := range ciphers {
			creators.Go(func() {
				c, err := r.Create(t.Context(), id)
				if err != nil {
					t.Error(err)
				}
				ciphers[i] = c
			})
		}
		creators.Wait()
		sealed := encrypt(t, ciphers[0], "a picture")
		for _, c := range ciphers {
			if _, err := decrypt(c, sealed, bound); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestOnePhotosKeyOpensNothingOfAnothers(t *testing.T) {
	onBoth(t, func(t *testing.T, r ring) {
		sealed := encrypt(t, create(t, r, photo.NewID()), "a picture")
		if _, err := decrypt(create(t, r, photo.NewID()), sealed, bound); err == nil {
			t.Error("it was opened")
		}
	})
}

func TestAnErasedKeyIsMissing(t *testing.T) {
	onBoth(t, func(t *testing.T, r ring) {
		erased, other := photo.NewID(), photo.NewID()
		create(t, r, erased)
		create(t, r, other)
		for range 2 {
			if err := r.Erase(t.Context(), erased); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := r.Find(t.Context(), erased); !errors.Is(err, vault.ErrMissing) {
			t.Errorf("got %v", err)
		}
		if _, err := r.Find(t.Context(), other); err != nil {
			t.Error(err)
		}
	})
}

func TestAnErasedKeyIsNotInTheFilesEither(t *testing.T) {
	dir := t.TempDir()
	r := newRing(t, "sqlite:"+filepath.Join(dir, "keys.db"))
	openDatabase(t, r.url) // another process that has the file open
	ids := make([]photo.ID, 200)
	wrapped := map[photo.ID][]byte{}
	for i := range ids {
		ids[i] = photo.NewID()
		create(t, r, ids[i])
		wrapped[ids[i]] = wrappedKey(t, r, ids[i])
	}
	if len(found(t, dir, wrapped)) != len(ids) {
		t.Fatal("keys are not found while they are there: this test can't see")
	}
	for _, id := range ids[:150] {
		if err := r.Erase(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		if found(t, dir, map[photo.ID][]byte{id: wrapped[id]})[id] {
			t.Fatal("an erased key is still in the files")
		}
	}
	if n := len(found(t, dir, wrapped)); n != 50 {
		t.Errorf("%d keys are in the files, want the 50 that were not erased", n)
	}
}

func wrappedKey(t *testing.T, r ring, id photo.ID) (wrapped []byte) {
	t.Helper()
	err := r.db.QueryRowContext(t.Context(), "SELECT wrapped FROM photo_keys WHERE photo_id = $1", id).Scan(&wrapped)
	if err != nil {
		t.Fatal(err)
	}
	return wrapped
}

// found says which wrapped keys, or good parts of them, are in any file.
func found(t *testing.T, dir string, wrapped map[photo.ID][]byte) map[photo.ID]bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	in := map[photo.ID]bool{}
	for _, f := range files {
		content, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for id, w := range wrapped {
			if bytes.Contains(content, w[:len(w)/2]) || bytes.Contains(content, w[len(w)/2:]) {
				in[id] = true
			}
		}
	}
	return in
}

func TestKeysWhoseRowsAreSwappedAreRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, r ring) {
		mine, theirs := photo.NewID(), photo.NewID()
		create(t, r, mine)
		create(t, r, theirs)
		a, b := wrappedKey(t, r, mine), wrappedKey(t, r, theirs)
		setWrapped(t, r, theirs, a)
		setWrapped(t, r, mine, b)
		for _, id := range []photo.ID{mine, theirs} {
			if _, err := r.Find(t.Context(), id); err == nil || !strings.Contains(err.Error(), "belongs to another photo") {
				t.Errorf("got %v", err)
			}
		}
	})
}

func TestAKeyThatWasChangedIsRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, r ring) {
		id := photo.NewID()
		create(t, r, id)
		good := wrappedKey(t, r, id)
		flipped := bytes.Clone(good)
		flipped[len(flipped)/2] ^= 1
		for name, w := range map[string][]byte{"flipped": flipped, "cut": good[:len(good)-1], "empty": {}, "noise": bytes.Repeat([]byte{7}, 200)} {
			setWrapped(t, r, id, w)
			if _, err := r.Find(t.Context(), id); err == nil || !strings.Contains(err.Error(), "was it changed") {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func setWrapped(t *testing.T, r ring, id photo.ID, w []byte) {
	t.Helper()
	if _, err := r.db.ExecContext(t.Context(), "UPDATE photo_keys SET wrapped = $1 WHERE photo_id = $2", w, id); err != nil {
		t.Fatal(err)
	}
}

func TestAnotherMasterKeyOpensNoKey(t *testing.T) {
	onBoth(t, func(t *testing.T, r ring) {
		id := photo.NewID()
		create(t, r, id)
		_, err := keyring.New(r.db, randomMaster(t)).Find(t.Context(), id)
		if err == nil || errors.Is(err, vault.ErrMissing) {
			t.Errorf("got %v", err)
		}
	})
}
