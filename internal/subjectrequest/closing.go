package subjectrequest

import (
	"cloud.google.com/go/civil"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
)

// AnswerDays is for how many days the person can read an answer; then the request
// closes by itself.
const AnswerDays = 14

// ReadableUntil is the last day on which the answer can be read for certain; zero
// without an answer.
func (r Request) ReadableUntil() civil.Date {
	if r.AnsweredOn.IsZero() {
		return civil.Date{}
	}
	return r.AnsweredOn.AddDays(AnswerDays - 1)
}

// Closing is why nothing more happens with a request.
type Closing string

// The closings.
const (
	Answered   Closing = "answered"   // and the answer's time is over
	Withdrawn  Closing = "withdrawn"  // by the person
	Redirected Closing = "redirected" // Shine the Light, to the designated address
	Merged     Closing = "merged"     // into another request of the same person
)

// Close ends a request, and forgets the person: address, words, answer and photo.
// What stays are dates and outcomes. ErrNotNow says that this closing does not fit:
// an answer can be read for AnswerDays, and a request without one is not Answered.
func (r Request) Close(why Closing, by By) (Change, error) {
	if err := r.May(Close, by); err != nil {
		return Change{}, err
	}
	if !r.fits(why, by) {
		return Change{}, ErrNotNow
	}
	r.State, r.Closing, r.ClosedAt = Closed, why, by.Now
	r.Email, r.Message, r.Photo, r.Link, r.Answer.Note = email.Address{}, "", Photo{}, Link{}, ""
	r.Answer.Link = secret.PairHashes{}
	c := r.change(Close, by)
	c.Event.Outcome = audit.Outcome(why)
	return c, nil
}

func (r Request) fits(why Closing, by By) bool {
	switch why {
	case Answered:
		return !r.State.Open() && by.today().DaysSince(r.AnsweredOn) >= AnswerDays
	case Withdrawn, Merged:
		return r.State.Open()
	case Redirected:
		return r.State.Open() && r.Kind == ShineTheLight && r.Channel != DesignatedMail
	}
	return false
}
