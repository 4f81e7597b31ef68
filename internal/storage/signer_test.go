package storage_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/config"
	"github.com/passportphotogenie/passportphotogenie/internal/keyfile"
	"github.com/passportphotogenie/passportphotogenie/internal/storage"
)

func TestTheSigningKeyMayBeGivenItself(t *testing.T) {
	const given = "base64key://smGbjm71Nxd1Ig5FS0wj9SlbzAIrnolCz9bQQ6uAhl4="
	one, err := storage.Signer(config.Config{SigningKeyURL: given})
	ok(t, err)
	other, err := storage.Signer(config.Config{SigningKeyURL: given})
	ok(t, err)
	if !bytes.Equal(one.Public(), other.Public()) {
		t.Error("two processes with one key sign with two")
	}
	for _, wrong := range []string{"c2VjcmV0", "smGbjm71Nxd1Ig5FS0wj9SlbzAIrnolCz9bQQ6uAhl4=?x", "smGbjm71Nxd1Ig5FS0wj9SlbzAIrnolCz9bQQ6uAhl4/"} {
		_, err := storage.Signer(config.Config{SigningKeyURL: keyfile.Itself + wrong})
		if err == nil || !strings.Contains(err.Error(), "SIGNING_KEY_URL") || strings.Contains(err.Error(), wrong) {
			t.Errorf("%s: %v", wrong, err)
		}
	}
}
