package childreport

import (
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/plaintext"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
)

// The steps of a report, as the audit trail has them.
const (
	File      audit.Action = "file_child_report"
	Confirm   audit.Action = "confirm_child_report"
	Decide    audit.Action = "decide_child_report"
	PhotoGone audit.Action = "end_child_report" // the photo went before the decision
	Tell      audit.Action = "tell_of_child_report"
)

// Outcomes of File.
const (
	FrozePhoto audit.Outcome = "frozen"
	NoPhoto    audit.Outcome = "no_photo"
	NotAgain   audit.Outcome = "not_frozen_again" // a report about the photo was rejected before
)

// Change is a step of a report: how it is afterwards, and the line that says so.
type Change struct {
	Report Report
	Event  audit.Event
}

func (r Report) change(what audit.Action, actor string, now time.Time) Change {
	return Change{r, audit.Event{At: now, Actor: actor, Action: what, Subject: string(r.ID), Outcome: audit.Outcome(r.State)}}
}

// Confirmed reports whether somebody reads the mailbox who made the report theirs.
func (r Report) Confirmed() bool { return r.Email != (email.Address{}) && !r.Link.ConfirmedAt.IsZero() }

// ReadableUntil is until when the answer of a closed report can be read.
func (r Report) ReadableUntil() time.Time { return r.ClosedAt.Add(WordsLife) }

// Confirm is for whoever followed the mailed link, once; ErrLink after that and when
// its time is over. If the report is closed the answer can be mailed now: its pair is
// returned then, else a zero one.
func (r Report) Confirm(now time.Time) (Change, secret.Pair, error) {
	if r.Email == (email.Address{}) || !r.Link.ConfirmedAt.IsZero() || !now.Before(r.Link.Until) {
		return Change{}, secret.Pair{}, ErrLink
	}
	r.Version++
	r.Link.ConfirmedAt = now
	answer := r.answerLink()
	c := r.change(Confirm, audit.Person, now)
	c.Event.Outcome = audit.Allowed
	return withAnswer(c, answer), answer, nil
}

// Decision is what an officer decides.
type Decision struct {
	State   State // Upheld, Rejected, or Ended when there is no photo
	Reason  string
	Version int // of the report that the officer has seen
	Officer string
	Now     time.Time
}

// Decide closes the report. The pair opens the answer and goes into the letter that
// tells of it; zero where no letter may be sent. ErrChanged, ErrClosed, ErrPhotoGone,
// ErrPhotoThere or a FieldError say why it can't be decided like this.
func (r Report) Decide(d Decision) (Change, secret.Pair, error) {
	reason, plain := plaintext.Parse(d.Reason, MaxWords)
	switch {
	case r.State != Received:
		return Change{}, secret.Pair{}, ErrClosed
	case r.Version != d.Version:
		return Change{}, secret.Pair{}, ErrChanged
	case !plain:
		return Change{}, secret.Pair{}, FieldError{"reason", "The reasons must be plain text of at most 5000 characters, without control characters."}
	case reason == "":
		return Change{}, secret.Pair{}, FieldError{"reason", "Give your reasons: whoever reported reads them."}
	}
	switch d.State {
	case Upheld:
		if r.Photo.ID == "" {
			return Change{}, secret.Pair{}, ErrPhotoGone
		}
	case Ended:
		if r.Photo.ID != "" {
			return Change{}, secret.Pair{}, ErrPhotoThere
		}
	case Rejected:
	default:
		return Change{}, secret.Pair{}, FieldError{"decision", "Choose what is to happen."}
	}
	r.Version++
	r.State, r.Reason, r.ClosedAt = d.State, reason, d.Now
	answer := r.answerLink()
	return withAnswer(r.change(Decide, d.Officer, d.Now), answer), answer, nil
}

// Tell is for a report that its photo's end has closed: the pair opens the answer and
// goes into the letter. ErrClosed says that there is nothing to tell, or nobody.
func (r Report) Tell(now time.Time) (Change, secret.Pair, error) {
	answer := r.answerLink()
	if answer == (secret.Pair{}) || r.Answer != (secret.PairHashes{}) {
		return Change{}, secret.Pair{}, ErrClosed
	}
	r.Version++
	return withAnswer(r.change(Tell, audit.Service, now), answer), answer, nil
}

// answerLink is a fresh pair if there is an answer that may be mailed.
func (r Report) answerLink() secret.Pair {
	if r.State == Received || !r.Confirmed() {
		return secret.Pair{}
	}
	return secret.NewPair()
}

func withAnswer(c Change, answer secret.Pair) Change {
	if answer != (secret.Pair{}) {
		c.Report.Answer = answer.Hashes()
	}
	return c
}

// Opens reports whether a key is the report's own or the mailed one of its answer. A
// code that was typed in opens it too, as long as the answer is readable.
func (r Report) Opens(given string, now time.Time) bool {
	own := r.KeyHash.Opens(secret.Key(given))
	mailed := r.Answer != (secret.PairHashes{}) && now.Before(r.ReadableUntil()) && opensPair(r.Answer, given)
	return own || mailed
}

func opensPair(p secret.PairHashes, given string) bool {
	if p.Token.Opens(secret.Key(given)) {
		return true
	}
	code, ok := secret.ParseCode(given)
	return ok && p.Code.Opens(code)
}
