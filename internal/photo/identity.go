package photo

import "github.com/passportphotogenie/passportphotogenie/internal/secret"

// ID names a photo. It is random, says nothing about the person and opens
// nothing by itself, so it may stand in tasks.
type ID string

// Key is the secret that opens one photo. It is shown once, to whoever uploaded;
// only its hash is kept.
type Key = secret.Key

// KeyHash is what is kept of a Key.
type KeyHash = secret.Hash

// NewID returns a fresh ID of 128 random bits.
func NewID() ID { return ID(secret.NewName()) }

// NewKey returns a fresh key of 256 random bits.
func NewKey() Key { return secret.NewKey() }

// ParseID accepts only what NewID makes, so that an ID from outside can be used
// in blob names as it is.
func ParseID(s string) (ID, bool) { return ID(s), secret.IsName(s) }
