package photo

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/attest"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
)

// Receipt is the proof of an erasure that whoever asked for it can look up
// later. Its ID is random and nothing in it leads back to the photo.
type Receipt struct {
	ID         string           `json:"id"`
	Reason     ErasureReason    `json:"reason"`
	CreatedAt  time.Time        `json:"created_at"`
	FinishedAt time.Time        `json:"finished_at"` // zero while something of the photo still has to be deleted
	Erased     Traces           `json:"erased"`      // complete once it is finished
	Proof      attest.Statement `json:"proof"`       // says all this, signed; pending or finished as the receipt was then
}

// ErasureReason is why a photo was erased.
type ErasureReason string

// The reasons.
const (
	ErasedOnRequest    ErasureReason = "request"
	ErasedByExpiry     ErasureReason = "expiry"
	ErasedAfterRestore ErasureReason = "restore" // a backup brought a record back whose key is gone
)

// Trace is a kind of data that a photo leaves in some place.
type Trace string

// The traces. Those of blobs have the names of the vault's kinds.
const (
	KeyTrace      Trace = "key"
	OriginalTrace Trace = "original"
	ResultTrace   Trace = "result"
	ReportTrace   Trace = "report"
	AnalysisTrace Trace = "analysis"
	QueueTrace    Trace = "queue_entry"
	RecordTrace   Trace = "record"
)

// Traces say how many of each there are.
type Traces map[Trace]int

// Erasure is one that has begun and is not finished: what its receipt must know
// to go on with it when everything else of the photo is gone.
type Erasure struct {
	Photo    ID
	Revision int // the photo's last
	Receipt  Receipt
	Now      time.Time // of the run that removes what is left; zero before it
}

// NewReceipt returns a receipt for an erasure that begins.
func NewReceipt(why ErasureReason, now time.Time) Receipt {
	return Receipt{ID: secret.NewName(), Reason: why, CreatedAt: now}
}

// State is "pending" until the last trace is gone, then "finished".
func (r Receipt) State() string {
	if r.FinishedAt.IsZero() {
		return "pending"
	}
	return "finished"
}

// Reopened is the receipt of an erasure that has to be done again.
func (r Receipt) Reopened() Receipt {
	r.FinishedAt = time.Time{}
	return r
}

// receiptText is what a receipt states. What is deleted is counted only once all
// of it is.
type receiptText struct {
	Statement  string        `json:"statement"` // tells these apart from all else that the key signs
	Receipt    string        `json:"receipt"`
	State      string        `json:"state"`
	Reason     ErasureReason `json:"reason"`
	CreatedAt  time.Time     `json:"created_at"`
	FinishedAt *time.Time    `json:"finished_at,omitempty"`
	Erased     Traces        `json:"erased,omitempty"`
}

// Signed returns the receipt with a proof of how it stands. Times are stated in
// UTC to the millisecond, as they are stored.
func (r Receipt) Signed(s *attest.Signer) (Receipt, error) {
	t := receiptText{
		Statement: "passportphotogenie/erasure/1", Receipt: r.ID, State: r.State(), Reason: r.Reason,
		CreatedAt: r.CreatedAt.UTC().Truncate(time.Millisecond),
	}
	if !r.FinishedAt.IsZero() {
		finished := r.FinishedAt.UTC().Truncate(time.Millisecond)
		t.FinishedAt, t.Erased = &finished, r.Erased
	}
	text, err := json.Marshal(t)
	if err != nil {
		return Receipt{}, fmt.Errorf("sign receipt: %w", err)
	}
	r.Proof = s.Sign(string(text))
	return r, nil
}
