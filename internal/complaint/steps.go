package complaint

import (
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
)

// By is who acts, and when.
type By struct {
	Actor string // an officer's name, audit.Person or audit.Service
	Now   time.Time
}

// Change is a complaint as it is after a step, and the line for the audit trail.
type Change struct {
	Complaint Complaint
	Event     audit.Event
}

// The steps, as the audit trail names them.
const (
	File     audit.Action = "file_complaint"
	SendLink audit.Action = "send_complaint_link"
	Confirm  audit.Action = "confirm_complaint_address"
	TakeOn   audit.Action = "take_on_complaint"
	Reply    audit.Action = "answer_complaint"
	Close    audit.Action = "close_complaint"
	Merge    audit.Action = "merge_complaint"   // into another
	TakeIn   audit.Action = "take_in_complaint" // another was merged into it
	Forget   audit.Action = "forget_complaint"  // what names the person
)

// change raises the version.
func (c Complaint) change(action audit.Action, by By) Change {
	c.Version++
	outcome := audit.Outcome(c.State)
	if c.Closing != "" {
		outcome = audit.Outcome(c.Closing)
	}
	return Change{c, audit.Event{At: by.Now, Actor: by.Actor, Action: action, Subject: string(c.ID), Outcome: outcome}}
}

// Take is an officer's word that they see to it.
func (c Complaint) Take(by By) (Change, error) {
	if c.State != Received {
		return Change{}, ErrNotNow
	}
	c.State = InProgress
	return c.change(TakeOn, by), nil
}

// Reply answers the person. With a confirmed address there is a pair for the letter by
// which the answer can be read, else it is zero. A register.FieldError says what is
// wrong with the words.
func (c Complaint) Reply(words string, by By) (Change, secret.Pair, error) {
	if !c.State.Open() {
		return Change{}, secret.Pair{}, ErrNotNow
	}
	text, err := told(words)
	if err != nil {
		return Change{}, secret.Pair{}, err
	}
	c.State, c.Answer, c.AnsweredAt = Answered, text, by.Now
	pair := c.letter()
	return c.change(Reply, by), pair, nil
}

// letter makes the secrets of a letter that tells of the answer; zero if there is nobody
// to write to, or nothing to read.
func (c *Complaint) letter() (pair secret.Pair) {
	if c.Confirmed() && c.Answer != "" {
		pair = secret.NewPair()
		c.Read = pair.Hashes()
	}
	return pair
}

// Close ends a complaint. words go to the person where the closing needs them, as an
// answer does. What a person withdraws is forgotten at once.
func (c Complaint) Close(why Closing, words string, by By) (Change, secret.Pair, error) {
	fits := c.State.Open() && (why.Told() || why == Withdrawn) || c.State == Answered && why == WasAnswered
	if !fits {
		return Change{}, secret.Pair{}, ErrNotNow
	}
	c.State, c.Closing, c.ClosedAt = Closed, why, by.Now
	var pair secret.Pair
	if why.Told() {
		text, err := told(words)
		if err != nil {
			return Change{}, secret.Pair{}, err
		}
		c.Answer, c.AnsweredAt = text, by.Now
		pair = c.letter()
	}
	if why == Withdrawn {
		c.forget()
	}
	return c.change(Close, by), pair, nil
}

// Merge closes a complaint because another of the same person goes on, and returns that
// one too, as it is after it has taken this in. ErrOthers says that nothing shows that
// they are of the same person.
func (c Complaint) Merge(into Complaint, by By) (merged, kept Change, err error) {
	switch {
	case !c.State.Open() || !into.State.Open() || c.ID == into.ID:
		return Change{}, Change{}, ErrNotNow
	case !c.Same(into):
		return Change{}, Change{}, ErrOthers
	}
	c.State, c.Closing, c.ClosedAt, c.MergedInto = Closed, Merged, by.Now, into.ID
	return c.change(Merge, by), into.change(TakeIn, by), nil
}

// Lapse forgets what names the person, once they could read the answer for long enough;
// an answered complaint is closed by that. ErrNotNow says that the time is not over.
func (c Complaint) Lapse(by By) (Change, error) {
	if c.State.Open() || c.Forgotten() || by.Now.Before(c.ReadableUntil()) {
		return Change{}, ErrNotNow
	}
	return c.forgotten(by), nil
}

// ForgetNow is Lapse before its time, for somebody who has asked to be forgotten.
// ErrNotNow says that the complaint still waits for an answer.
func (c Complaint) ForgetNow(by By) (Change, error) {
	if c.State.Open() || c.Forgotten() {
		return Change{}, ErrNotNow
	}
	return c.forgotten(by), nil
}

func (c Complaint) forgotten(by By) Change {
	if c.State == Answered {
		c.State, c.Closing, c.ClosedAt = Closed, WasAnswered, by.Now
	}
	c.forget()
	return c.change(Forget, by)
}

func (c *Complaint) forget() {
	c.Email, c.Words, c.Reference, c.Answer = email.Address{}, "", "", ""
	c.Link, c.Read, c.Photo = Link{ConfirmedAt: c.Link.ConfirmedAt}, secret.PairHashes{}, Photo{}
}
