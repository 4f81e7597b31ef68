package complaint

import (
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
)

// LinkLife is how long a mailed link can be followed.
const LinkLife = 7 * 24 * time.Hour

// Link is the mailed link that proves an address.
type Link struct {
	Hash        secret.PairHashes // of the letter's link and code; zero without
	Until       time.Time
	ConfirmedAt time.Time // zero until it was followed
}

// Confirmed reports whether there is an address that more than one letter may go to.
func (c Complaint) Confirmed() bool {
	return c.Email != (email.Address{}) && !c.Link.ConfirmedAt.IsZero()
}

// SendLink makes a new link in place of the one before, which opens nothing any more.
// ErrLinkUsed says that the address is proved, ErrNotNow that nothing more would be
// written there.
func (c Complaint) SendLink(by By) (Change, secret.Pair, error) {
	switch {
	case !c.Link.ConfirmedAt.IsZero():
		return Change{}, secret.Pair{}, ErrLinkUsed
	case c.Email == (email.Address{}) || !c.State.Open() && c.Answer == "":
		return Change{}, secret.Pair{}, ErrNotNow
	}
	pair := secret.NewPair()
	c.Link = Link{Hash: pair.Hashes(), Until: by.Now.Add(LinkLife)}
	return c.change(SendLink, by), pair, nil
}

// Confirm is for whoever followed the link. It works once, ErrLinkUsed after that, and
// for LinkLife, ErrLinkExpired after that. If there is an answer already, the pair is
// for the letter that tells of it.
func (c Complaint) Confirm(now time.Time) (Change, secret.Pair, error) {
	switch {
	case !c.Link.ConfirmedAt.IsZero():
		return Change{}, secret.Pair{}, ErrLinkUsed
	case !now.Before(c.Link.Until):
		return Change{}, secret.Pair{}, ErrLinkExpired
	}
	c.Link.ConfirmedAt = now
	pair := c.letter()
	return c.change(Confirm, By{audit.Person, now}), pair, nil
}
