package operator

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/secret"
)

// Limits of a session.
const (
	IdleLimit    = 30 * time.Minute // without a request
	SessionLimit = 12 * time.Hour   // in all
)

// seenEvery is how exactly it is known when a session was last used: less often than
// each request, which would write each time.
const seenEvery = time.Minute

// Session is the time between signing in and signing out. The browser has its token,
// of which only a hash is kept.
type Session struct {
	Hash     secret.Hash
	Operator Operator // where it is kept, only the name
	Stamp    Stamp
	// Pending: nothing is open but the page on which an authenticator is set up.
	Pending bool
	// MayEnrol: an authenticator may be set up, be it the first or another one.
	MayEnrol  bool
	Proposed  []byte // the sealed secret of that authenticator; empty until it was shown
	StartedAt time.Time
	SeenAt    time.Time
}

// over reports whether the session's time is over.
func (s Session) over(now time.Time) bool {
	return now.Sub(s.SeenAt) >= IdleLimit || now.Sub(s.StartedAt) >= SessionLimit
}

// ErrSignedOut says that there is no such session any more.
var ErrSignedOut = errors.New("signed out")

// FormToken is what a form carries to show that it is of a page of the session whose
// token this is. It tells nothing of the token.
func FormToken(session secret.Key) string {
	h := hmac.New(sha256.New, []byte(session.Reveal()))
	h.Write([]byte("passportphotogenie/form/1"))
	return hex.EncodeToString(h.Sum(nil))
}

// IsFormToken compares in constant time.
func IsFormToken(session secret.Key, token string) bool {
	return hmac.Equal([]byte(FormToken(session)), []byte(token))
}
