// Package childreport is the report that a photo is of a child and should not be here:
// a child under 13 uploaded it, or nobody who may act for the child agreed. That a
// photo shows a child is no ground by itself: parents upload their babies.
//
// A report that names a living photo freezes it, and a person decides within 24 hours:
// either the photo is erased, or it goes on as before. A photo's first report freezes
// it and so does every other until one was rejected; after that a report waits for the
// decision without freezing. A report about a photo that is not there, or not any more,
// is taken in just the same, and whoever reports learns nothing from that.
//
// A report outlives the photo, so it holds nothing of it; while the photo lives the
// report knows it. What was said and the address are forgotten WordsLife after the
// closing, and dates and the outcome stay.
package childreport

import (
	"errors"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/docket"
	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
)

// ID names a report. It is random, opens nothing and says nothing of the photo.
type ID string

// NewID returns a fresh ID of 128 random bits.
func NewID() ID { return ID(secret.NewName()) }

// ParseID accepts only what NewID makes.
func ParseID(s string) (ID, bool) { return ID(s), secret.IsName(s) }

// OwnPath is the page, below the site's address, on which whoever reported reads how
// the report stands.
func OwnPath(id ID) string { return "/privacy/children/" + string(id) }

// DeskPath is the officer's.
func DeskPath(id ID) string { return "/ops/child-reports/" + string(id) }

// Ground is why the photo should not be here, in one word.
type Ground string

// The grounds.
const (
	UploadedByChild   Ground = "uploaded_by_child"  // a child under 13 uploaded it
	WithoutPermission Ground = "without_permission" // nobody who may act for the child agreed
)

// Grounds lists them.
func Grounds() []Ground { return []Ground{UploadedByChild, WithoutPermission} }

// State is where a report stands.
type State string

// The states. Received is open; the others are final.
const (
	Received State = "received"
	Upheld   State = "upheld"   // the photo is erased because of it
	Rejected State = "rejected" // the photo goes on
	Ended    State = "ended"    // there was no photo, or it went before the decision
)

// States lists them.
func States() []State { return []State{Received, Upheld, Rejected, Ended} }

// How long links of letters work, and how long words and address are kept after the
// closing.
const (
	LinkLife  = 7 * retention.Day
	WordsLife = 14 * retention.Day
)

// Report is the record.
type Report struct {
	ID      ID
	KeyHash secret.Hash
	Version int // raised by each change; the first is 1
	State   State
	Ground  Ground
	Words   string        // of whoever reports; empty once forgotten
	Email   email.Address // zero without, and once forgotten
	Link    Link
	Answer  secret.PairHashes // of the letter that tells of the decision; zero without

	Photo  Photo
	Froze  bool   // it stops the photo while it is open
	Reason string // the officer's, to whoever reported; empty before and once forgotten
	// Receipt is that of the photo's erasure; empty for none.
	Receipt string

	FiledAt  time.Time
	DueAt    time.Time // until when it is decided
	ClosedAt time.Time // zero while Received
}

// Link is the mailed link that proves the address.
type Link struct {
	Hash        secret.PairHashes
	Until       time.Time
	ConfirmedAt time.Time // zero until it was followed
}

// Photo is what is told of the photo that the report is about, as it is at the time of
// reading; its ID is empty when there is none.
type Photo struct {
	ID         photo.ID
	Document   string
	AgeBand    photo.AgeBand
	Statement  photo.Statement // made before the upload
	UploadedAt time.Time
	ExpiresAt  time.Time
	Others     int // open reports about the same photo
}

// Lives reports whether there is a photo whose time is not over.
func (p Photo) Lives(now time.Time) bool { return p.ID != "" && now.Before(p.ExpiresAt) }

// Search says which reports are looked for; what is empty does not matter.
type Search struct {
	// Text is an e-mail address, or the beginning of a report's ID. Anything else finds
	// nothing.
	Text  string
	State State
	// Before is where the page before ended: a report's filing and its ID.
	Before docket.Place
}

// Errors that everyone understands.
var (
	// ErrNotFound: no such report, or not for this asker.
	ErrNotFound = errors.New("no such report")
	// ErrChanged: it has been changed since it was read.
	ErrChanged = errors.New("the report was changed meanwhile")
	// ErrClosed: it is decided, or its photo is gone.
	ErrClosed = errors.New("the report is closed")
	// ErrPhotoGone: there is no photo that could be erased.
	ErrPhotoGone = errors.New("the reported photo is gone")
	// ErrPhotoThere: there is a photo, so the report is upheld or rejected.
	ErrPhotoThere = errors.New("the reported photo is there")
	// ErrLink: there is no such link, it was followed before, or its time is over.
	ErrLink = errors.New("the link does not work, or not any more")
)
