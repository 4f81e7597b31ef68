package vault_test

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/vault"
)

func (s safe) ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (s safe) reads(t *testing.T, item vault.Item, want string) {
	t.Helper()
	b, err := s.Read(t.Context(), item)
	if err != nil || string(b) != want {
		t.Errorf("read %q, %v; want %q", b, err, want)
	}
}

// lies says in which of the two places an item's blob is.
func (s safe) lies(t *testing.T, i vault.Item) (places []string) {
	t.Helper()
	for _, n := range []string{name(i), strings.Replace(name(i), "photos/", "held/", 1)} {
		found, err := s.blobs.Exists(t.Context(), n)
		s.ok(t, err)
		if found {
			places = append(places, n[:strings.Index(n, "/")])
		}
	}
	return places
}

func TestAHeldPhotoIsReadFromWhereNoRuleDeletes(t *testing.T) {
	onBoth(t, func(t *testing.T, s safe) {
		id := photo.NewID()
		original, analysis := vault.OriginalOf(id), vault.Of(vault.Analysis, photo.Claim{ID: id, Revision: 1, Attempt: 1})
		other := vault.OriginalOf(photo.NewID())
		s.put(t, original, "a face")
		s.put(t, analysis, "what was seen")
		s.put(t, other, "another face")
		for range 2 { // begun again, or nothing new
			s.ok(t, s.Hold(t.Context(), id))
		}
		for _, item := range []vault.Item{original, analysis} {
			if d := cmp.Diff([]string{"held"}, s.lies(t, item)); d != "" {
				t.Error(d)
			}
		}
		counted, err := s.Count(t.Context(), id)
		s.ok(t, err)
		if d := cmp.Diff(map[vault.Kind]int{vault.Original: 1, vault.Analysis: 1}, counted); d != "" {
			t.Errorf("a receipt would say: %s", d)
		}
		s.reads(t, original, "a face")
		s.reads(t, analysis, "what was seen")
		s.reads(t, other, "another face")

		s.ok(t, s.Release(t.Context(), id))
		if d := cmp.Diff([]string{"photos"}, s.lies(t, analysis)); d != "" {
			t.Error(d)
		}
		s.reads(t, original, "a face")
		s.reads(t, analysis, "what was seen")
	})
}

func TestErasureTakesBlobsFromBothPlaces(t *testing.T) {
	onBoth(t, func(t *testing.T, s safe) {
		id := photo.NewID()
		original, late := vault.OriginalOf(id), vault.Of(vault.Result, photo.Claim{ID: id, Revision: 1, Attempt: 2})
		s.put(t, original, "a face")
		s.ok(t, s.Hold(t.Context(), id))
		s.put(t, late, "a photo") // as a move that broke off leaves it
		s.ok(t, s.EraseBlobs(t.Context(), id))
		if left := append(s.lies(t, original), s.lies(t, late)...); len(left) > 0 {
			t.Errorf("left in %v", left)
		}
	})
}

func TestAPhotoIsWholeWithItsKeyAndAllThatItsRecordSpeaksOf(t *testing.T) {
	onBoth(t, func(t *testing.T, s safe) {
		id := photo.NewID()
		made := photo.Claim{ID: id, Revision: 1, Attempt: 1}
		queued := photo.Photo{ID: id, Status: photo.Queued, Revision: 1}
		ready := photo.Photo{ID: id, Status: photo.Ready, Revision: 1, ResultAttempt: 1}
		whole := func(p photo.Photo, want bool) {
			t.Helper()
			got, err := s.Whole(t.Context(), p)
			if err != nil || got != want {
				t.Errorf("%s: whole is %v, %v; want %v", p.Status, got, err, want)
			}
		}
		s.put(t, vault.OriginalOf(photo.NewID()), "another face")
		whole(queued, false)
		s.put(t, vault.OriginalOf(id), "a face")
		whole(queued, true)
		whole(ready, false)
		s.put(t, vault.Of(vault.Result, made), "a photo")
		s.put(t, vault.Of(vault.Report, made), "{}")
		whole(ready, true)
		s.ok(t, s.Hold(t.Context(), id))
		whole(ready, true)
		s.ok(t, s.EraseKey(t.Context(), id))
		whole(ready, false)
	})
}

func TestAWalkComesToEveryPhotoThatHasBlobs(t *testing.T) {
	onBoth(t, func(t *testing.T, s safe) {
		var want []photo.ID
		for i := range 7 {
			id := photo.NewID()
			want = append(want, id)
			s.put(t, vault.OriginalOf(id), "a face")
			if i < 2 {
				s.ok(t, s.Hold(t.Context(), id))
			}
		}
		w, err := s.blobs.Create(t.Context(), "photos/not-ours/x")
		s.ok(t, err)
		s.ok(t, w.Close())

		walk := s.Walk()
		var got []photo.ID
		for {
			ids, err := walk.Next(t.Context(), 3)
			got = append(got, ids...)
			if errors.Is(err, io.EOF) {
				break
			}
			s.ok(t, err)
			if len(ids) > 3 {
				t.Errorf("%d at a time", len(ids))
			}
		}
		s.ok(t, walk.Close())
		slices.Sort(got)
		slices.Sort(want)
		if d := cmp.Diff(want, slices.Compact(got)); d != "" {
			t.Error(d)
		}
		stored, err := s.LastStored(t.Context(), want[0])
		if err != nil || time.Since(stored).Abs() > time.Minute {
			t.Errorf("last stored %s, %v", stored, err)
		}
		if never, err := s.LastStored(t.Context(), photo.NewID()); err != nil || !never.IsZero() {
			t.Errorf("%s, %v", never, err)
		}
	})
}

func TestAPhotoCanBeReadWhileItsBlobsAreMoved(t *testing.T) {
	onBoth(t, func(t *testing.T, s safe) {
		original := vault.OriginalOf(photo.NewID())
		s.put(t, original, "a face")
		for range 30 {
			moved := make(chan error, 1)
			go func() {
				moved <- errors.Join(s.Hold(t.Context(), original.Photo), s.Release(t.Context(), original.Photo))
			}()
			for done := false; !done; {
				s.reads(t, original, "a face")
				select {
				case err := <-moved:
					s.ok(t, err)
					done = true
				default:
				}
			}
		}
	})
}
