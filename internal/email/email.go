// Package email has addresses that mail can be sent to. An address is read once, where
// it comes from outside, and is in one spelling from then on, so that what belongs to
// one mailbox is found together. It prints as a placeholder: nothing that is logged or
// wrapped into an error can give a person away.
package email

import (
	"crypto/sha256"
	"errors"
	"net/mail"
	"regexp"
	"strings"

	"golang.org/x/net/idna"
)

// Address is one e-mail address as Parse made it: ASCII, in lower case, without a
// name or comments. Hardly any mail server tells capitals apart before the @, and
// people write their own address with and without. The zero Address is none.
type Address struct{ local, domain string }

// ErrAddress says that a text is not an address that we write to.
var ErrAddress = errors.New("this is not an e-mail address that we can write to")

// Limits of RFC 5321.
const (
	maxLocal   = 64
	maxAddress = 254
)

// localPattern is what ordinary mailboxes have before the @. What would need quotes
// there is refused: it is rare, and mail programs disagree about it.
var localPattern = regexp.MustCompile("^[a-z0-9!#$%&'*+/=?^_`{|}~.-]+$")

// Parse reads one address; ErrAddress if it is something else, such as two
// addresses, an address with a name, or one of this machine.
func Parse(s string) (Address, error) {
	s = strings.TrimSpace(s)
	if len(s) > maxAddress {
		return Address{}, ErrAddress
	}
	parsed, err := mail.ParseAddress(s)
	if err != nil || parsed.Name != "" || strings.ContainsAny(s, "<>()\",\r\n") {
		return Address{}, ErrAddress
	}
	at := strings.LastIndexByte(parsed.Address, '@')
	local, name := parsed.Address[:at], parsed.Address[at+1:]
	domain, err := idna.Lookup.ToASCII(name)
	local, domain = strings.ToLower(local), strings.ToLower(domain)
	if err != nil || len(local) > maxLocal || !localPattern.MatchString(local) || !strings.Contains(domain, ".") {
		return Address{}, ErrAddress
	}
	if len(local)+1+len(domain) > maxAddress {
		return Address{}, ErrAddress
	}
	return Address{local, domain}, nil
}

// Sender reads an address with an optional name before it, as in
// "Photos <photos@example.org>".
func Sender(s string) (name string, a Address, err error) {
	parsed, err := mail.ParseAddress(s)
	if err != nil || strings.ContainsAny(s, "\r\n") {
		return "", Address{}, ErrAddress
	}
	a, err = Parse(parsed.Address)
	return parsed.Name, a, err
}

// Reveal returns the address itself, for the mail server and for those who may see it.
func (a Address) Reveal() string {
	if a == (Address{}) {
		return ""
	}
	return a.local + "@" + a.domain
}

// Equal reports whether both are the same.
func (a Address) Equal(b Address) bool { return a == b }

// Domain is what stands after the @.
func (a Address) Domain() string { return a.domain }

// String hides the address.
func (Address) String() string { return "(address)" }

// GoString hides the address from %#v too.
func (Address) GoString() string { return "(address)" }

// Mailbox is a hash of the mailbox behind the address, by which letters are counted:
// what follows a + makes no other mailbox.
func (a Address) Mailbox() [sha256.Size]byte {
	local, _, _ := strings.Cut(a.local, "+")
	return sha256.Sum256([]byte(local + "@" + a.domain))
}
