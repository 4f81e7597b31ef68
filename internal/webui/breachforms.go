package webui

import (
	"strconv"

	"github.com/passportphotogenie/passportphotogenie/internal/breach"
)

// The choices of the two decisions, as forms send them.
const (
	AuthoritySent  = "sent"
	AuthorityNot   = "not"
	PersonsTold    = "told"
	PersonsToTell  = "to_tell"
	PersonsNotTold = "not"
)

// form begins one of the page's forms.
func (b Breach) form(action string, kept map[string]string) formView {
	f := formView{ID: string(b.Breach.ID), Action: action, Version: strconv.Itoa(b.Breach.Version), Token: b.By.FormToken, tried: b.Tried, kept: kept}
	if f.ID == "" {
		f.ID = "new"
	}
	if b.Tried.Action == action {
		f.Open = true
		if !b.Tried.Quicker {
			f.Version = b.Tried.Sent.Get("version")
		}
	}
	return f
}

func area(name, label, hint string) fieldView {
	return fieldView{Name: name, Label: label, Type: "area", Max: breach.MaxWords, Hint: hint}
}

func (b Breach) account(action string) formView {
	a := b.Breach.Account
	kept := map[string]string{
		"happened": a.Happened, "data": a.Data, "who": a.Who, "people": count(a.People), "records": count(a.Records),
		"consequences": a.Consequences, "measures": a.Measures, "risk": string(a.Risk), "reasons": a.Reasons,
	}
	keepMoment(kept, "aware", a.Aware, b.Zone)
	keepMoment(kept, "began", a.Began, b.Zone)
	f := b.form(action, kept)
	f.add(area("happened", "What happened", "Name no person here, nor in any field: the register is kept for years."))
	f.moment("aware", "When we became aware", b.Zone)
	f.moment("began", "When it began, if known", b.Zone)
	f.add(area("data", "Kinds of data", ""))
	f.add(area("who", "Whose data they are", "Such as people who made a passport photo in March."))
	f.add(fieldView{Name: "people", Label: "About how many persons", Type: "number"})
	f.add(fieldView{Name: "records", Label: "About how many records", Type: "number"})
	f.add(area("consequences", "Likely consequences", ""))
	f.add(area("measures", "Measures taken or planned, and what the persons can do", ""))
	f.add(fieldView{Name: "risk", Label: "Risk to the persons", Type: "select", Options: []optionView{
		{"", "Not assessed yet"}, {string(breach.Unlikely), "A risk is unlikely"}, {string(breach.Likely), "A risk is likely"}, {string(breach.High), "A high risk is likely"},
	}})
	f.add(area("reasons", "Why the risk is so", ""))
	return f
}

func (b Breach) authority() formView {
	d := b.Breach.Authority
	kept := map[string]string{"delay": d.Delay, "reasons": d.Reasons}
	switch {
	case d.At.IsZero():
	case d.Needed:
		kept["decision"] = AuthoritySent
	default:
		kept["decision"] = AuthorityNot
	}
	keepMoment(kept, "sent", d.Sent, b.Zone)
	f := b.form("authority", kept)
	f.add(fieldView{Name: "decision", Label: "The authority", Type: "select", Options: []optionView{
		{"", "Choose one"}, {AuthoritySent, "was told"}, {AuthorityNot, "need not be told, because a risk is unlikely"},
	}})
	f.moment("sent", "When the notice was sent", b.Zone)
	f.add(area("delay", "If it was sent after the 72 hours: the reasons", ""))
	f.add(area("reasons", "If it need not be told: the reasons", ""))
	return f
}

func (b Breach) persons() formView {
	d := b.Breach.Persons
	kept := map[string]string{"reasons": d.Reasons}
	switch {
	case d.At.IsZero():
	case !d.Needed:
		kept["decision"] = PersonsNotTold
	case d.Told.IsZero():
		kept["decision"] = PersonsToTell
	default:
		kept["decision"] = PersonsTold
	}
	keepMoment(kept, "told", d.Told, b.Zone)
	f := b.form("persons", kept)
	f.add(fieldView{Name: "decision", Label: "The persons", Type: "select", Options: []optionView{
		{"", "Choose one"}, {PersonsToTell, "are to be told"}, {PersonsTold, "were told"}, {PersonsNotTold, "are not told"},
	}})
	f.moment("told", "If they were told: when", b.Zone)
	f.add(area("reasons", "The reasons; needed if they are not told", "They must be told of a high risk, unless the data could not be read, the risk is gone, or it would take too much: then publicly (Art. 34(3))."))
	return f
}

// closing is the form that closes the breach, or opens it again.
func (b Breach) closing() formView {
	if b.Breach.State() == breach.Closed {
		f := b.form("reopen", nil)
		f.add(area("words", "Why it is opened again", ""))
		return f
	}
	f := b.form("close", nil)
	f.add(area("words", "What else there is to say, if anything", ""))
	return f
}
