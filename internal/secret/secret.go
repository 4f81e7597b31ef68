// Package secret makes what nobody can guess: names, which open nothing and may
// be seen, and keys, which open one thing each. A key is shown once, to whoever
// the thing belongs to, and only its hash is kept.
package secret

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"regexp"
)

// Key opens one thing. It prints as a placeholder so that it cannot slip into a
// log or an error.
type Key string

// Hash is the SHA-256 of a Key. The key has 256 random bits, so no salt or slow
// hash is needed.
type Hash [sha256.Size]byte

var lowerBase32 = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

var namePattern = regexp.MustCompile(`^[a-z2-7]{26}$`)

// NewName returns a fresh name of 128 random bits.
func NewName() string { return random(16) }

// NewKey returns a fresh key of 256 random bits.
func NewKey() Key { return Key(random(32)) }

func random(n int) string {
	b := make([]byte, n)
	rand.Read(b) // never fails: crypto/rand ends the program instead
	return lowerBase32.EncodeToString(b)
}

// IsName accepts only what NewName makes, so that a name from outside can be used
// as it is.
func IsName(s string) bool { return namePattern.MatchString(s) }

// Hash returns what is stored of the key.
func (k Key) Hash() Hash { return sha256.Sum256([]byte(k)) }

// Reveal returns the secret itself, for the one answer that hands it out.
func (k Key) Reveal() string { return string(k) }

// String hides the key.
func (Key) String() string { return "(key)" }

// GoString hides the key from %#v too.
func (Key) GoString() string { return "(key)" }

// Opens compares in constant time.
func (h Hash) Opens(k Key) bool {
	got := k.Hash()
	return subtle.ConstantTimeCompare(h[:], got[:]) == 1
}
