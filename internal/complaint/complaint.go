// Package complaint is a person's complaint about the service: what it is about, how it
// stands and what the person was told. SupportNote is its small sister: what an officer
// writes down when somebody asks for help.
//
// A complaint about a photo knows the photo only while that lives. What stays is a copy
// of what the checks said, as outcomes and values: nothing of the picture, so that an
// officer can still answer when the photo is gone. A key of the complaint's own opens
// it.
//
// What may happen to a complaint are its methods: each takes who acts and when, and
// returns a Change, which holds the complaint as it is afterwards and the line for the
// audit trail. Stores keep a change whole or not at all, and only if nobody else has
// changed the complaint since it was read. When the person has had their answer for
// AnswerDays, words, address and reference are forgotten; dates and outcomes stay.
package complaint

import (
	"errors"
	"slices"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/check"
	"github.com/passportphotogenie/passportphotogenie/internal/contest"
	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
)

// ID names a complaint, for the person and for officers. It is random and opens nothing.
type ID string

// NewID returns a fresh ID of 128 random bits.
func NewID() ID { return ID(secret.NewName()) }

// ParseID accepts only what NewID makes.
func ParseID(s string) (ID, bool) { return ID(s), secret.IsName(s) }

// State is where a complaint stands.
type State string

// The states. The first two are open: an answer is due.
const (
	Received   State = "received"
	InProgress State = "in_progress" // an officer has taken it on
	Answered   State = "answered"
	Closed     State = "closed"
)

// States lists them in the order in which a complaint goes through them.
func States() []State { return []State{Received, InProgress, Answered, Closed} }

// Open reports whether the person still waits for an answer.
func (s State) Open() bool { return s == Received || s == InProgress }

// Closing is why nothing more happens with a complaint.
type Closing string

// The closings.
const (
	WasAnswered Closing = "answered"  // and the answer's time is over, or nothing is open
	Unfounded   Closing = "unfounded" // we did nothing wrong; the person is told why
	NoReply     Closing = "no_reply"  // the person did not answer what they were asked
	Withdrawn   Closing = "withdrawn" // by the person
	Merged      Closing = "merged"    // into another complaint of the same person
)

// Closings lists them.
func Closings() []Closing { return []Closing{WasAnswered, Unfounded, NoReply, Withdrawn, Merged} }

// Told reports whether a closing needs words to the person.
func (c Closing) Told() bool { return c == Unfounded || c == NoReply }

// Limits of what is open at a time, so that one person can't fill the desk.
const (
	MaxPerPhoto   = 3
	MaxPerAddress = 5
)

// Complaint is the record.
type Complaint struct {
	ID      ID
	KeyHash secret.Hash // of the key with which the person reads state and answer
	// Version is 1 when the complaint is filed, and each change raises it.
	Version int
	State   State
	FiledAt time.Time
	// DueAt is the end of the last day on which the answer is in time.
	DueAt time.Time

	// What is forgotten some time after the answer.
	Email     email.Address // zero without one
	Words     string        // the person's; empty once forgotten
	Reference string        // of usage statistics, as the person gave it; may be empty
	Answer    string        // to the person
	Link      Link
	Read      secret.PairHashes // of the letter by which the answer can be read; zero without

	Photo Photo // zero without one
	About About // what was copied of the photo; zero without

	AnsweredAt time.Time // zero before
	Closing    Closing   // empty until Closed
	ClosedAt   time.Time
	MergedInto ID // of Merged
}

// Photo is the link to a photo whose key was shown; its ID is empty without one and once
// the photo is erased.
type Photo struct {
	ID photo.ID
	// ExpiresAt is the photo's own, at the time of reading; zero without a photo.
	ExpiresAt time.Time
}

// About is what is kept of the photo that a complaint is about.
type About struct {
	Document string       `json:"document,omitempty"` // a docspec ID
	Revision int          `json:"revision,omitempty"`
	Status   photo.Status `json:"status,omitempty"`
	Reason   photo.Reason `json:"reason,omitempty"` // why there is no photo
	// Of the photo's report, if there was one.
	Verdict check.Verdict    `json:"verdict,omitempty"`
	Checks  []contest.Record `json:"checks,omitempty"`
}

// SettledAt is when the person was told or the complaint ended, whichever was first;
// zero while it is open.
func (c Complaint) SettledAt() time.Time {
	if !c.AnsweredAt.IsZero() {
		return c.AnsweredAt
	}
	return c.ClosedAt
}

// AnswerDays is for how many days the person can read an answer.
const AnswerDays = 14

// ReadableUntil is when the answer is forgotten; zero while the complaint is open.
func (c Complaint) ReadableUntil() time.Time {
	if c.SettledAt().IsZero() {
		return time.Time{}
	}
	return c.SettledAt().Add(AnswerDays * 24 * time.Hour)
}

// Forgotten reports whether what names the person is gone.
func (c Complaint) Forgotten() bool { return c.Words == "" }

// Opens reports whether what somebody gives opens the complaint to them: its own key, or
// the link or the code of the letter that tells of the answer.
func (c Complaint) Opens(given string) bool {
	own, link := c.KeyHash.Opens(secret.Key(given)), c.Read.Token.Opens(secret.Key(given))
	code, typed := secret.ParseCode(given)
	mailed := c.Read.Code.Opens(code)
	return own || link || typed && mailed
}

// Late reports whether the answer came, or would come now, after its day.
func (c Complaint) Late(now time.Time) bool {
	if at := c.SettledAt(); !at.IsZero() {
		now = at
	}
	return !now.Before(c.DueAt)
}

// Same reports whether two complaints are of one person as far as anything shows it: by
// their address, their photo or the reference that was given.
func (c Complaint) Same(d Complaint) bool {
	return c.Email != (email.Address{}) && c.Email == d.Email ||
		c.Photo.ID != "" && c.Photo.ID == d.Photo.ID || c.Reference != "" && c.Reference == d.Reference
}

// Seen returns ErrChanged unless the version is the one that was shown to whoever acts
// now.
func (c Complaint) Seen(version int) error {
	if version != c.Version {
		return ErrChanged
	}
	return nil
}

// Errors that stores and changes answer with and everyone understands.
var (
	// ErrNotFound: no such complaint, or not for this asker.
	ErrNotFound = errors.New("no such complaint")
	// ErrChanged: somebody else has acted on it since it was read.
	ErrChanged = errors.New("the complaint was changed meanwhile")
	// ErrNotNow: the complaint is not in a state in which that can be done.
	ErrNotNow = errors.New("this can't be done with the complaint as it stands")
	// ErrPhotoGone: the photo whose key was shown is no longer there.
	ErrPhotoGone = errors.New("the photo is gone")
	// ErrOthers: nothing shows that the two complaints are of the same person.
	ErrOthers = errors.New("the complaints are not of one person")
	// ErrLinkUsed: the mailed link was followed before.
	ErrLinkUsed = errors.New("the link was followed before")
	// ErrLinkExpired: the mailed link's time is over.
	ErrLinkExpired = errors.New("the link's time is over")
)

// TooManyError says that there are enough open complaints about a photo, whose IDs it
// has, or under an address: then it has none, because who types an address has not
// proved it.
type TooManyError struct{ Open []ID }

// Error repeats nothing of the person.
func (TooManyError) Error() string { return "there are too many open complaints already" }

// ParseClosing reads what an officer chose.
func ParseClosing(s string) (Closing, bool) {
	c := Closing(s)
	return c, slices.Contains(Closings(), c)
}
