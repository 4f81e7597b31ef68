package keyring_test

import (
	"bytes"
	"errors"
	"io"
	"path/filepath"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

func TestAStreamThatIsNotWhatWasWrittenIsRefused(t *testing.T) {
	r := newRing(t, "sqlite:"+filepath.Join(t.TempDir(), "keys.db"))
	c := create(t, r, photo.NewID())
	sealed := encrypt(t, c, "a picture")
	flipped := bytes.Clone(sealed)
	flipped[len(flipped)-1] ^= 1
	tests := map[string]struct {
		sealed []byte
		bound  string
	}{
		"changed":          {flipped, bound},
		"cut":              {sealed[:len(sealed)-1], bound},
		"empty":            {nil, bound},
		"bound to another": {sealed, bound + "!"},
	}
	for name, test := range tests {
		if plain, err := decrypt(c, test.sealed, test.bound); err == nil || errors.Is(err, io.EOF) || plain != "" {
			t.Errorf("%s: %q, %v", name, plain, err)
		}
	}
	again, err := c.Decrypt(bytes.NewReader(flipped), []byte(bound))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // a reader that failed does not pretend to have ended
		if _, err := again.Read(make([]byte, 10)); err == nil || err == io.EOF {
			t.Errorf("read: %v", err)
		}
	}
}
