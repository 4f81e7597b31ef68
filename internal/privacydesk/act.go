package privacydesk

import (
	"context"

	"cloud.google.com/go/civil"

	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// Deed is what an officer does, or the person who withdraws a request.
type Deed struct {
	Request subjectrequest.ID
	Version int // of the request that was shown
	Action  subjectrequest.Action
	Actor   string

	// Words are the question, the reasons of an extension or a refusal, or the answer.
	Words             string
	Authority, Remedy string                 // of a refusal
	Day               civil.Date             // on which a question was answered
	Closing           subjectrequest.Closing // of Close
	Receipt           string                 // of an answer, if something was erased for it
}

// Act takes a step and tells the person. subjectrequest.ErrChanged says that somebody
// else has acted on the request since it was shown, and its other errors why the step
// can't be taken.
func (d *Desk) Act(ctx context.Context, do Deed) (subjectrequest.Request, error) {
	r, err := d.Requests.Find(ctx, do.Request)
	if err == nil {
		err = r.Seen(do.Version)
	}
	if err != nil {
		return subjectrequest.Request{}, err
	}
	if do.Action == subjectrequest.SendLink {
		if err := d.Resend(ctx, r, do.Actor); err != nil {
			return subjectrequest.Request{}, err
		}
		return d.Requests.Find(ctx, do.Request)
	}
	return d.take(ctx, r, do)
}

// take keeps the step of a deed with its letter.
func (d *Desk) take(ctx context.Context, r subjectrequest.Request, do Deed) (subjectrequest.Request, error) {
	c, tells, err := d.step(r, do)
	if err != nil {
		return subjectrequest.Request{}, err
	}
	if err := d.forget(ctx, r, do); err != nil {
		return subjectrequest.Request{}, err
	}
	letters, err := d.letters(c.Request, r.Email, tells)
	if err == nil {
		err = d.Requests.Save(ctx, c, letters...)
	}
	if err != nil {
		return subjectrequest.Request{}, err
	}
	d.post(ctx, letters)
	return c.Request, nil
}

// forget deletes what is filed under an address for whoever had that erased and shows
// no photo's key. It comes before the answer that says so.
func (d *Desk) forget(ctx context.Context, r subjectrequest.Request, do Deed) error {
	if do.Action != subjectrequest.Fulfil || r.Kind != subjectrequest.Erasure || r.Channel == subjectrequest.PhotoKey || r.Email == (email.Address{}) {
		return nil
	}
	return d.Registers.Forget(ctx, r.Email, d.by(do.Actor))
}

// step returns the change and what the person is told of it; nil for nothing.
func (d *Desk) step(r subjectrequest.Request, do Deed) (c subjectrequest.Change, tells letter.Content, err error) {
	by := d.by(do.Actor)
	switch do.Action {
	case subjectrequest.Accept:
		c, err = r.Accept(by)
	case subjectrequest.SettleIdentity:
		c, err = r.SettleIdentity(do.Day, by)
	case subjectrequest.AskIdentity:
		c, err = r.AskIdentity(do.Words, by)
		tells = letter.AskIdentity{Case: caseOf(r), Question: c.Request.Question.Text}
	case subjectrequest.Extend:
		c, err = r.Extend(do.Words, by)
		tells = letter.Extend{Case: caseOf(r), Reasons: c.Request.Extension, AnswerBy: d.day(c.Request.Dates.Law)}
	case subjectrequest.Refuse:
		c, err = r.Refuse(subjectrequest.Refusal{Reason: do.Words, Authority: do.Authority, Remedy: do.Remedy}, by)
		tells = d.refusal(c.Request)
	case subjectrequest.Fulfil:
		return d.fulfil(r, do, by)
	case subjectrequest.Close:
		c, err = r.Close(do.Closing, by)
		if do.Closing == subjectrequest.Redirected && r.Identified() {
			tells = letter.Redirect{Case: caseOf(r), Address: d.ShineTheLight}
		}
	default:
		err = subjectrequest.ErrNotNow
	}
	return c, tells, err
}

func (d *Desk) refusal(r subjectrequest.Request) letter.Content {
	if r.Refusal.Authority == "" { // California's law names none
		return letter.Decline{Case: caseOf(r), Reasons: r.Refusal.Reason}
	}
	return letter.Refuse{Case: caseOf(r), Reasons: r.Refusal.Reason, Authority: r.Refusal.Authority, Remedy: r.Refusal.Remedy}
}

// fulfil makes the link by which the answer is read along with it.
func (d *Desk) fulfil(r subjectrequest.Request, do Deed, by subjectrequest.By) (subjectrequest.Change, letter.Content, error) {
	answer := subjectrequest.Answer{Note: do.Words, Receipt: do.Receipt}
	var pair secret.Pair
	if r.Email != (email.Address{}) {
		pair = secret.NewPair()
		answer.Link = pair.Hashes()
	}
	c, err := r.Fulfil(answer, by)
	if err != nil {
		return c, nil, err
	}
	return c, letter.Answer{Case: caseOf(r), Secrets: pair, Until: d.Calendar.End(c.Request.ReadableUntil())}, nil
}
