package keyring_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
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

// rotatesFor names the environment variable that makes this binary rotate the
// keys of a database. After the first batch it says so, and waits to be told to go
// on.
const rotatesFor = "KEYRING_ROTATES"

func TestARotationThatIsKilledLosesNoKey(t *testing.T) {
	if settings := strings.Fields(os.Getenv(rotatesFor)); len(settings) == 3 {
		k := keyring.New(openDatabase(t, settings[0]), openMaster(t, settings[1], settings[2]))
		wait := sync.OnceFunc(func() {
			fmt.Println("a batch is done")
			_, _ = os.Stdin.Read(make([]byte, 1))
		})
		if _, err := k.Rotate(t.Context(), func(int) { wait() }); err != nil {
			t.Error(err)
		}
		return
	}
	x := newRotation(t, newRing(t, "sqlite:"+filepath.Join(t.TempDir(), "keys.db")), 900)
	for n := 900; n > 300; {
		rotateAndKill(t, x)
		now := left(t, x.after)
		if now >= n {
			t.Fatalf("%d keys are left, %d were before", now, n)
		}
		n = now
		x.opens(t, x.after)
	}
	x.rotate(t)
	x.opens(t, keyring.New(x.db, openMaster(t, x.present)))
}

// rotateAndKill kills a rotation, in whatever it does after its first batch.
func rotateAndKill(t *testing.T, x rotation) {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	child.Env = append(os.Environ(), rotatesFor+"="+strings.Join([]string{x.url, x.present, x.former}, " "))
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	in, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	if said, err := bufio.NewReader(out).ReadString('\n'); err != nil || said != "a batch is done\n" {
		t.Fatalf("%q, %v", said, err)
	}
	if _, err := in.Write([]byte{1}); err != nil {
		t.Fatal(err)
	}
	_ = child.Process.Kill() // it may have ended
	_ = child.Wait()
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

func TestAfterARotationNoFileHoldsAKeyUnderTheFormerMasterKey(t *testing.T) {
	onBoth(t, func(t *testing.T, r ring) {
		x, files := newRotation(t, r, 120), tableFiles(t, r)
		before := map[photo.ID][]byte{}
		for id := range x.sealed {
			before[id] = wrappedKey(t, r, id)
		}
		if n := len(files.hold(t, before)); n != 120 {
			t.Fatalf("%d of 120 keys are found while they are there: this test can't see", n)
		}
		x.rotate(t)
		if n := len(files.hold(t, before)); n != 0 {
			t.Errorf("%d former keys are still in the files", n)
		}
	})
}

func TestErasedKeysAreInNoTableFileOnceItIsScrubbed(t *testing.T) {
	onBoth(t, func(t *testing.T, r ring) {
		files, keys := tableFiles(t, r), map[photo.ID][]byte{}
		for range 200 {
			id := photo.NewID()
			create(t, r, id)
			keys[id] = wrappedKey(t, r, id)
		}
		if n := len(files.hold(t, keys)); n != 200 {
			t.Fatalf("%d of 200 keys are found while they are there: this test can't see", n)
		}
		erased := 0
		for id := range keys {
			if erased++; erased > 150 {
				break
			}
			if err := r.Erase(t.Context(), id); err != nil {
				t.Fatal(err)
			}
		}
		if err := r.Scrub(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := len(files.hold(t, keys)); n != 50 {
			t.Errorf("%d keys are in the files, want the 50 that were not erased", n)
		}
	})
}

// TestAPlainVacuumLeavesErasedKeysInTheFile is why Scrub has the table written
// anew. When it fails, PostgreSQL has learnt better.
func TestAPlainVacuumLeavesErasedKeysInTheFile(t *testing.T) {
	onBoth(t, func(t *testing.T, r ring) {
		if r.files() != "" {
			t.Skip("SQLite overwrites what is deleted")
		}
		kept, erased := photo.NewID(), photo.NewID()
		create(t, r, kept)
		create(t, r, erased)
		key := map[photo.ID][]byte{erased: wrappedKey(t, r, erased)}
		if err := r.Erase(t.Context(), erased); err != nil {
			t.Fatal(err)
		}
		if _, err := r.db.ExecContext(t.Context(), "VACUUM photo_keys"); err != nil {
			t.Fatal(err)
		}
		if len(tableFiles(t, r).hold(t, key)) != 1 {
			t.Error("a plain VACUUM removes the bytes")
		}
	})
}

// databaseFiles are where a database keeps its tables.
type databaseFiles struct {
	ring
	dir string
}

// files is SQLite's file; empty for PostgreSQL.
func (r ring) files() string {
	path, sqlite := strings.CutPrefix(r.url, "sqlite:")
	if !sqlite {
		return ""
	}
	return path
}

func tableFiles(t *testing.T, r ring) databaseFiles {
	t.Helper()
	if file := r.files(); file != "" {
		return databaseFiles{r, filepath.Dir(file)}
	}
	var dir, database string
	err := r.db.QueryRowContext(t.Context(), `
		SELECT current_setting('data_directory'), oid FROM pg_database WHERE datname = current_database()`).Scan(&dir, &database)
	if err != nil {
		t.Fatal(err)
	}
	return databaseFiles{r, filepath.Join(dir, "base", database)}
}

// hold says which keys, or good parts of them, lie in any of the files.
func (f databaseFiles) hold(t *testing.T, keys map[photo.ID][]byte) map[photo.ID]bool {
	t.Helper()
	if f.files() == "" { // what is only in memory goes to the disk, and old files go
		if _, err := f.db.ExecContext(t.Context(), "CHECKPOINT"); err != nil {
			t.Fatal(err)
		}
	}
	in := map[photo.ID]bool{}
	err := filepath.WalkDir(f.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		for id, w := range keys {
			if bytes.Contains(content, w[:len(w)/2]) || bytes.Contains(content, w[len(w)/2:]) {
				in[id] = true
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return in
}
