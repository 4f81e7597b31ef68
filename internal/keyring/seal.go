package keyring

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"fmt"
)

// wrapped is a secret as it lies in a row.
type wrapped struct {
	sealed []byte
	master string // the ID of the master key that wrapped it; empty if it is not known
}

// wrapUnder wraps by the present master key. The label stands before what is wrapped,
// so that it is refused where another belongs.
func (m *Master) wrapUnder(ctx context.Context, label, plain []byte) (wrapped, error) {
	by := m.current()
	sealed, err := by.encrypt(ctx, append(bytes.Clone(label), plain...))
	if err != nil {
		return wrapped{}, fmt.Errorf("wrap: %w", err)
	}
	return wrapped{sealed, by.id}, nil
}

// errElsewhere says that something was wrapped under another label.
var errElsewhere = errors.New("unwrap: it belongs elsewhere")

// unwrapUnder opens what was wrapped under the label by any of the master keys.
func (m *Master) unwrapUnder(ctx context.Context, label []byte, w wrapped) ([]byte, error) {
	var errs []error
	for _, by := range m.openers(w.master) {
		plain, err := by.decrypt(ctx, w.sealed)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		plain, own := bytes.CutPrefix(plain, label)
		if !own {
			return nil, errElsewhere
		}
		return plain, nil
	}
	return nil, fmt.Errorf("unwrap (was it changed, or wrapped under a master key that is not configured?): %w", errors.Join(errs...))
}

func sealLabel(about string) []byte {
	return fmt.Appendf(nil, "passportphotogenie/seal/1\x00%s\x00", about)
}

// Seal hides a small secret that lies elsewhere than in the keyring. It opens only as
// a secret about the same thing.
func (m *Master) Seal(ctx context.Context, about string, plain []byte) ([]byte, error) {
	w, err := m.wrapUnder(ctx, sealLabel(about), plain)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return append([]byte(w.master+"\x00"), w.sealed...), nil
}

// Open opens what Seal sealed.
func (m *Master) Open(ctx context.Context, about string, sealed []byte) ([]byte, error) {
	id, rest, ok := bytes.Cut(sealed, []byte{0})
	if !ok {
		return nil, errors.New("open: it was not sealed")
	}
	plain, err := m.unwrapUnder(ctx, sealLabel(about), wrapped{rest, string(id)})
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	return plain, nil
}

// Current reports whether the present master key sealed it.
func (m *Master) Current(sealed []byte) bool {
	return bytes.HasPrefix(sealed, []byte(m.current().id+"\x00"))
}

// SealDocument hides what is too large for Seal: under a key of its own, which is
// sealed. Both open only as what is about the same thing.
func (m *Master) SealDocument(ctx context.Context, about string, plain []byte) (key, sealed []byte, err error) {
	own := make([]byte, documentKeyBytes)
	_, _ = rand.Read(own) // never fails
	aead, err := randomNonceCipher(own)
	if err != nil {
		return nil, nil, fmt.Errorf("seal document: %w", err)
	}
	if key, err = m.Seal(ctx, about, own); err != nil {
		return nil, nil, err
	}
	return key, aead.Seal(nil, nil, plain, sealLabel(about)), nil // #nosec G407 -- it adds a random nonce itself
}

// OpenDocument opens what SealDocument sealed.
func (m *Master) OpenDocument(ctx context.Context, about string, key, sealed []byte) ([]byte, error) {
	own, err := m.Open(ctx, about, key)
	if err != nil {
		return nil, err
	}
	aead, err := randomNonceCipher(own)
	if err != nil {
		return nil, fmt.Errorf("open document: %w", err)
	}
	plain, err := aead.Open(nil, nil, sealed, sealLabel(about))
	if err != nil {
		return nil, errors.New("open document: it was changed, or belongs elsewhere")
	}
	return plain, nil
}

const documentKeyBytes = 32

// randomNonceCipher puts a random nonce before what it seals.
func randomNonceCipher(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}
