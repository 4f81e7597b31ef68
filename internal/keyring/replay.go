package keyring

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// An upload repeated with its idempotency key gets the photo's key again,
// although the photo's key is not stored: it is sealed under the idempotency
// key, which is not stored either. So both ends of the derivation are kept
// apart by their labels: the hash that finds the row tells nothing of the key
// that opens what is in it.
const (
	replayHash = "passportphotogenie/idempotency-hash/1\x00"
	replayKey  = "passportphotogenie/idempotency-seal/1"
)

// SealKey seals a photo's key for whoever shows the same idempotency key, which
// must have at least 128 random bits. hash finds the row again.
func SealKey(idempotencyKey string, key photo.Key) (hash [32]byte, sealed []byte, err error) {
	hash = hashReplay(idempotencyKey)
	aead, err := replayCipher(idempotencyKey)
	if err != nil {
		return hash, nil, fmt.Errorf("seal a photo's key: %w", err)
	}
	sealed = aead.Seal(nil, nil, []byte(key.Reveal()), hash[:]) // #nosec G407 -- it adds a random nonce itself
	return hash, sealed, nil
}

// OpenKey opens what SealKey sealed; another idempotency key gives an error.
func OpenKey(idempotencyKey string, sealed []byte) (photo.Key, error) {
	hash := hashReplay(idempotencyKey)
	aead, err := replayCipher(idempotencyKey)
	if err != nil {
		return "", fmt.Errorf("open a sealed photo's key: %w", err)
	}
	key, err := aead.Open(nil, nil, sealed, hash[:])
	if err != nil {
		return "", errors.New("open a sealed photo's key: it was sealed under another idempotency key, or changed")
	}
	return photo.Key(key), nil
}

func hashReplay(idempotencyKey string) [32]byte {
	return sha256.Sum256([]byte(replayHash + idempotencyKey))
}

func replayCipher(idempotencyKey string) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, []byte(idempotencyKey), nil, replayKey, 32)
	if err != nil {
		return nil, err
	}
	return randomNonceCipher(key)
}
