package subjectrequest

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"net/mail"
	"strconv"
	"strings"
)

// Email is an address and nothing beside it, in small letters, so that one person's
// requests are found however they wrote it.
type Email string

// maxEmail is the longest address that mail can be sent to, in bytes (RFC 5321).
const maxEmail = 254

// ErrEmail says that something is no address.
var ErrEmail = errors.New("that is no e-mail address")

// ParseEmail reads an address; ErrEmail if it is none, or has a name, a comment or
// anything else around it.
func ParseEmail(s string) (Email, error) {
	s = strings.TrimSpace(s)
	parsed, err := mail.ParseAddress(s)
	if err != nil || parsed.Address != s || len(s) > maxEmail {
		return "", ErrEmail
	}
	return Email(strings.ToLower(s)), nil
}

// Requester tells for one calendar year whether a person has asked before, after
// their address is forgotten: a hash of address and year that only the holder of a
// key can make. The zero Requester is nobody.
type Requester [sha256.Size]byte

// NewRequester returns the requester that an address is in a year. The key is
// secret, has at least 128 random bits and serves nothing else.
func NewRequester(key []byte, e Email, year int) Requester {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("shine-the-light\x00" + strconv.Itoa(year) + "\x00" + string(e)))
	return Requester(mac.Sum(nil))
}
