package attest

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

func TestOnlyTheTextThatWasSignedIsVerified(t *testing.T) {
	s := NewSigner([32]byte{1}).Sign("it is deleted")
	if !s.Verified() {
		t.Error("a statement as it was signed is not verified")
	}
	for what, other := range map[string]Statement{
		"another text":      {Text: "it is deleted.", Signature: s.Signature, Key: s.Key},
		"another key":       {Text: s.Text, Signature: s.Signature, Key: NewSigner([32]byte{2}).Public()},
		"another signature": {Text: s.Text, Signature: NewSigner([32]byte{2}).Sign(s.Text).Signature, Key: s.Key},
		"nothing":           {},
	} {
		if other.Verified() {
			t.Errorf("%s is verified", what)
		}
	}
}

func TestAKeyIsNamedByItself(t *testing.T) {
	a, again, b := NewSigner([32]byte{1}).Public(), NewSigner([32]byte{1}).Public(), NewSigner([32]byte{2}).Public()
	if a.ID() != again.ID() || a.ID() == b.ID() || len(a.ID()) != 16 {
		t.Errorf("the keys are called %s, %s and %s", a.ID(), again.ID(), b.ID())
	}
}

func TestOpensslVerifiesAStatement(t *testing.T) {
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("no openssl")
	}
	dir, s := t.TempDir(), NewSigner([32]byte{1}).Sign("it is deleted")
	key, err := s.Key.PEM()
	if err != nil {
		t.Fatal(err)
	}
	verify := func(text string) error {
		for name, content := range map[string]string{"key": key, "statement": text, "signature": string(s.Signature)} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		c := exec.CommandContext(t.Context(), "openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "key", "-rawin", "-in", "statement", "-sigfile", "signature")
		c.Dir = dir
		return c.Run()
	}
	if err := verify(s.Text); err != nil {
		t.Errorf("as it was signed: %v", err)
	}
	if verify(s.Text+"!") == nil {
		t.Error("openssl verifies another text")
	}
}
