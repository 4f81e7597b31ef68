package subjectrequest

import (
	"crypto/hmac"
	"crypto/sha256"
	"strconv"

	"github.com/passportphotogenie/passportphotogenie/internal/email"
)

// Requester tells for one calendar year whether a person has asked before, after
// their address is forgotten: a hash of address and year that only the holder of a
// key can make. The zero Requester is nobody.
type Requester [sha256.Size]byte

// NewRequester returns the requester that an address is in a year. The key is
// secret, has at least 128 random bits and serves nothing else.
func NewRequester(key []byte, a email.Address, year int) Requester {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("shine-the-light\x00" + strconv.Itoa(year) + "\x00" + a.Reveal()))
	return Requester(mac.Sum(nil))
}
