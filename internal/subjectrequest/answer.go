package subjectrequest

import (
	"errors"

	"github.com/passportphotogenie/passportphotogenie/internal/secret"
)

// Answer is what the person was given.
type Answer struct {
	Note    string // to the person; forgotten when the request is closed
	Receipt string // the erasure's, if something was erased
	// Link is of the letter by which the answer can be read; zero without a letter.
	Link secret.PairHashes
}

// Refusal is why a person is not given what they ask for, and what they can do about
// it (Art. 12(4) GDPR).
type Refusal struct {
	Reason    string
	Authority string // where to complain
	Remedy    string // before which court
}

// Accept takes a request on. ErrUnidentified says that it is not known yet that the
// asker may ask.
func (r Request) Accept(by By) (Change, error) {
	if err := r.May(Accept, by); err != nil {
		return Change{}, err
	}
	r.State = Accepted
	return r.change(Accept, by), nil
}

// Extend gives three months from the arrival, and is itself the notice to the person
// with the reasons. ErrTooLate says that the first month is over.
func (r Request) Extend(reasons string, by By) (Change, error) {
	if err := r.May(Extend, by); err != nil {
		return Change{}, err
	}
	text, err := reason(reasons)
	if err != nil {
		return Change{}, err
	}
	r.State, r.Extension = Extended, text
	r.Dates = by.Calendar.ThreeMonths(r.ArrivedOn, r.StoppedDays)
	return r.change(Extend, by), nil
}

// Refuse answers with a refusal. ErrNoReason says that it names no reason or, for a
// right under the GDPR, not the authority and the judicial remedy. A late refusal is
// better than none: see Late.
func (r Request) Refuse(f Refusal, by By) (Change, error) {
	if err := r.May(Refuse, by); err != nil {
		return Change{}, err
	}
	for _, words := range []*string{&f.Reason, &f.Authority, &f.Remedy} {
		text, err := reason(*words)
		if errors.Is(err, ErrNoReason) && r.Kind == ShineTheLight && words != &f.Reason {
			err = nil // California's law names neither
		}
		if err != nil {
			return Change{}, err
		}
		*words = text
	}
	r.State, r.Refusal, r.AnsweredOn = Refused, f, by.today()
	return r.change(Refuse, by), nil
}

// Fulfil answers with what was asked for. ErrNoReason says that the person is told
// nothing.
func (r Request) Fulfil(a Answer, by By) (Change, error) {
	if err := r.May(Fulfil, by); err != nil {
		return Change{}, err
	}
	note, err := reason(a.Note)
	if err != nil {
		return Change{}, err
	}
	r.State, r.Answer, r.AnsweredOn = Fulfilled, Answer{note, a.Receipt, a.Link}, by.today()
	return r.change(Fulfil, by), nil
}
