package httpapi

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/breach"
	"github.com/passportphotogenie/passportphotogenie/internal/register"
	"github.com/passportphotogenie/passportphotogenie/internal/walltime"
	"github.com/passportphotogenie/passportphotogenie/internal/webui"
)

// stepOfBreach takes the step that a form asks for.
func (a *API) stepOfBreach(action string, b breach.Breach, sent url.Values) (breach.Breach, audit.Action, error) {
	now := a.Now()
	switch action {
	case "correct":
		account, err := a.accountOf(sent)
		if err != nil {
			return b, "", err
		}
		b, err = b.Correct(account, now)
		return b, audit.CorrectBreach, err
	case "authority":
		d, err := a.toAuthority(sent)
		if err != nil {
			return b, "", err
		}
		b, err = b.DecideAuthority(d, now)
		return b, audit.DecideBreachNotice, err
	case "persons":
		d, err := a.toPersons(sent)
		if err != nil {
			return b, "", err
		}
		b, err = b.DecidePersons(d, now)
		return b, audit.DecideBreachPersons, err
	case "close":
		b, err := b.Close(sent.Get("words"), now)
		return b, audit.CloseBreach, err
	case "reopen":
		b, err := b.Reopen(sent.Get("words"))
		return b, audit.ReopenBreach, err
	}
	return b, "", noEntry()
}

func (a *API) accountOf(sent url.Values) (account breach.Account, err error) {
	account = breach.Account{
		Happened: sent.Get("happened"), Data: sent.Get("data"), Who: sent.Get("who"), People: countOf(sent, "people"), Records: countOf(sent, "records"),
		Consequences: sent.Get("consequences"), Measures: sent.Get("measures"), Risk: breach.Risk(sent.Get("risk")), Reasons: sent.Get("reasons"),
	}
	if account.Aware, err = a.momentOf(sent, "aware"); err == nil {
		account.Began, err = a.momentOf(sent, "began")
	}
	return account, err
}

func (a *API) toAuthority(sent url.Values) (d breach.ToAuthority, err error) {
	d = breach.ToAuthority{Delay: sent.Get("delay"), Reasons: sent.Get("reasons")}
	switch sent.Get("decision") {
	case webui.AuthoritySent:
		d.Needed = true
		d.Sent, err = a.momentOf(sent, "sent")
	case webui.AuthorityNot:
	default:
		err = undecidedField()
	}
	return d, err
}

func (a *API) toPersons(sent url.Values) (d breach.ToPersons, err error) {
	d = breach.ToPersons{Reasons: sent.Get("reasons")}
	switch sent.Get("decision") {
	case webui.PersonsToTell:
		d.Needed = true
	case webui.PersonsTold:
		d.Needed = true
		if d.Told, err = a.momentOf(sent, "told"); err == nil && d.Told.IsZero() {
			err = register.FieldError{Field: "told", Detail: "is missing"}
		}
	case webui.PersonsNotTold:
	default:
		err = undecidedField()
	}
	return d, err
}

func undecidedField() error { return register.FieldError{Field: "decision", Detail: "choose one"} }

// countOf is a number of a form: nil for none, and one that no number is for what is
// none.
func countOf(sent url.Values, field string) *int {
	text := strings.TrimSpace(sent.Get(field))
	if text == "" {
		return nil
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		n = -1
	}
	return &n
}

// momentOf is a moment of a form, in the controller's time zone; zero for none.
func (a *API) momentOf(sent url.Values, field string) (time.Time, error) {
	day, clock := sent.Get(field), sent.Get(field+webui.ClockSuffix)
	if day == "" && clock == "" {
		return time.Time{}, nil
	}
	switch found := walltime.Moments(day, clock, a.Zone); {
	case len(found) == 1:
		return found[0], nil
	case len(found) == 0:
		return time.Time{}, register.FieldError{Field: field, Detail: "is no day and time, or one that clocks leapt over when they were put forward"}
	case sent.Get(field+webui.TurnSuffix) == webui.FirstTurn:
		return found[0], nil
	case sent.Get(field+webui.TurnSuffix) == webui.SecondTurn:
		return found[1], nil
	}
	return time.Time{}, register.FieldError{Field: field, Detail: "this time came twice, because clocks were put back: choose below which it was"}
}
