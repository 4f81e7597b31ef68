package subjectrequest

import (
	"errors"
	"slices"

	"cloud.google.com/go/civil"

	"github.com/passportphotogenie/passportphotogenie/internal/contest"
	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
)

// Filing is what a person hands in, or an officer types in for them.
type Filing struct {
	Kind    Kind
	Channel Channel
	// ArrivedOn is the day of arrival, zero for today. Only what an officer types in
	// can have arrived before, at most a year.
	ArrivedOn civil.Date
	Photo     photo.Photo // with PhotoKey: whose key was shown
	Email     string      // needed with ByEmail, else may be empty
	Message   string      // may be empty; at most MaxWords characters of plain text
	Contest   contest.ID  // that was filed with it; else empty
	// RequesterKey makes the Requester of a Shine the Light request; without it
	// nobody can tell whether they have asked before.
	RequesterKey []byte
}

// Keys are shown once, and only their hashes are kept.
type Keys struct {
	Own  secret.Key  // the person's, who reads state and answer with it
	Link secret.Pair // with ByEmail: goes into the letter
}

// Errors of filings.
var (
	ErrKind    = errors.New("there is no such kind of request")
	ErrChannel = errors.New("such a request does not arrive this way")
	ErrArrival = errors.New("the request can't have arrived on that day")
)

// arrivedLongAgo is how many days ago a request may have arrived that is typed in
// now; more is a slip of the pen.
const arrivedLongAgo = 366

// New returns the request as a change to be kept, and its keys. ErrKind, ErrChannel,
// ErrArrival, email.ErrAddress or ErrWords say what is wrong with the filing.
func New(f Filing, by By) (Change, Keys, error) {
	to, message, err := f.read(by)
	if err != nil {
		return Change{}, Keys{}, err
	}
	keys := Keys{Own: secret.NewKey()}
	r := Request{
		ID: NewID(), KeyHash: keys.Own.Hash(), Kind: f.Kind, Channel: f.Channel, State: Received,
		FiledAt: by.Now, ArrivedOn: f.ArrivedOn, Email: to, Message: message, Contest: f.Contest,
	}
	if r.ArrivedOn.IsZero() {
		r.ArrivedOn = by.today()
	}
	r.Dates = r.firstDates(by.Calendar)
	if f.Channel == PhotoKey {
		r.Photo = Photo{f.Photo.ID, f.Photo.ExpiresAt}
	}
	if f.Channel == ByEmail {
		keys.Link, r.Link = newLink(by.Now)
	}
	if f.Kind == ShineTheLight && to != (email.Address{}) && len(f.RequesterKey) > 0 {
		r.Requester = NewRequester(f.RequesterKey, to, r.ArrivedOn.Year)
	}
	return r.change(File, by), keys, nil
}

// read checks a filing and returns what has to be read in it.
func (f Filing) read(by By) (to email.Address, message string, err error) {
	typed := f.Channel != PhotoKey && f.Channel != ByEmail
	switch ago := by.today().DaysSince(f.ArrivedOn); {
	case !slices.Contains(Kinds(), f.Kind):
		return email.Address{}, "", ErrKind
	case !slices.Contains(Channels(), f.Channel), f.Channel == DesignatedMail && f.Kind != ShineTheLight,
		(f.Channel == PhotoKey) != (f.Photo.ID != ""):
		return email.Address{}, "", ErrChannel
	case !f.ArrivedOn.IsZero() && (ago < 0 || ago > arrivedLongAgo || ago > 0 && !typed):
		return email.Address{}, "", ErrArrival
	}
	if f.Email != "" || f.Channel == ByEmail {
		if to, err = email.Parse(f.Email); err != nil {
			return email.Address{}, "", err
		}
	}
	message, err = words(f.Message)
	return to, message, err
}

// firstDates are those of a request that nothing has happened to.
func (r Request) firstDates(c Calendar) Dates {
	if r.Kind == ShineTheLight {
		return ShineTheLightDue(r.ArrivedOn, r.Channel == DesignatedMail)
	}
	return c.OneMonth(r.ArrivedOn, r.StoppedDays)
}
