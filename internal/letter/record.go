package letter

import (
	"errors"
	"time"
)

// Record is a letter with what has become of it so far, as an officer sees it: it has
// no secrets.
type Record struct {
	Letter
	State  State
	Reason Reason // why the last try failed; empty if none did, or it was sent
	Tries  int
	Next   time.Time // when it is tried next; zero if it is not
	Closed time.Time // when it was sent or given up; zero while it waits
}

// Place is where a page of letters, the newest first, ended; the zero one is the
// beginning.
type Place struct {
	Written time.Time
	ID      ID
}

// Place returns the letter's own.
func (r Record) Place() Place { return Place{r.Written, r.ID} }

// Errors of letters that an officer looks for.
var (
	ErrNotFound = errors.New("there is no such letter")
	// ErrFinal: the letter can't be sent again.
	ErrFinal = errors.New("the letter can't be sent again")
)

// Again says until when a letter that failed is tried if it is sent again now;
// ErrFinal if it can't be, because it has not failed or its link or code are gone.
func (r Record) Again(now time.Time) (until time.Time, err error) {
	if r.State != Failed || r.Sealed() {
		return time.Time{}, ErrFinal
	}
	return now.Add(keepTrying), nil
}
