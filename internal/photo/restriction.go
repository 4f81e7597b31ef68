package photo

import (
	"errors"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/secret"
)

// Restriction is what Article 18 GDPR lets a person ask for: the photo is kept
// and nothing is done with it, neither deleted when its time is over nor made,
// shown or changed, until an officer has told the person and lifts it. The
// person can still erase the photo at any time.
//
// It stands beside the photo's status, which is what the photo goes on from.
type Restriction struct {
	ID       RestrictionID
	Ground   Ground
	Since    time.Time
	ReviewBy time.Time // when an officer has to have looked at it again
	ToldAt   time.Time // when the person was told that it will be lifted; zero before
	Note     string    // the officer's reasons, to the person
}

// RestrictionID names a restriction for officers and in the audit trail. It is
// random, opens nothing and says nothing of the photo.
type RestrictionID string

// NewRestrictionID returns a fresh ID of 128 random bits.
func NewRestrictionID() RestrictionID { return RestrictionID(secret.NewName()) }

// ParseRestrictionID accepts only what NewRestrictionID makes.
func ParseRestrictionID(s string) (RestrictionID, bool) {
	return RestrictionID(s), secret.IsName(s)
}

// Ground is why a person may ask for a restriction, in one word: the points (a)
// to (d) of Article 18(1).
type Ground string

// The grounds.
const (
	ContestsAccuracy Ground = "accuracy"    // while it is looked at whether what we hold is right
	ProcessedWrongly Ground = "unlawful"    // instead of an erasure
	NeedsForClaim    Ground = "legal_claim" // the person needs what we don't need any more
	Objects          Ground = "objection"   // while it is looked at whose interest weighs more
)

// Grounds lists them in the law's order.
func Grounds() []Ground {
	return []Ground{ContestsAccuracy, ProcessedWrongly, NeedsForClaim, Objects}
}

// Errors of restrictions.
var (
	// ErrRestricted: nothing may be done with the photo but keeping or erasing it.
	ErrRestricted = errors.New("the photo is restricted")
	// ErrNotTold: a restriction is lifted only after the person was told.
	ErrNotTold = errors.New("the person has not been told")
)

// Restricted reports whether nothing may be done with the photo.
func (p Photo) Restricted() bool { return !p.Restriction.Since.IsZero() }
