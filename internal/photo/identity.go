package photo

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"regexp"
)

// ID names a photo. It is random, says nothing about the person and opens
// nothing by itself, so it may stand in tasks and logs.
type ID string

// Key is the secret that opens one photo. It is shown once, to whoever uploaded;
// only its hash is kept. It prints as a placeholder so that it cannot slip into
// a log or an error.
type Key string

// KeyHash is the SHA-256 of a Key. The key has 256 random bits, so no salt or
// slow hash is needed.
type KeyHash [sha256.Size]byte

var lowerBase32 = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

var idPattern = regexp.MustCompile(`^[a-z2-7]{26}$`)

// NewID returns a fresh ID of 128 random bits.
func NewID() ID { return ID(random(16)) }

// NewKey returns a fresh key of 256 random bits.
func NewKey() Key { return Key(random(32)) }

func random(n int) string {
	b := make([]byte, n)
	rand.Read(b) // never fails: crypto/rand ends the program instead
	return lowerBase32.EncodeToString(b)
}

// ParseID accepts only what NewID makes, so that an ID from outside can be used
// in blob names and logs as it is.
func ParseID(s string) (ID, bool) { return ID(s), idPattern.MatchString(s) }

// Hash returns what is stored of the key.
func (k Key) Hash() KeyHash { return sha256.Sum256([]byte(k)) }

// Reveal returns the secret itself, for the one answer that hands it out.
func (k Key) Reveal() string { return string(k) }

// String hides the key.
func (Key) String() string { return "(photo key)" }

// GoString hides the key from %#v too.
func (Key) GoString() string { return "(photo key)" }

// Opens compares in constant time.
func (h KeyHash) Opens(k Key) bool {
	got := k.Hash()
	return subtle.ConstantTimeCompare(h[:], got[:]) == 1
}
