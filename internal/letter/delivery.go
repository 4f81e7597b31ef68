package letter

import (
	"errors"
	"fmt"
	"time"
)

// State is where a letter stands.
type State string

// The states. Waiting letters are tried until one of the others is reached.
const (
	Waiting State = "waiting"
	Sent    State = "sent"
	Failed  State = "failed"
)

// States lists them.
func States() []State { return []State{Waiting, Sent, Failed} }

// Reason is why a letter did not go out: at the last try if it waits, for good if it
// has failed.
type Reason string

// The reasons.
const (
	Unreachable  Reason = "unreachable"   // no mail server answered, or it broke off
	NotEncrypted Reason = "not_encrypted" // the connection can't be made private
	LoginRefused Reason = "login_refused" // the mail server does not take our name and password
	Deferred     Reason = "deferred"      // the mail server asked to come back later
	Unwelcome    Reason = "unwelcome"     // it takes no mail from us
	Refused      Reason = "refused"       // it refused this letter or its addressee for good
	SecretLost   Reason = "secret_lost"   // the link or the code is gone, as after a restored backup
	Undelivered  Reason = "undelivered"   // it was tried until there was no point any more
)

// Failure is the error of a try at sending. It holds nothing of the letter and of
// what the mail server said but the number.
type Failure struct {
	Reason Reason
	Code   int // of the mail server's answer; 0 for none
}

// Error is error's.
func (f Failure) Error() string {
	if f.Code == 0 {
		return fmt.Sprintf("the letter was not sent: %s", f.Reason)
	}
	return fmt.Sprintf("the letter was not sent: %s, the mail server answered %d", f.Reason, f.Code)
}

// forGood reports whether another try has no point.
func (f Failure) forGood() bool { return f.Reason == Refused || f.Reason == SecretLost }

// Claim names one try at sending a letter. Only the newest claim of a letter may say
// what became of it.
type Claim struct {
	ID  ID
	Try int // from 1; in a task, how many there were before
}

// Outcome is what a try came to.
type Outcome struct {
	State  State
	Reason Reason // empty if sent
	// Next is when a letter that waits is tried again.
	Next time.Time
	Now  time.Time
}

// Lease is how long a claim holds: longer than any try takes, which SendLimit ends.
const (
	Lease     = 2 * time.Minute
	SendLimit = time.Minute
)

// Retries: the first soon, the later ones up to longestWait apart, until keepTrying
// after the letter was written.
const (
	firstWait   = 30 * time.Second
	longestWait = 6 * time.Hour
	keepTrying  = 72 * time.Hour
)

// After says what the letter's try came to. random, from 0 to 1, spreads the tries,
// so that all that waited for a mail server do not return in the same second.
func (l Letter) After(try int, sent error, random float64, now time.Time) Outcome {
	if sent == nil {
		return Outcome{State: Sent, Now: now}
	}
	why := Failure{Reason: Unreachable}
	_ = errors.As(sent, &why)
	if why.forGood() {
		return Outcome{State: Failed, Reason: why.Reason, Now: now}
	}
	next := now.Add(wait(try, random))
	if !next.Before(l.Until) {
		next = l.Until // when it is given up, not sent
	}
	return Outcome{State: Waiting, Reason: why.Reason, Next: next, Now: now}
}

// wait doubles with each try; the last quarter of it is up to chance.
func wait(try int, random float64) time.Duration {
	d := longestWait
	if try < 12 {
		d = min(d, firstWait<<(max(try, 1)-1))
	}
	return d - time.Duration(random*float64(d/4))
}

// Ration is how many letters a mailbox gets that anybody can cause, per hour and per
// day (UTC): a form must not be a way to flood a stranger's mailbox.
type Ration struct{ PerHour, PerDay int }

// StandardRation lets a person try each of several forms.
func StandardRation() Ration { return Ration{PerHour: 5, PerDay: 12} }

// ErrTooMany says that the mailbox has had its ration. Nothing was written.
var ErrTooMany = errors.New("this mailbox has been sent enough letters for now")

// ErrClaimLost says that a letter is not to be had, or that another has it now: it was
// sent or given up, its time has not come, or somebody else is at it.
var ErrClaimLost = errors.New("the claim on the letter is lost")
