package operator

import (
	"context"
	"errors"
	"time"
)

// Door lets operators in. It is safe for use from many requests at once.
type Door struct {
	list     List
	nobody   hash // is worked on for names that there are not
	attempts *attempts
	turn     chan struct{} // holds one entry while a password is worked on
	now      func() time.Time
}

// NewDoor returns a door for the listed operators.
func NewDoor(l List, now func() time.Time) *Door {
	cost := today
	if len(l.entries) > 0 {
		cost = l.entries[0].hash.work
	}
	return &Door{list: l, nobody: noHash(cost), attempts: newAttempts(), turn: make(chan struct{}, 1), now: now}
}

// Knock is one try: who is said to stand there, with which password, and from
// where.
type Knock struct{ Name, Password, Client string }

// ErrUnknown says that the name or the password is wrong; which one is not told.
var ErrUnknown = errors.New("no such operator")

// ErrBusy says that too many are knocking at the same time.
var ErrBusy = errors.New("too many are knocking")

// TooOftenError says that the name was tried too often with wrong passwords, and
// is not tried again for a while, not even with the right one.
type TooOftenError struct{ After time.Duration }

// Error says so.
func (TooOftenError) Error() string { return "too many wrong passwords" }

// patience is how long a knock waits for its turn.
const patience = 2 * time.Second

// Open tells who knocks; ErrUnknown, ErrBusy, or a TooOftenError. Passwords are
// worked on one after another, so that strangers can take no more than one
// processor and 19 MB.
func (d *Door) Open(ctx context.Context, k Knock) (Operator, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	select {
	case d.turn <- struct{}{}:
		defer func() { <-d.turn }()
	case <-ctx.Done():
		return Operator{}, ErrBusy
	}
	if wait := d.attempts.wait(k, d.now()); wait > 0 {
		return Operator{}, TooOftenError{wait}
	}
	o, ok := d.know(k)
	if !ok {
		d.attempts.failed(k, d.now())
		return Operator{}, ErrUnknown
	}
	return o, nil
}

// know does the same work whether there is such a name or not.
func (d *Door) know(k Knock) (Operator, bool) {
	if len(k.Password) > maxPassword {
		k.Password = ""
	}
	found := entry{hash: d.nobody}
	for _, e := range d.list.entries {
		if e.Name == k.Name {
			found = e
		}
	}
	return found.Operator, found.hash.opens(k.Password) && found.Name != ""
}
