package blobstore_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gocloud.dev/blob"
	_ "gocloud.dev/blob/s3blob"

	"github.com/passportphotogenie/passportphotogenie/internal/blobstore"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
	"github.com/passportphotogenie/passportphotogenie/internal/vault"
)

// place is a store under test, and a look behind it.
type place struct {
	*blobstore.Store
	names func() []string // of all that lies there, whoever wrote it
}

// onBoth runs the test on an empty store of each kind.
func onBoth(t *testing.T, test func(t *testing.T, p place)) {
	t.Run("file", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "new")
		test(t, place{open(t, "file://"+dir), func() []string { return paths(t, dir) }})
	})
	t.Run("s3", func(t *testing.T) {
		url := testservers.S3(t)
		test(t, place{open(t, url), func() []string { return objects(t, url) }})
	})
}

func open(t *testing.T, url string) *blobstore.Store {
	t.Helper()
	s, err := blobstore.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// paths lists files, finished or not.
func paths(t *testing.T, dir string) (names []string) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func objects(t *testing.T, url string) (names []string) {
	t.Helper()
	b, err := blob.OpenBucket(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = b.Close() }()
	for list := b.List(nil); ; {
		o, err := list.Next(t.Context())
		if errors.Is(err, io.EOF) {
			return names
		}
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, o.Key)
	}
}

func (p place) write(t *testing.T, name string, r io.Reader) {
	t.Helper()
	w, err := p.Create(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(w, r); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

// noise gives the same n random bytes each time.
func noise(n int64) io.Reader { return io.LimitReader(rand.NewChaCha8([32]byte{1}), n) }

func TestALargeBlobComesBackAsItWas(t *testing.T) {
	onBoth(t, func(t *testing.T, p place) {
		const size = 25 << 20
		p.write(t, "photos/a/original", noise(size))
		r, err := p.Open(t.Context(), "photos/a/original")
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		got, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		want, _ := io.ReadAll(noise(size))
		if !bytes.Equal(got, want) {
			t.Error("other bytes came back")
		}
	})
}

func TestAWriteThatIsCancelledLeavesNothing(t *testing.T) {
	// Less than, and more than, one part of an upload to S3.
	for _, written := range []int64{0, 1 << 10, 12 << 20} {
		t.Run(fmt.Sprint(written), func(t *testing.T) {
			onBoth(t, func(t *testing.T, p place) {
				ctx, cancel := context.WithCancel(t.Context())
				w, err := p.Create(ctx, "photos/a/original")
				if err != nil {
					t.Fatal(err)
				}
				if _, err := io.Copy(w, noise(written)); err != nil {
					t.Fatal(err)
				}
				cancel()
				if err := w.Close(); err == nil {
					t.Error("a cancelled write is reported as done")
				}
				if left := p.names(); len(left) > 0 {
					t.Errorf("left: %v", left)
				}
			})
		})
	}
}

func TestAMissingBlobIsMissing(t *testing.T) {
	onBoth(t, func(t *testing.T, p place) {
		if _, err := p.Open(t.Context(), "photos/a/original"); !errors.Is(err, vault.ErrMissing) {
			t.Errorf("got %v", err)
		}
	})
}

func TestDeletingTakesAllUnderThePrefixAndNothingElse(t *testing.T) {
	onBoth(t, func(t *testing.T, p place) {
		for _, name := range []string{"photos/a/r0-a0/original", "photos/a/r1-a1/result", "photos/ab/r0-a0/original", "photos/b/r0-a0/original"} {
			p.write(t, name, noise(10))
		}
		for range 2 { // the second time there is nothing to delete
			if err := p.DeleteAll(t.Context(), "photos/a/"); err != nil {
				t.Fatal(err)
			}
		}
		want := []string{"photos/ab/r0-a0/original", "photos/b/r0-a0/original"}
		if d := cmp.Diff(want, p.names()); d != "" {
			t.Error(d)
		}
	})
}

func TestDeletingGoesBeyondOnePageOfTheList(t *testing.T) {
	onBoth(t, func(t *testing.T, p place) {
		for i := range 1001 { // S3 lists at most 1000
			p.write(t, fmt.Sprintf("photos/a/%d", i), noise(1))
		}
		if err := p.DeleteAll(t.Context(), "photos/a/"); err != nil {
			t.Fatal(err)
		}
		if left := p.names(); len(left) > 0 {
			t.Errorf("%d left", len(left))
		}
	})
}

func TestAPrefixThatCouldMeanEverythingIsRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, p place) {
		p.write(t, "photos/a/original", noise(10))
		for _, prefix := range []string{"", "/", "./", "../", "photos/../", "photos/a", "photos//", "/photos/"} {
			if err := p.DeleteAll(t.Context(), prefix); err == nil {
				t.Errorf("%q was accepted", prefix)
			}
		}
		if !slices.Contains(p.names(), "photos/a/original") {
			t.Error("the blob is gone")
		}
	})
}

