// Package photo is the record of one job: a picture that came in, the document
// it is for, and how far it has come. It knows the states a photo goes through,
// who may hold it at a time, and the words in which a person is told what
// became of it. It is pure: storage, queues and pictures live elsewhere, and
// the time is always a parameter.
//
// A worker holds a photo by a claim: the triple of ID, revision and attempt.
// Each claim raises the attempt, so everything an earlier holder still tries to
// write names an attempt that is no longer current and changes nothing.
package photo

import (
	"errors"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/edit"
)

// How a claim is held and how often a photo is tried.
const (
	Lease       = 15 * time.Second // a claim not renewed for this long is lost
	RenewEvery  = 5 * time.Second
	MaxAttempts = 5 // then the photo has failed, whatever the reason
	MaxStrikes  = 2 // a picture that killed its process this often has failed
)

// Status is where a photo stands.
type Status string

// The states of a photo. Receiving rows are invisible to everyone but their
// upload; erasing rows are invisible to all and only wait to be removed.
const (
	Receiving  Status = "receiving"
	Queued     Status = "queued"
	Processing Status = "processing"
	Ready      Status = "ready"
	Rejected   Status = "rejected" // no photo can be made from this picture
	Failed     Status = "failed"   // we broke
	Erasing    Status = "erasing"
)

// Settled reports whether nothing more will happen until the next edit.
func (s Status) Settled() bool { return s == Ready || s == Rejected || s == Failed }

// Photo is the record. Pictures, reports and keys are not in it.
type Photo struct {
	ID       ID
	KeyHash  KeyHash
	Status   Status
	Reason   Reason // why, when Rejected or Failed; when Erasing, an ErasureReason
	Document string // a docspec ID
	AgeBand  AgeBand
	Settings edit.Settings
	Earlier  []Revision // the orders before this one, oldest first

	Revision   int       // raised by each edit; the first is 1
	Attempt    int       // raised by each claim; 0 before the first
	Strikes    int       // times a child process died on this picture
	LeaseUntil time.Time // zero when no one holds the photo
	Lane       Lane      // of the current revision

	Original Original
	// ResultAttempt is the attempt whose result and report are current; with
	// Revision it names their blobs. 0 until the photo is Ready.
	ResultAttempt int
	// Analysis is the turn that left what later edits are made from, and Stale
	// the one whose result an edit has made useless. Both are zero for none.
	Analysis, Stale Turn

	// Reference names the photo's row of the usage statistics, and nothing there
	// leads back; empty when the person does not want one.
	Reference string

	Statement Statement // made before the upload

	CreatedAt    time.Time
	LastEditedAt time.Time
	ExpiresAt    time.Time

	Restriction Restriction // zero for none
	FrozenAt    time.Time   // since when it is Frozen; zero while it is not
}

// Original is what is known of the uploaded bytes without decoding them.
// Width and Height are 0 when the header did not tell.
type Original struct {
	Format        Format
	Bytes         int64
	Width, Height int
}

// Turn names what one attempt at one revision has left.
type Turn struct{ Revision, Attempt int }

// Of returns the claim that the turn had on a photo.
func (t Turn) Of(id ID) Claim { return Claim{ID: id, Revision: t.Revision, Attempt: t.Attempt} }

// Claim names one holder's turn with a photo, and says in which lane the photo's tasks
// wait. The lane tells claims apart for nobody.
type Claim struct {
	ID       ID
	Revision int
	Attempt  int
	Lane     Lane
}

// Claim returns the claim that the record's current holder has.
func (p Photo) Claim() Claim { return Claim{p.ID, p.Revision, p.Attempt, p.Lane} }

// Expired reports whether the photo's time is over, so that it may no longer be
// served or processed. The time of a restricted photo stands still.
func (p Photo) Expired(now time.Time) bool { return !p.Restricted() && !now.Before(p.ExpiresAt) }

// Errors that stores answer with and everyone understands.
var (
	// ErrNotFound: no such photo, or not for this asker.
	ErrNotFound = errors.New("no such photo")
	// ErrClaimLost: someone else holds the photo now, or it has moved on.
	ErrClaimLost = errors.New("the claim on the photo is lost")
	// ErrChanged: the photo has been edited since it was read.
	ErrChanged = errors.New("the photo was edited meanwhile")
	// ErrDuplicate: this idempotency key belongs to another upload.
	ErrDuplicate = errors.New("the idempotency key is taken")
)

// AgeBand is the coarse age that a document's exceptions go by. It is asked
// only where a document has exceptions; a date of birth never is.
type AgeBand string

// The bands, as the law of most documents draws them.
const (
	Under1    AgeBand = "under_1"
	From1To5  AgeBand = "1_5"
	From6To10 AgeBand = "6_10"
	Adult     AgeBand = "adult" // 11 and older
)

// ParseAgeBand reads a band; the empty string means Adult.
func ParseAgeBand(s string) (AgeBand, bool) {
	switch b := AgeBand(s); b {
	case "":
		return Adult, true
	case Under1, From1To5, From6To10, Adult:
		return b, true
	}
	return "", false
}
