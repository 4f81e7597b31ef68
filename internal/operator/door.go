package operator

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/secret"
)

// Door lets operators in. It is safe for use from many requests at once.
type Door struct {
	list     List
	nobody   hash // is worked on for names that there are not
	attempts *attempts
	turn     chan struct{} // holds one entry while a password is worked on
	log      *slog.Logger
	now      func() time.Time
}

// NewDoor returns the door for the operators, with the options' list, tally, log and
// time.
func NewDoor(o Options) *Door {
	cost := today
	if len(o.List.entries) > 0 {
		cost = o.List.entries[0].hash.work
	}
	return &Door{o.List, noHash(cost), newAttempts(o.List, o.Tally), make(chan struct{}, 1), o.Log, o.Now}
}

// Knock is one try: who is said to stand there, with which password and code, and
// from where.
type Knock struct {
	Name, Password string
	Code           string // of the authenticator, or a recovery code
	Client         string
	Former         secret.Key // of a session that the browser still has, which ends
}

// ErrUnknown says that the name, the password or the code is wrong; which is not
// told.
var ErrUnknown = errors.New("no such operator")

// ErrBusy says that too many are knocking at the same time.
var ErrBusy = errors.New("too many are knocking")

// TooOftenError says that the name was tried too often with wrong passwords or codes,
// and is not tried again for a while, not even with the right ones.
type TooOftenError struct{ After time.Duration }

// Error says so.
func (TooOftenError) Error() string { return "too many wrong passwords" }

// patience is how long a knock waits for its turn.
const patience = 2 * time.Second

// Open tells who knocks; ErrUnknown, ErrBusy, or a TooOftenError. When the password is
// right, code is asked whether the code is.
func (d *Door) Open(ctx context.Context, k Knock, code func(context.Context, Operator) (bool, error)) (Operator, error) {
	var o Operator
	err := d.check(ctx, k, func(ctx context.Context) (bool, error) {
		var known bool
		if o, known = d.know(k); !known {
			return false, nil
		}
		return code(ctx, o)
	})
	if err != nil {
		return Operator{}, err
	}
	return o, nil
}

// check asks whether the knock is right, unless the name was tried too often, and
// counts it if it is not.
func (d *Door) check(ctx context.Context, k Knock, right func(context.Context) (bool, error)) error {
	wait, err := d.attempts.waitForAll(ctx, k, d.now())
	if err != nil {
		d.log.Warn("wrong passwords of operators are counted by each process alone", "error", err)
	}
	if wait > 0 {
		return TooOftenError{wait}
	}
	failure := d.take(ctx, k, right)
	if errors.Is(failure, ErrUnknown) {
		if err := d.attempts.tellAll(ctx, k, d.now()); err != nil {
			d.log.Warn("a wrong password of an operator was counted by this process alone", "error", err)
		}
	}
	return failure
}

// take waits for its turn: passwords are worked on one after another, so that
// strangers can take no more than one processor and 19 MB, and none of the tries that
// come at the same time goes uncounted.
func (d *Door) take(ctx context.Context, k Knock, right func(context.Context) (bool, error)) error {
	waiting, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	select {
	case d.turn <- struct{}{}:
		defer func() { <-d.turn }()
	case <-waiting.Done():
		return ErrBusy
	}
	if wait := d.attempts.wait(k, d.now()); wait > 0 {
		return TooOftenError{wait}
	}
	ok, err := right(ctx)
	if err != nil {
		return err
	}
	if !ok {
		d.attempts.failed(k, d.now())
		return ErrUnknown
	}
	return nil
}

// know does the same work whether there is such a name or not.
func (d *Door) know(k Knock) (Operator, bool) {
	if len(k.Password) > maxPassword {
		k.Password = ""
	}
	found, is := d.list.find(k.Name)
	if !is {
		found.hash = d.nobody
	}
	return found.Operator, found.hash.opens(k.Password) && is
}
