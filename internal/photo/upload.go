package photo

import (
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/apiclient"
)

// Reservation is what is recorded when an upload begins, before a byte of the
// picture has come. Document and AgeBand are often still unknown then, because
// the fields of a form come in any order: Received brings them.
type Reservation struct {
	ID          ID
	KeyHash     KeyHash
	Document    string  // may be empty
	AgeBand     AgeBand // may be empty
	Idempotency *Idempotency
	Client      apiclient.ID // whose key it came with; empty for people and whoever needs none
	Now         time.Time
}

// Idempotency lets an upload be repeated: Hash finds the photo again, and
// SealedKey is the photo's key, readable only with the raw idempotency key,
// which is not stored.
type Idempotency struct {
	Hash      [32]byte
	SealedKey []byte
}

// Received is what is known when the whole picture has come and is stored.
type Received struct {
	Document  string
	AgeBand   AgeBand
	Original  Original
	BodyHash  [32]byte // over picture, document and age band; tells a repeated upload from a changed one
	Reference string   // see Photo
	Statement Statement
	Lane      Lane
	Now       time.Time
	ExpiresAt time.Time
}

// Replay is what an earlier upload with the same idempotency key left.
type Replay struct {
	Photo     Photo
	SealedKey []byte
	BodyHash  [32]byte // zero while Receiving
}
