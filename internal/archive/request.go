package archive

import (
	"maps"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// NewRequest returns a request as it is told, without its history and letters.
func NewRequest(r subjectrequest.Request) Request {
	return Request{
		ID: r.ID, Channel: r.Channel, FiledAt: r.FiledAt.UTC(), ArrivedOn: r.ArrivedOn.String(),
		DueByLaw: r.Dates.Law.String(), DuePromised: r.Dates.Promised.String(),
		Email: r.Email.Reveal(), Message: r.Message, ConfirmedAt: moment(r.Link.ConfirmedAt),
		Question: r.Question.Text, Extension: r.Extension,
	}
}

// NewStep returns a line of a request's history, whose officer has no name there.
func NewStep(e audit.Event) Step {
	by := AnOfficer
	switch e.Actor {
	case audit.Person:
		by = You
	case audit.Service:
		by = TheProgram
	}
	return Step{e.At.UTC(), by, string(e.Action), string(e.Outcome)}
}

// NewLetter returns a letter as it is told.
func NewLetter(l letter.Record) Letter {
	return Letter{l.Written.UTC(), string(l.Kind), string(l.State), l.Subject, l.Shown()}
}

// RequestItem is a request that is filed under an address. What was written in it is
// left out until the address is proved: anybody can have typed it.
func RequestItem(r subjectrequest.Request) Item {
	i := Item{
		ID: string(r.ID), Kind: string(r.Kind), State: string(r.State), At: r.FiledAt.UTC(), ClosedAt: moment(r.ClosedAt),
		Held: parts{"arrived_on": r.ArrivedOn.String(), "extension": r.Extension, "refusal": r.Refusal.Reason}.told(),
	}
	if r.Channel != subjectrequest.PhotoKey && r.Identified() {
		i.Provided = parts{"message": r.Message}.told()
		maps.Copy(i.Held, parts{"identity_question": r.Question.Text, "answer": r.Answer.Note}.told())
	}
	return i
}

// LetterItem is a letter that was written to an address.
func LetterItem(l letter.Record) Item {
	return Item{
		ID: string(l.ID), Kind: string(l.Kind), State: string(l.State), At: l.Written.UTC(), ClosedAt: moment(l.Closed),
		Held: parts{"subject": l.Subject, "text": l.Shown(), "about": l.About}.told(),
	}
}

// parts are texts by the names of what they are.
type parts map[string]string

// told leaves out the empty ones.
func (p parts) told() map[string]string {
	maps.DeleteFunc(p, func(_, text string) bool { return text == "" })
	return p
}
