// Package contest is a person's objection to what a check said of their photo.
// The verdict is advice, made by a program; whoever does not agree can have a
// person look at it, and gets a decision with a reason.
//
// A contest outlives the photo, so it holds nothing of the picture: only the
// outcomes of the contested checks and their values, what they were held
// against, and the person's own words. While the photo lives the contest knows
// it, and an operator may look at it if the person allows that; both end with
// the photo. A key of the contest's own opens it, also after that.
package contest

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/check"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
)

// ID names a contest. It is random and not made from the photo's.
type ID string

// NewID returns a fresh ID of 128 random bits.
func NewID() ID { return ID(secret.NewName()) }

// ParseID accepts only what NewID makes.
func ParseID(s string) (ID, bool) { return ID(s), secret.IsName(s) }

// MaxPerPhoto is how many contests one photo may have, whatever their state.
const MaxPerPhoto = 10

// AnswerTime is within how long a contest is decided: the 30 days in which we promise
// to answer whatever people write.
const AnswerTime = 30 * 24 * time.Hour

// State is where a contest stands.
type State string

// The states. Received is open; the others are final.
const (
	Received  State = "received"
	Decided   State = "decided"
	Withdrawn State = "withdrawn"
)

// Contest is the record.
type Contest struct {
	ID      ID
	KeyHash secret.Hash
	State   State

	Document string // a docspec ID
	Verdict  check.Verdict
	Records  []Record // the contested checks, by name
	Message  string   // the person's words; may be empty

	Photo   Photo
	MayOpen bool // the person allows an operator to look at the photo

	Ruling    Ruling // zero until Decided
	CreatedAt time.Time
	ClosedAt  time.Time // zero while Received
}

// Photo is the link to what the contest is about; its ID is empty once the photo
// is erased.
type Photo struct {
	ID       photo.ID
	Revision int // the contested report is this revision's
	// ExpiresAt is the photo's own, at the time of reading; zero without a photo.
	ExpiresAt time.Time
}

// Lives reports whether there is a photo that may still be served.
func (p Photo) Lives(now time.Time) bool { return p.ID != "" && now.Before(p.ExpiresAt) }

// Errors that stores answer with and everyone understands.
var (
	// ErrNotFound: no such contest, or not for this asker.
	ErrNotFound = errors.New("no such contest")
	// ErrClosed: it has been decided or withdrawn.
	ErrClosed = errors.New("the contest is closed")
	// ErrDuplicate: these checks of this photo's revision are contested already.
	ErrDuplicate = errors.New("these checks are contested already")
	// ErrTooMany: the photo has MaxPerPhoto contests.
	ErrTooMany = errors.New("the photo has too many contests")
	// ErrPhotoGone: there is no photo any more that could be looked at.
	ErrPhotoGone = errors.New("the contested photo is gone")
)

// Filing is what a person hands in.
type Filing struct {
	Photo   photo.Photo
	Report  []byte // the photo's report as it is stored
	Checks  []string
	Message string
	MayOpen bool
	Now     time.Time
}

// New returns the contest and its key, which is shown once. The error says what
// is wrong with the filing: UnknownCheckError, ErrWords, or a report that can't
// be read.
func New(f Filing) (Contest, secret.Key, error) {
	message, err := Words(f.Message)
	if err != nil {
		return Contest{}, "", err
	}
	report, err := read(f.Report)
	if err != nil {
		return Contest{}, "", err
	}
	records, err := report.pick(f.Checks)
	if err != nil {
		return Contest{}, "", err
	}
	key := secret.NewKey()
	return Contest{
		ID: NewID(), KeyHash: key.Hash(), State: Received,
		Document: f.Photo.Document, Verdict: report.Verdict, Records: records, Message: message,
		Photo:   Photo{f.Photo.ID, f.Photo.Revision, f.Photo.ExpiresAt},
		MayOpen: f.MayOpen, CreatedAt: f.Now,
	}, key, nil
}

// Names lists the contested checks, sorted, in one line: with the photo's
// revision it tells a repeated contest from another.
func (c Contest) Names() string {
	names := make([]string, len(c.Records))
	for i, r := range c.Records {
		names[i] = string(r.Name)
	}
	slices.Sort(names)
	return strings.Join(names, ",")
}
