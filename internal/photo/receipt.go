package photo

import (
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/secret"
)

// Receipt is the proof of an erasure that whoever asked for it can look up
// later. Its ID is random and nothing in it leads back to the photo.
type Receipt struct {
	ID         string
	Reason     ErasureReason
	CreatedAt  time.Time
	FinishedAt time.Time // zero while something of the photo still has to be deleted
}

// ErasureReason is why a photo was erased.
type ErasureReason string

// The reasons.
const (
	ErasedOnRequest ErasureReason = "request"
	ErasedByExpiry  ErasureReason = "expiry"
)

// NewReceipt returns a receipt for an erasure that begins.
func NewReceipt(why ErasureReason, now time.Time) Receipt {
	return Receipt{ID: secret.NewName(), Reason: why, CreatedAt: now}
}
