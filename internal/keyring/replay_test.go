package keyring_test

import (
	"bytes"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/keyring"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

func TestASealedKeyOpensWithItsIdempotencyKeyAlone(t *testing.T) {
	key := photo.NewKey()
	hash, sealed, err := keyring.SealKey("first idempotency key", key)
	if err != nil {
		t.Fatal(err)
	}
	if opened, err := keyring.OpenKey("first idempotency key", sealed); err != nil || opened.Reveal() != key.Reveal() {
		t.Errorf("the photo's key did not come back: %v", err)
	}
	if _, err := keyring.OpenKey("other idempotency key", sealed); err == nil {
		t.Error("another idempotency key opened it")
	}
	sameHash, otherSeal, err := keyring.SealKey("first idempotency key", key)
	if err != nil || sameHash != hash || bytes.Equal(otherSeal, sealed) {
		t.Errorf("the hash must repeat and the seal must not: %v", err)
	}
	otherHash, _, _ := keyring.SealKey("other idempotency key", key)
	if hash == otherHash {
		t.Error("two idempotency keys share a hash")
	}
}
