// Package attest signs what the service states about itself, such as that
// something was deleted, so that whoever has a statement can prove later who made
// it and that nobody changed it. A statement is a text, and what is signed are the
// bytes of that text as it is given out, with Ed25519: nothing has to be brought
// into a canonical form before it is verified.
//
// A key is named by its own hash. A new key signs from the day on which the service
// is started with it; the public halves of former keys stay published, and what
// they signed stays good.
package attest

import (
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"fmt"
)

// Statement is a text and its signature of 64 bytes. The zero Statement is
// unsigned.
type Statement struct {
	Text      string    `json:"text"`
	Signature []byte    `json:"signature"`
	Key       PublicKey `json:"key"` // the half that verifies it
}

// Verified reports whether the key signed exactly this text.
func (s Statement) Verified() bool {
	return len(s.Key) == ed25519.PublicKeySize && ed25519.Verify(ed25519.PublicKey(s.Key), []byte(s.Text), s.Signature)
}

// PublicKey is the half of a key that everybody may have, 32 bytes.
type PublicKey []byte

// KeyID names a key: the first 64 bits of its SHA-256, in hexadecimal.
type KeyID string

// ID names the key; the zero key has no name.
func (k PublicKey) ID() KeyID {
	if len(k) == 0 {
		return ""
	}
	sum := sha256.Sum256(k)
	return KeyID(hex.EncodeToString(sum[:8]))
}

// PEM is the key as openssl reads it. An error says that this is no Ed25519 key.
func (k PublicKey) PEM() (string, error) {
	if len(k) != ed25519.PublicKeySize {
		return "", fmt.Errorf("a public key has %d bytes, not %d", ed25519.PublicKeySize, len(k))
	}
	der, err := x509.MarshalPKIXPublicKey(ed25519.PublicKey(k))
	if err != nil {
		return "", fmt.Errorf("write a public key: %w", err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})), nil
}

// Signer holds the key that signs now.
type Signer struct{ key ed25519.PrivateKey }

// NewSigner returns a signer whose key is made of 32 secret random bytes.
func NewSigner(seed [ed25519.SeedSize]byte) *Signer {
	return &Signer{ed25519.NewKeyFromSeed(seed[:])}
}

// Sign signs a text.
func (s *Signer) Sign(text string) Statement {
	return Statement{Text: text, Signature: ed25519.Sign(s.key, []byte(text)), Key: s.Public()}
}

// Public is the half of the signer's key that verifies.
func (s *Signer) Public() PublicKey { return PublicKey(s.key.Public().(ed25519.PublicKey)) }
