package apiclient

import (
	"encoding/base32"
	"encoding/binary"
	"hash/crc32"
	"regexp"
	"strings"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/secret"
)

// Prefix begins every key, so that whoever finds one in the wrong place, a person or a
// scanner of repositories, knows what it is.
const Prefix = "ppk_"

// KeyRecord is what is kept of a key.
type KeyRecord struct {
	Hash   secret.Hash
	Hint   string // its last characters, which open nothing
	Issued time.Time
	Ends   time.Time // when it opens nothing any more; zero while that is not decided
	Used   time.Time // the day in UTC on which it was used last; zero for never
}

// Valid reports whether the key opens anything now.
func (k KeyRecord) Valid(now time.Time) bool { return k.Ends.IsZero() || now.Before(k.Ends) }

// hintLength leaves well over 200 random bits unknown: the hint is of the checksum.
const hintLength = 4

var (
	keyPattern = regexp.MustCompile(`^ppk_[a-z2-7]{52}[a-z2-7]{7}$`)
	lower      = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)
)

// NewKey returns a fresh key and what is kept of it. The key holds 256 random bits and
// ends with a checksum.
func NewKey(now time.Time) (secret.Key, KeyRecord) {
	body := Prefix + secret.NewKey().Reveal()
	text := body + checksum(body)
	k := secret.Key(text)
	return k, KeyRecord{Hash: k.Hash(), Hint: text[len(text)-hintLength:], Issued: now}
}

// ParseKey reads what somebody sent as a key. False says that it was never one of ours,
// which is so for a key with a typing error in it, and takes no look at any register.
func ParseKey(s string) (secret.Key, bool) {
	s = strings.TrimSpace(s)
	if !keyPattern.MatchString(s) {
		return "", false
	}
	body, sum := s[:len(s)-checksumLength], s[len(s)-checksumLength:]
	return secret.Key(s), checksum(body) == sum
}

// checksumLength is that of 32 bits in base32.
const checksumLength = 7

func checksum(body string) string {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], crc32.ChecksumIEEE([]byte(body)))
	return lower.EncodeToString(b[:])
}
