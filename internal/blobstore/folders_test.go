package blobstore_test

import (
	"bytes"
	"io"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/passportphotogenie/passportphotogenie/internal/blobstore"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
)

func TestMovingBringsAFolderWholeAndNothingElse(t *testing.T) {
	onBoth(t, func(t *testing.T, p place) {
		for _, name := range []string{"photos/a/r0-a0/original", "photos/a/r1-a1/result", "photos/ab/r0-a0/original"} {
			p.write(t, name, noise(10))
		}
		p.write(t, "held/a/r0-a0/original", noise(5)) // half of a move that broke off
		for range 2 {
			if err := p.Move(t.Context(), "photos/a/", "held/a/"); err != nil {
				t.Fatal(err)
			}
		}
		want := []string{"held/a/r0-a0/original", "held/a/r1-a1/result", "photos/ab/r0-a0/original"}
		if d := cmp.Diff(want, p.names()); d != "" {
			t.Error(d)
		}
		r, err := p.Open(t.Context(), "held/a/r0-a0/original")
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if n, err := r.Read(make([]byte, 100)); n != 10 {
			t.Errorf("the moved blob has %d bytes, %v", n, err)
		}
	})
}

func TestAMovedBlobIsYoungAgainForTheBucketsRules(t *testing.T) {
	p := place{Store: open(t, testservers.S3(t))}
	p.write(t, "photos/a/original", noise(6<<20)) // more than one part of an upload
	before, err := p.Newest(t.Context(), "photos/a/")
	if err != nil {
		t.Fatal(err)
	}
	after := before
	for deadline := time.Now().Add(10 * time.Second); !after.After(before); { // S3 tells whole seconds
		if time.Now().After(deadline) {
			t.Fatal("the blob does not get younger")
		}
		for _, way := range [][2]string{{"photos/a/", "held/a/"}, {"held/a/", "photos/a/"}} {
			if err := p.Move(t.Context(), way[0], way[1]); err != nil {
				t.Fatal(err)
			}
		}
		if after, err = p.Newest(t.Context(), "photos/a/"); err != nil {
			t.Fatal(err)
		}
	}
	r, err := p.Open(t.Context(), "photos/a/original")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	same(t, r, noise(6<<20))
}

func TestThatABlobIsGoneIsKnownAndNotGuessed(t *testing.T) {
	onBoth(t, func(t *testing.T, p place) {
		p.write(t, "photos/a/original", noise(1))
		for name, want := range map[string]bool{"photos/a/original": true, "photos/b/original": false, "held/a/original": false} {
			if found, err := p.Exists(t.Context(), name); err != nil || found != want {
				t.Errorf("%s: %v, %v", name, found, err)
			}
		}
	})
	dir := t.TempDir() // an empty directory, such as a disk is mounted on
	s, err := blobstore.Open(t.Context(), "file://"+dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Exists(t.Context(), "photos/a/original"); err == nil {
		t.Error("a blob on a disk that is not mounted is called gone")
	}
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Exists(t.Context(), "photos/a/original"); err == nil {
		t.Error("a blob in a directory that is not there is called gone")
	}
}

func same(t *testing.T, got, want io.Reader) {
	t.Helper()
	a, errA := io.ReadAll(got)
	b, errB := io.ReadAll(want)
	if errA != nil || errB != nil || !bytes.Equal(a, b) {
		t.Errorf("other bytes came back: %d, not %d; %v, %v", len(a), len(b), errA, errB)
	}
}
