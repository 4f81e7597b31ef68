package subjectrequest

import (
	"errors"
	"slices"
	"time"

	"cloud.google.com/go/civil"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
)

// By is who acts, when, and by which calendar.
type By struct {
	Actor    string // an operator's name, audit.Person or audit.Service
	Now      time.Time
	Calendar Calendar
}

func (b By) today() civil.Date { return b.Calendar.Day(b.Now) }

// Change is a step of a request: how it is afterwards, and the line that says so. A
// request's lines in the audit trail are its history.
type Change struct {
	Request Request
	Event   audit.Event
}

func (r Request) change(a Action, by By) Change {
	r.Version++
	return Change{r, audit.Event{At: by.Now, Actor: by.Actor, Action: audit.Action(a), Subject: string(r.ID), Outcome: audit.Outcome(r.State)}}
}

// Action is what can be done with a request. It is the word of the audit trail too,
// whose outcome is the state afterwards.
type Action string

// The actions. File, SendLink and Confirm are the person's; the others an officer's,
// and Close both's.
const (
	File           Action = "file_request"
	SendLink       Action = "send_link"
	Confirm        Action = "confirm_address"
	AskIdentity    Action = "ask_identity"
	SettleIdentity Action = "settle_identity"
	Accept         Action = "accept_request"
	Extend         Action = "extend_request"
	Refuse         Action = "refuse_request"
	Fulfil         Action = "fulfil_request"
	Close          Action = "close_request"
)

// Errors of changes: why something can't be done now.
var (
	// ErrOver: the request is answered or closed.
	ErrOver = errors.New("the request is answered already")
	// ErrNotNow: in this state something else comes first.
	ErrNotNow = errors.New("that can't be done with the request as it stands")
	// ErrUnidentified: the mailed link was not followed, and no question answered.
	ErrUnidentified = errors.New("it is not known yet that the asker may ask")
	// ErrIdentified: the photo's key has settled who may ask.
	ErrIdentified = errors.New("the photo's key has settled who may ask")
	// ErrTooLate: what is due in the first month can't begin after it.
	ErrTooLate = errors.New("the first month is over")
	// ErrNotForKind: the law has this for other kinds of requests.
	ErrNotForKind = errors.New("the law knows no such thing for this kind of request")
	// ErrNoReason: words are missing that the law asks for.
	ErrNoReason = errors.New("a reason is missing")
)

// May returns why an action can't be done with the request now, or nil.
func (r Request) May(a Action, by By) error {
	from, known := map[Action][]State{
		SendLink:       {Received, IdentityPending},
		Confirm:        {Received, IdentityPending, Accepted, Extended},
		AskIdentity:    {Received},
		SettleIdentity: {IdentityPending},
		Accept:         {Received},
		Extend:         {Accepted},
		Refuse:         {Received, IdentityPending, Accepted, Extended},
		Fulfil:         {Accepted, Extended},
		Close:          States()[:6],
	}[a]
	switch {
	case !known:
		return ErrNotNow
	case !slices.Contains(from, r.State) && !r.State.Open():
		return ErrOver
	case !slices.Contains(from, r.State):
		return ErrNotNow
	case r.Dates.Notice.IsZero() && (a == AskIdentity || a == Extend):
		return ErrNotForKind
	case a == AskIdentity && r.Channel == PhotoKey:
		return ErrIdentified
	case (a == AskIdentity || a == Extend) && by.today().After(r.Dates.Notice):
		return ErrTooLate
	case a == Accept && !r.Identified():
		return ErrUnidentified
	}
	return nil
}

// Actions are what an officer may do now, in the order of the buttons.
func (r Request) Actions(by By) (may []Action) {
	for _, a := range []Action{Accept, Fulfil, SettleIdentity, AskIdentity, Extend, Refuse, Close} {
		if r.May(a, by) == nil && (a != Close || r.State.Open()) {
			may = append(may, a)
		}
	}
	return may
}

// Next is what an officer does next; empty when there is nothing to do but to wait:
// for a mailed link to be followed, or for an answer's time to be over.
func (r Request) Next(by By) Action {
	switch r.State {
	case Accepted, Extended:
		return Fulfil
	case IdentityPending:
		if by.today().After(r.Dates.Promised) {
			return Refuse // nobody has answered the question
		}
		return SettleIdentity
	case Received:
		return r.first(by)
	}
	return ""
}

// first is what is done first with a request.
func (r Request) first(by By) Action {
	switch {
	case r.Repeated:
		return Refuse
	case r.May(Accept, by) == nil:
		return Accept
	case by.Now.Before(r.Link.Until):
		return ""
	case r.May(AskIdentity, by) == nil:
		return AskIdentity
	case r.Kind == ShineTheLight:
		return Close // by pointing to the designated address
	}
	return Refuse
}
