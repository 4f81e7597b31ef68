package subjectrequest

import (
	"errors"
	"time"

	"cloud.google.com/go/civil"

	"github.com/passportphotogenie/passportphotogenie/internal/plaintext"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
)

// LinkLife is how long a mailed link can be followed.
const LinkLife = 7 * 24 * time.Hour

// Link is the mailed link that proves an address. Not following it stops no clock.
type Link struct {
	Hash        secret.PairHashes // of the letter's link and code; zero without
	Until       time.Time
	ConfirmedAt time.Time // zero until it was followed
}

func newLink(now time.Time) (secret.Pair, Link) {
	pair := secret.NewPair()
	return pair, Link{Hash: pair.Hashes(), Until: now.Add(LinkLife)}
}

// Errors of links.
var (
	ErrLinkUsed    = errors.New("the link was followed before")
	ErrLinkExpired = errors.New("the link's time is over")
)

// Identified reports whether whoever asks may: the photo's key was shown, the mailed
// link followed, a question about the identity answered, or an officer took the
// request in and judged.
func (r Request) Identified() bool {
	return r.Channel != ByEmail || !r.Link.ConfirmedAt.IsZero() || !r.Question.AnsweredOn.IsZero()
}

// SendLink makes a new link in place of the one before, which opens nothing any
// more. ErrLinkUsed says that the address is proved already.
func (r Request) SendLink(by By) (Change, secret.Pair, error) {
	if err := r.May(SendLink, by); err != nil {
		return Change{}, secret.Pair{}, err
	}
	if r.Channel != ByEmail {
		return Change{}, secret.Pair{}, ErrChannel
	}
	if !r.Link.ConfirmedAt.IsZero() {
		return Change{}, secret.Pair{}, ErrLinkUsed
	}
	pair, link := newLink(by.Now)
	r.Link = link
	return r.change(SendLink, by), pair, nil
}

// Confirm is for whoever followed the link. It works once, ErrLinkUsed after that,
// and for LinkLife, ErrLinkExpired after that.
func (r Request) Confirm(by By) (Change, error) {
	switch {
	case !r.Link.ConfirmedAt.IsZero():
		return Change{}, ErrLinkUsed
	case !by.Now.Before(r.Link.Until):
		return Change{}, ErrLinkExpired
	}
	if err := r.May(Confirm, by); err != nil {
		return Change{}, err
	}
	r.Link.ConfirmedAt = by.Now
	return r.change(Confirm, by), nil
}

// Question asks the person to show that they may ask (Art. 12(6) GDPR): the one
// thing that stops the law's clock.
type Question struct {
	Text       string     // what is asked, and why there is a doubt
	AskedOn    civil.Date // zero for none
	AnsweredOn civil.Date // zero while it is open
}

// AskIdentity stops the clock with a reasoned question; ErrNoReason without one.
func (r Request) AskIdentity(question string, by By) (Change, error) {
	if err := r.May(AskIdentity, by); err != nil {
		return Change{}, err
	}
	text, err := reason(question)
	if err != nil {
		return Change{}, err
	}
	r.State, r.Question = IdentityPending, Question{Text: text, AskedOn: by.today()}
	return r.change(AskIdentity, by), nil
}

// SettleIdentity lets the clock go on from the day on which the answer arrived,
// which may be before it is noted. ErrArrival says that it can't be that day.
func (r Request) SettleIdentity(answered civil.Date, by By) (Change, error) {
	if err := r.May(SettleIdentity, by); err != nil {
		return Change{}, err
	}
	if answered.Before(r.Question.AskedOn) || answered.After(by.today()) {
		return Change{}, ErrArrival
	}
	r.StoppedDays += StoppedDays(r.Question.AskedOn, answered)
	r.State, r.Question.AnsweredOn = Received, answered
	r.Dates = r.firstDates(by.Calendar)
	return r.change(SettleIdentity, by), nil
}

// MaxWords is the longest that a person's or an officer's words may be, in characters.
const MaxWords = 5000

// ErrWords says that a text is too long or is not plain text.
var ErrWords = errors.New("the text is longer than 5000 characters or is not plain text")

func words(s string) (string, error) {
	text, ok := plaintext.Parse(s, MaxWords)
	if !ok {
		return "", ErrWords
	}
	return text, nil
}

// reason reads words that may not be missing.
func reason(s string) (string, error) {
	text, err := words(s)
	if err == nil && text == "" {
		err = ErrNoReason
	}
	return text, err
}
