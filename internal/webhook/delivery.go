package webhook

import (
	"errors"
	"fmt"
	"time"
)

// State is where a notice stands.
type State string

// The states. Waiting notices are tried until one of the others is reached.
const (
	Waiting   State = "waiting"
	Delivered State = "delivered"
	Failed    State = "failed"  // tried until there was no point any more
	Dropped   State = "dropped" // its photo or its endpoint is gone
)

// States lists them.
func States() []State { return []State{Waiting, Delivered, Failed, Dropped} }

// Trouble is why a try at delivering failed.
type Trouble string

// The troubles.
const (
	Unreachable Trouble = "unreachable" // nobody answers there, or the name leads nowhere
	NotAllowed  Trouble = "not_allowed" // the name leads to an address to which we send nothing
	NotTrusted  Trouble = "not_trusted" // the certificate is not good for the name
	TooSlow     Trouble = "too_slow"
	Refused     Trouble = "refused" // it answered with something other than 2xx
	Answered410 Trouble = "gone"    // it answered 410
	Sealed      Trouble = "sealed"  // the secret can't be opened at the moment
)

// Failure is the error of a try. It holds nothing of the address and of what was
// answered but the number.
type Failure struct {
	Trouble Trouble
	Code    int // of the answer; 0 for none
}

// Error is error's.
func (f Failure) Error() string {
	if f.Code == 0 {
		return fmt.Sprintf("the notice was not taken: %s", f.Trouble)
	}
	return fmt.Sprintf("the notice was not taken: %s, the endpoint answered %d", f.Trouble, f.Code)
}

// Claim names one try at delivering. Only the newest claim of a notice may say what
// became of it.
type Claim struct {
	ID  ID
	Try int // from 1; before a claim, how many there were
}

// Outcome is what a try came to.
type Outcome struct {
	State State
	Failure
	Next time.Time // when a notice that waits is tried again
	Now  time.Time
	// Endpoint's part: whether it has just been found gone.
	Gone bool
}

// Lease is how long a claim holds: longer than any try takes, which PostLimit ends.
const (
	Lease     = time.Minute
	PostLimit = 15 * time.Second
)

// waits are those before the tries after the first; the last one is repeated. With them
// a notice is tried some 14 times within KeepTrying.
var waits = []time.Duration{
	5 * time.Second, 30 * time.Second, 2 * time.Minute, 5 * time.Minute, 15 * time.Minute,
	30 * time.Minute, time.Hour, 2 * time.Hour, 3 * time.Hour,
}

// After says what the notice's try came to. random, from 0 to 1, spreads the tries, so
// that all that waited for a server do not return in the same second.
func (n Notice) After(try int, posted error, random float64, now time.Time) Outcome {
	if posted == nil {
		return Outcome{State: Delivered, Now: now}
	}
	why := Failure{Trouble: Unreachable}
	_ = errors.As(posted, &why)
	if why.Trouble == Answered410 {
		return Outcome{State: Dropped, Failure: why, Now: now, Gone: true}
	}
	wait := waits[min(max(try, 1), len(waits))-1]
	next := now.Add(wait + time.Duration(random*float64(wait/4)))
	if !next.Before(n.Until) {
		return Outcome{State: Failed, Failure: why, Now: now}
	}
	return Outcome{State: Waiting, Failure: why, Next: next, Now: now}
}

// ErrClaimLost says that a notice is not to be had, or that another has it now: it was
// delivered or dropped, its time has not come, or somebody else is at it.
var ErrClaimLost = errors.New("the claim on the notice is lost")

// Record is a notice as it is shown to operators.
type Record struct {
	ID     ID
	Kind   Kind
	At     time.Time
	State  State
	Tries  int
	Last   Failure   // of the last try; zero if it succeeded or there was none
	Closed time.Time // zero while it waits
}
