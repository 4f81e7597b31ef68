package vault_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/vault"
)

func TestAfterItsKeyIsErasedNothingOfAPhotoOpens(t *testing.T) {
	onBoth(t, func(t *testing.T, s safe) {
		id := photo.NewID()
		items := []vault.Item{
			vault.OriginalOf(id),
			vault.Of(vault.Result, photo.Claim{ID: id, Revision: 1, Attempt: 1}),
			vault.Of(vault.Report, photo.Claim{ID: id, Revision: 1, Attempt: 1}),
			vault.Of(vault.Analysis, photo.Claim{ID: id, Revision: 1, Attempt: 1}),
		}
		for _, item := range items {
			s.put(t, item, "a face")
		}
		if err := s.EraseKey(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		for _, item := range items {
			if _, err := s.Open(t.Context(), item); !errors.Is(err, vault.ErrMissing) {
				t.Errorf("%s: %v", item.Kind, err)
			}
		}
		// A worker that was still at it does not bring the key back.
		if _, err := s.Put(t.Context(), items[1], strings.NewReader("a face")); !errors.Is(err, vault.ErrMissing) {
			t.Errorf("put after the erasure: %v", err)
		}
	})
}

func TestErasedBlobsAreGone(t *testing.T) {
	onBoth(t, func(t *testing.T, s safe) {
		mine, theirs := vault.OriginalOf(photo.NewID()), vault.OriginalOf(photo.NewID())
		s.put(t, mine, "a face")
		s.put(t, theirs, "another face")
		for range 2 {
			if err := s.EraseBlobs(t.Context(), mine.Photo); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.blobs.Open(t.Context(), name(mine)); !errors.Is(err, vault.ErrMissing) {
			t.Errorf("got %v", err)
		}
		if _, err := s.Read(t.Context(), theirs); err != nil {
			t.Error(err)
		}
	})
}

func TestAnEditsDiscardLeavesTheAnalysisAndAWholeDiscardDoesNot(t *testing.T) {
	onBoth(t, func(t *testing.T, s safe) {
		c := photo.Claim{ID: photo.NewID(), Revision: 1, Attempt: 1}
		s.put(t, vault.OriginalOf(c.ID), "a face")
		s.put(t, vault.Of(vault.Result, c), "a result")
		s.put(t, vault.Of(vault.Analysis, c), "what was seen")
		if err := s.DiscardResult(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Open(t.Context(), vault.Of(vault.Result, c)); !errors.Is(err, vault.ErrMissing) {
			t.Errorf("the result: %v", err)
		}
		if b, err := s.Read(t.Context(), vault.Of(vault.Analysis, c)); err != nil || string(b) != "what was seen" {
			t.Errorf("the analysis: %q, %v", b, err)
		}
		if err := s.Discard(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Open(t.Context(), vault.Of(vault.Analysis, c)); !errors.Is(err, vault.ErrMissing) {
			t.Errorf("the analysis after a whole discard: %v", err)
		}
	})
}

func TestDiscardingAClaimLeavesTheOthersBlobs(t *testing.T) {
	onBoth(t, func(t *testing.T, s safe) {
		id := photo.NewID()
		lost := photo.Claim{ID: id, Revision: 1, Attempt: 1}
		current := photo.Claim{ID: id, Revision: 1, Attempt: 11} // its name begins alike
		s.put(t, vault.OriginalOf(id), "a face")
		s.put(t, vault.Of(vault.Result, lost), "a result")
		s.put(t, vault.Of(vault.Result, current), "a result")
		if err := s.Discard(t.Context(), lost); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Open(t.Context(), vault.Of(vault.Result, lost)); !errors.Is(err, vault.ErrMissing) {
			t.Errorf("got %v", err)
		}
		for _, item := range []vault.Item{vault.OriginalOf(id), vault.Of(vault.Result, current)} {
			if _, err := s.Read(t.Context(), item); err != nil {
				t.Error(err)
			}
		}
		if err := s.Discard(t.Context(), photo.Claim{ID: id}); err == nil {
			t.Error("a claim without an attempt would have discarded the original")
		}
	})
}
