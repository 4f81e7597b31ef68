package archive

import "time"

// Sealed is a Document as it is kept: unreadable without the master key.
type Sealed struct {
	Key      []byte // of this document alone, sealed by the master key
	Document []byte // encrypted under that key
	// Since is from when its Life counts: when it was made, or earlier if something in
	// it has less time left.
	Since time.Time
}