func TestNothingRemainsInTheDirectoryOfAnErasedPhoto(t *testing.T) {
	dir := t.TempDir()
	s := open(t, "file://"+dir)
	// As a process that was killed would leave it: never closed.
	w, err := s.Create(t.Context(), "photos/a/original")
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if _, err := io.Copy(w, noise(100)); err != nil {
		t.Fatal(err)
	}
	if len(paths(t, dir)) != 1 {
		t.Fatal("the unfinished blob lies somewhere else")
	}
	if err := s.DeleteAll(t.Context(), "photos/a/"); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "photos", "a")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the photo's directory: %v", err)
	}
}

func TestAStoreThatIsGoneIsNotReadyAndHidesNoBlob(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "blobs")
	_, parameters, _ := strings.Cut(testservers.S3(t), "?")
	gone := map[string]*blobstore.Store{
		"file": open(t, "file://"+dir),
		"s3":   open(t, "s3://no-such-bucket?"+parameters),
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	for kind, s := range gone {
		if err := s.Ready(t.Context()); err == nil {
			t.Errorf("%s: called ready", kind)
		}
		if _, err := s.Open(t.Context(), "photos/a/original"); err == nil || errors.Is(err, vault.ErrMissing) {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

func TestAStoreThatIsThereIsReady(t *testing.T) {
	onBoth(t, func(t *testing.T, p place) {
		if err := p.Ready(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestOnlyDirectoriesAndBucketsAreOpened(t *testing.T) {
	for _, url := range []string{"", "file://relative/dir", "file:///tmp?metadata=x", "mem://", "/tmp", "s3://b?nonsense=1"} {
		if _, err := blobstore.Open(t.Context(), url); err == nil {
			t.Errorf("%q was opened", url)
		}
	}
}

func TestTheDirectoryIsTheOwnersAlone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	p := place{Store: open(t, "file://"+dir)}
	p.write(t, "photos/a/original", noise(10))
	for _, d := range []string{dir, filepath.Join(dir, "photos", "a")} {
		info, err := os.Stat(d)
		if err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("%s: %v, %v", d, info.Mode(), err)
		}
	}
}

func TestAMarkIsWrittenOnceBesideTheBlobs(t *testing.T) {
	onBoth(t, func(t *testing.T, p place) {
		m := p.Mark()
		if id, err := m.ID(t.Context()); id != "" || err != nil {
			t.Errorf("a new store has %q, %v", id, err)
		}
		for _, id := range []string{"the-first", "the-second"} {
			if kept, err := m.Keep(t.Context(), id); kept != "the-first" || err != nil {
				t.Errorf("given %s it holds %q, %v", id, kept, err)
			}
		}
		for _, folder := range []string{vault.Shelf, vault.HeldShelf} {
			if used, err := m.Used(t.Context()); used || err != nil {
				t.Errorf("the mark is taken for a photo: %v", err)
			}
			p.write(t, folder+"one/blob", noise(10))
			if used, err := m.Used(t.Context()); !used || err != nil {
				t.Errorf("what lies in %s is not seen: %v", folder, err)
			}
			if err := p.DeleteAll(t.Context(), folder+"one/"); err != nil {
				t.Error(err)
			}
		}
		if id, err := m.ID(t.Context()); id != "the-first" || err != nil {
			t.Errorf("the mark is %q, %v", id, err)
		}
	})
}
