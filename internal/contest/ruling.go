package contest

import (
	"errors"
	"time"
)

// Ruling is how an officer decided.
type Ruling struct {
	Decision Decision
	Note     string // to the person; never empty
	At       time.Time
}

// Decision is what became of the contested checks.
type Decision string

// The decisions.
const (
	Upheld     Decision = "upheld"     // the checks stand
	Overturned Decision = "overturned" // the checks were wrong
)

// Errors of a ruling.
var (
	ErrNoDecision = errors.New("there is no such decision")
	ErrNoNote     = errors.New("the decision has no note")
)

// NewRuling returns a ruling; ErrNoDecision, ErrNoNote or ErrWords say what is
// wrong with it.
func NewRuling(decision, note string, now time.Time) (Ruling, error) {
	d := Decision(decision)
	if d != Upheld && d != Overturned {
		return Ruling{}, ErrNoDecision
	}
	note, err := Words(note)
	if err != nil {
		return Ruling{}, err
	}
	if note == "" {
		return Ruling{}, ErrNoNote
	}
	return Ruling{d, note, now}, nil
}
