package vault_test

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/vault"
)

func TestAChangedBlobIsRefused(t *testing.T) {
	long := strings.Repeat("a face ", 40000) // five encrypted chunks
	const chunk = 64 << 10
	changes := map[string]func(b []byte) []byte{
		"first byte":        func(b []byte) []byte { b[0] ^= 1; return b },
		"a byte inside":     func(b []byte) []byte { b[len(b)/2] ^= 1; return b },
		"last byte":         func(b []byte) []byte { b[len(b)-1] ^= 1; return b },
		"cut by a byte":     func(b []byte) []byte { return b[:len(b)-1] },
		"cut after a chunk": func(b []byte) []byte { return b[:chunk] },
		"a chunk left out":  func(b []byte) []byte { return append(b[:chunk], b[2*chunk:]...) },
		"a chunk repeated":  func(b []byte) []byte { return append(bytes.Clone(b[:2*chunk]), b[chunk:]...) },
		"chunks reordered": func(b []byte) []byte {
			return slices.Concat(b[:chunk], b[2*chunk:3*chunk], b[chunk:2*chunk], b[3*chunk:])
		},
		"cut to nothing":     func([]byte) []byte { return nil },
		"something appended": func(b []byte) []byte { return append(b, 0) },
	}
	onBoth(t, func(t *testing.T, s safe) {
		for what, change := range changes {
			item := vault.OriginalOf(photo.NewID())
			s.put(t, item, long)
			s.replace(t, item, change(s.stored(t, item)))
			if _, err := s.Read(t.Context(), item); err == nil {
				t.Errorf("%s: accepted", what)
			}
			// What was given out before the fault was found is true.
			if r, err := s.Open(t.Context(), item); err == nil {
				b, _ := io.ReadAll(r)
				_ = r.Close()
				if !strings.HasPrefix(long, string(b)) {
					t.Errorf("%s: false bytes were given out", what)
				}
			}
		}
	})
}

func TestABlobInAnothersPlaceIsRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, s safe) {
		id := photo.NewID()
		item := vault.Item{Photo: id, Kind: vault.Result, Revision: 1, Attempt: 1}
		places := map[string]vault.Item{
			"another kind":     {Photo: id, Kind: vault.Report, Revision: 1, Attempt: 1},
			"another revision": {Photo: id, Kind: vault.Result, Revision: 2, Attempt: 1},
			"another photo":    {Photo: photo.NewID(), Kind: vault.Result, Revision: 1, Attempt: 1},
			"an analysis":      {Photo: id, Kind: vault.Analysis, Revision: 1, Attempt: 1},
			"another's report": {Photo: photo.NewID(), Kind: vault.Report, Revision: 2, Attempt: 1},
		}
		s.put(t, vault.OriginalOf(id), "a face")
		s.put(t, item, "a face")
		for what, place := range places {
			s.put(t, vault.OriginalOf(place.Photo), "another face")
			s.put(t, place, "another face")
			s.replace(t, place, s.stored(t, item))
			if _, err := s.Read(t.Context(), place); err == nil {
				t.Errorf("%s: accepted", what)
			}
		}
		if b, err := s.Read(t.Context(), item); err != nil || string(b) != "a face" {
			t.Errorf("in its own place: %q, %v", b, err)
		}
	})
}

func TestWithoutItsOwnKeyABlobIsRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, s safe) {
		item := vault.OriginalOf(photo.NewID())
		s.put(t, item, "a face")
		sealed := s.stored(t, item)
		if err := s.EraseKey(t.Context(), item.Photo); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Read(t.Context(), item); !errors.Is(err, vault.ErrMissing) {
			t.Errorf("its key deleted: %v", err)
		}
		s.put(t, item, "another face") // which gives the photo a new key
		s.replace(t, item, sealed)
		if b, err := s.Read(t.Context(), item); err == nil || errors.Is(err, vault.ErrMissing) || len(b) > 0 {
			t.Errorf("its key replaced: %q, %v", b, err)
		}
	})
}
