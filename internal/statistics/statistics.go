// Package statistics is what is kept of a photo's use for the case that the
// person speaks to us: when, for which document, with what outcome, how often it
// was edited, how large the picture was. It holds no image, no IP address and no
// browser, and stands under a random reference of its own, which only the person
// has once the photo is erased.
//
// Nothing in a row may serve to find the person elsewhere, so it is coarse: times
// are whole hours, because a line of the access log has the second; the size of
// the result, which that log has as bytes sent, is left out; and so are the names
// of checks that failed, because "head covering" may tell a religion.
package statistics

import (
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
)

// Entry is a photo's row.
type Entry struct {
	Reference string
	Country   string // ISO 3166-1 alpha-2 of the document; empty for a size of one's own
	Document  string // a docspec ID, or "custom"
	Outcome   string // ready, rejected or failed; empty before the first
	Reason    string // a photo.Reason when there is no photo
	Verdict   string // of the report when there is one
	Edits     int

	Format        photo.Format // of the original, as the following
	Kilobytes     int64
	Width, Height int

	// Whole hours; zero for what has not happened.
	UploadedAt, LastEditedAt, SettledAt, ErasedAt time.Time
}

// Outcome is what a turn with a photo came to.
type Outcome struct {
	Status  photo.Status
	Reason  photo.Reason
	Verdict string
}

// NewReference returns a fresh reference of 128 random bits.
func NewReference() string { return secret.NewName() }

// ParseReference accepts only what NewReference makes.
func ParseReference(s string) (string, bool) { return s, secret.IsName(s) }

// Hour is how exact times are.
const Hour = time.Hour

func hour(t time.Time) time.Time { return t.UTC().Truncate(Hour) }

// Day is one of the figures that stay: how many photos were uploaded on a day for
// a document and ended in one way.
type Day struct {
	Date     string // of the upload, in UTC: 2026-03-01
	Country  string
	Document string
	Outcome  string // with the reason after a colon, if any
	Photos   int
}

// Total is a day's number of photos that ended in one way, of all documents together.
type Total struct {
	Date    string // of the upload, in UTC: 2026-03-01
	Outcome string // without its reason; empty if it is open
	Photos  int
}

// Crowd is the smallest number that is shown: fewer could be somebody we know.
const Crowd = 10
