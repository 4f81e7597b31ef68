package operator

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// hash is an Argon2id hash of a password, written as a PHC string:
// $argon2id$v=19$m=19456,t=2,p=1$SALT$SUM.
type hash struct {
	work work
	salt []byte
	sum  []byte
}

// work is what one hash costs.
type work struct {
	memory  uint32 // KiB
	rounds  uint32
	threads uint8
}

// today is the least that OWASP asks for, some 20 ms: whoever guesses takes as much
// from those who wait behind. Entries of one list cost the same, so another figure
// here would ask for all entries to be made anew.
var today = work{19 << 10, 2, 1}

const (
	saltBytes = 16
	sumBytes  = 32
)

func newHash(password string) hash {
	h := noHash(today)
	h.sum = h.of(password)
	return h
}

// noHash is of no password.
func noHash(w work) hash {
	h := hash{w, make([]byte, saltBytes), make([]byte, sumBytes)}
	rand.Read(h.salt) // never fails: crypto/rand ends the program instead
	rand.Read(h.sum)
	return h
}

func (h hash) of(password string) []byte {
	return argon2.IDKey([]byte(password), h.salt, h.work.rounds, h.work.memory, h.work.threads, sumBytes)
}

// opens compares in constant time.
func (h hash) opens(password string) bool {
	return subtle.ConstantTimeCompare(h.sum, h.of(password)) == 1
}

// String writes the hash as parseHash reads it.
func (h hash) String() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		h.work.memory, h.work.rounds, h.work.threads, phc.EncodeToString(h.salt), phc.EncodeToString(h.sum))
}

var phc = base64.RawStdEncoding.Strict()

// Errors of a hash, which complete the sentence "entry 2 ...".
var (
	errHash = errors.New("has no Argon2id hash: make it with bin/api hash-password")
	errWork = errors.New("has a hash that is too cheap or too costly: make it with bin/api hash-password")
)

func parseHash(s string) (hash, error) {
	var h hash
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return hash{}, errHash
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &h.work.memory, &h.work.rounds, &h.work.threads); err != nil {
		return hash{}, errHash
	}
	var errSalt, errSum error
	h.salt, errSalt = phc.DecodeString(parts[4])
	h.sum, errSum = phc.DecodeString(parts[5])
	if errors.Join(errSalt, errSum) != nil || len(h.salt) != saltBytes || len(h.sum) != sumBytes || h.String() != s {
		return hash{}, errHash
	}
	if w := h.work; w.memory < today.memory || w.memory > 256<<10 || w.rounds < 1 || w.rounds > 10 || w.threads < 1 || w.threads > 4 {
		return hash{}, errWork
	}
	return h, nil
}
