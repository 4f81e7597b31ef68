package preview

import (
	"crypto/ecdh"
	"crypto/hpke"
	"encoding/json"
	"fmt"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// The cipher suite of RFC 9180 that both sides use.
func kem() hpke.KEM   { return hpke.DHKEM(ecdh.X25519()) }
func kdf() hpke.KDF   { return hpke.HKDFSHA256() }
func aead() hpke.AEAD { return hpke.AES256GCM() }

// box opens what was sealed for it. It lives as long as one preview.
type box struct {
	key hpke.PrivateKey
	id  photo.PreviewID
}

func newBox(id photo.PreviewID) (box, error) {
	key, err := kem().GenerateKey()
	return box{key, id}, err
}

// slot is what others seal for the box with.
func (b box) slot() []byte { return b.key.PublicKey().Bytes() }

// open reads a message that was sealed for this box and this preview.
func (b box) open(sealed []byte, into any) error {
	plain, err := hpke.Open(b.key, kdf(), aead(), []byte(b.id), sealed)
	if err != nil {
		return fmt.Errorf("open a message: %w", err)
	}
	if err := json.Unmarshal(plain, into); err != nil {
		return fmt.Errorf("read a message: %w", err)
	}
	return nil
}

// seal writes a message for the box with the slot.
func seal(slot []byte, id photo.PreviewID, message any) ([]byte, error) {
	key, err := kem().NewPublicKey(slot)
	if err != nil {
		return nil, fmt.Errorf("seal a message: %w", err)
	}
	plain, err := json.Marshal(message)
	if err != nil {
		return nil, fmt.Errorf("seal a message: %w", err)
	}
	return hpke.Seal(key, kdf(), aead(), []byte(id), plain)
}
