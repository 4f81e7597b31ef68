package webhook

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"net/netip"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/passportphotogenie/passportphotogenie/internal/apiclient"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
)

// Endpoint is where a client wants to be told.
type Endpoint struct {
	Client apiclient.ID
	URL    string
	Sealed []byte // the secret that signs, as it is kept
	Set    time.Time

	Off          Off       // why it gets nothing; empty while it does
	OffAt        time.Time // zero while it is on
	FailingSince time.Time // since when no try has succeeded; zero if the last one has
	Delivered    time.Time // when it took a notice last; zero for never
}

// The words in which an endpoint's state is said.
const (
	On          = "on"
	IsFailing   = "failing"
	SwitchedOff = "off"
)

// State says how the endpoint stands, in one of these words.
func (e Endpoint) State() string {
	switch {
	case e.Off != "":
		return SwitchedOff
	case !e.FailingSince.IsZero():
		return IsFailing
	}
	return On
}

// Off is why an endpoint was switched off.
type Off string

// The reasons.
const (
	Gone    Off = "gone"    // it answered 410: it is there no more
	Failing Off = "failing" // it has failed for GivenUpAfter
)

// GivenUpAfter is how long an endpoint may fail before it is switched off.
const GivenUpAfter = 3 * 24 * time.Hour

// ErrNoEndpoint says that the client has none.
var ErrNoEndpoint = errors.New("the client has no webhook")

// About names what is sealed, so that no client's secret can be put in another's place.
func About(client string) string { return "webhook of " + client }

// Prefix begins a secret in its written form.
const Prefix = "whsec_"

// secretBytes is within the 24 to 64 that Standard Webhooks asks for.
const secretBytes = 32

// NewSecret returns a fresh secret: as it signs, and as it is written for whoever
// verifies.
func NewSecret() (raw []byte, written secret.Key) {
	raw = make([]byte, secretBytes)
	rand.Read(raw) // never fails: crypto/rand ends the program instead
	return raw, secret.Key(Prefix + base64.StdEncoding.EncodeToString(raw))
}

// MaxURL is the most characters that an endpoint's address may have.
const MaxURL = 500

// URLError says what is wrong with an address, in words for whoever typed it.
type URLError string

// Error is error's.
func (e URLError) Error() string { return string(e) }

// ParseURL reads the address of an endpoint. loopback, for development, also lets
// through servers on this machine, without TLS. That a name leads where it may is looked
// at when it is dialled, each time: what it leads to now says nothing of then.
func ParseURL(text string, loopback bool) (string, error) {
	text = strings.TrimSpace(text)
	u, err := url.Parse(text)
	switch {
	case text == "":
		return "", URLError("is missing")
	case len(text) > MaxURL:
		return "", URLError("is longer than 500 characters")
	case err != nil || u.Opaque != "" || strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' }):
		return "", URLError("is no address: write https://HOST/PATH")
	case loopback && (u.Scheme == "http" || u.Scheme == "https") && isLoopback(u.Hostname()) && u.User == nil:
		return u.String(), nil
	case u.Scheme != "https":
		return "", URLError("must begin with https://")
	case u.User != nil:
		return "", URLError("must not have a name or a password in it")
	case u.Fragment != "" || strings.Contains(text, "#"):
		return "", URLError("must not have a # in it")
	case u.Port() != "" && u.Port() != "443" || strings.HasSuffix(u.Host, ":"):
		return "", URLError("must be at port 443")
	case !isName(u.Hostname()):
		return "", URLError("must have a host's full name in it, such as hooks.town.example, and no number")
	}
	return u.String(), nil
}

func isLoopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.IsLoopback()
}

// isName reports whether a host is named, with a domain. In a number it would stay
// unsaid whom a certificate is for, and there are many ways to write one.
func isName(host string) bool {
	labels := strings.Split(host, ".")
	last := labels[len(labels)-1]
	for _, l := range labels {
		if l == "" || strings.ContainsFunc(l, func(r rune) bool { return r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			return false
		}
	}
	return len(labels) > 1 && strings.ContainsFunc(last, unicode.IsLetter) && !strings.HasPrefix(last, "0x")
}
