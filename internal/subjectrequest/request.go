package subjectrequest

import (
	"errors"
	"slices"
	"time"

	"cloud.google.com/go/civil"

	"github.com/passportphotogenie/passportphotogenie/internal/contest"
	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
)

// ID names a request, for the person and for officers. It is random, opens nothing
// and says nothing of a photo.
type ID string

// NewID returns a fresh ID of 128 random bits.
func NewID() ID { return ID(secret.NewName()) }

// ParseID accepts only what NewID makes.
func ParseID(s string) (ID, bool) { return ID(s), secret.IsName(s) }

// Kind is the right that a person uses, in the law's word.
type Kind string

// The kinds: Articles 15 to 18 and 20 to 22 GDPR, and California's Civil Code
// 1798.83.
const (
	Access            Kind = "access"
	Rectification     Kind = "rectification"
	Erasure           Kind = "erasure"
	Restriction       Kind = "restriction"
	Portability       Kind = "portability"
	Objection         Kind = "objection"
	AutomatedDecision Kind = "automated_decision"
	ShineTheLight     Kind = "shine_the_light"
)

// Kinds lists them in the law's order.
func Kinds() []Kind {
	return []Kind{Access, Rectification, Erasure, Restriction, Portability, Objection, AutomatedDecision, ShineTheLight}
}

// Channel is how a request arrived.
type Channel string

// The channels. A photo's key proves at once that its holder may ask; an e-mail
// address proves itself by a mailed link, and only itself; the others are typed in
// by an officer, who judges.
const (
	PhotoKey       Channel = "photo_key"
	ByEmail        Channel = "email"
	Letter         Channel = "letter"
	Phone          Channel = "phone"
	DesignatedMail Channel = "designated_mail" // to the address for Shine the Light
)

// Channels lists them.
func Channels() []Channel { return []Channel{PhotoKey, ByEmail, Letter, Phone, DesignatedMail} }

// State is where a request stands.
type State string

// The states. The first four are open: something is due. Refused and Fulfilled are
// answers, which the person can read for AnswerDays; then the request is Closed.
const (
	Received        State = "received"
	IdentityPending State = "identity_pending" // a question about the identity is open
	Accepted        State = "accepted"
	Extended        State = "extended"
	Refused         State = "refused"
	Fulfilled       State = "fulfilled"
	Closed          State = "closed"
)

// States lists them in the order in which a request goes through them.
func States() []State {
	return []State{Received, IdentityPending, Accepted, Extended, Refused, Fulfilled, Closed}
}

// Open reports whether the person still waits for an answer.
func (s State) Open() bool {
	return slices.Contains([]State{Received, IdentityPending, Accepted, Extended}, s)
}

// Request is the record.
type Request struct {
	ID      ID
	KeyHash secret.Hash // of the key with which the person reads state and answer
	// Version is 1 when the request is filed, and each change raises it.
	Version int

	Kind    Kind
	Channel Channel
	State   State

	FiledAt   time.Time
	ArrivedOn civil.Date // earlier than FiledAt if an officer typed it in later
	Dates     Dates

	// What is forgotten when the request is closed.
	Email   email.Address // zero without one
	Message string        // the person's words; may be empty
	Photo   Photo

	Link        Link
	Question    Question
	StoppedDays int // for which the clock stood still, of questions that are answered

	Extension  string // the reasons that were announced; empty unless extended
	Refusal    Refusal
	Answer     Answer
	AnsweredOn civil.Date // Refused or Fulfilled; zero before
	Closing    Closing    // empty until Closed
	ClosedAt   time.Time

	// Contest is what an AutomatedDecision with a photo's key is decided as; else empty.
	Contest   contest.ID
	Requester Requester // of Shine the Light only
	// Repeated says that the person has asked for this before in the calendar year,
	// so that it need not be answered again.
	Repeated bool
}

// Photo is the link to the photo whose key was shown; its ID is empty without one
// and once the photo is erased.
type Photo struct {
	ID photo.ID
	// ExpiresAt is the photo's own, at the time of reading; zero without a photo.
	ExpiresAt time.Time
}

// Due is the date that reminders follow: the earlier of the law's and the promised
// one. An open question stops the law's clock and not the promise; an extension,
// which the person was told of with its reasons, takes the promise's place. Zero
// when nothing is due any more.
func (r Request) Due() civil.Date {
	switch {
	case !r.State.Open():
		return civil.Date{}
	case r.State == IdentityPending:
		return r.Dates.Promised
	case r.State == Extended:
		return r.Dates.Law
	}
	return r.Dates.Earlier()
}

// Late reports whether the answer came after the law's date. A refusal is due in the
// first month, extended or not.
func (r Request) Late() bool {
	due := r.Dates.Law
	if r.Refusal != (Refusal{}) && r.Extension != "" {
		due = r.Dates.Notice
	}
	return r.AnsweredOn.After(due)
}

// Seen returns ErrChanged unless the version is the one that was shown to whoever
// acts now.
func (r Request) Seen(version int) error {
	if version != r.Version {
		return ErrChanged
	}
	return nil
}

// Errors that stores and changes answer with and everyone understands.
var (
	// ErrNotFound: no such request, or not for this asker.
	ErrNotFound = errors.New("no such request")
	// ErrChanged: somebody else has acted on it since it was read.
	ErrChanged = errors.New("the request was changed meanwhile")
	// ErrDuplicate: the photo has an open request of this kind.
	ErrDuplicate = errors.New("such a request about this photo is open already")
	// ErrPhotoGone: the photo whose key was shown is no longer there.
	ErrPhotoGone = errors.New("the photo is gone")
)
