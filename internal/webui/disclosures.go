package webui

import (
	"fmt"
	"io"
	"strconv"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/disclosure"
	"github.com/passportphotogenie/passportphotogenie/internal/policy"
)

// Disclosures is what the operators' page of a year's disclosures shows.
type Disclosures struct {
	Year             int
	Years            []int // that can have entries
	Entries, Removed []disclosure.Entry
	Events           map[disclosure.ID][]audit.Event
	Controller       policy.Controller
	Tried            Tried
	By               SignedIn
}

type disclosuresView struct {
	Title, Statement, Answer, Year string
	Bar                            *barView
	Decides, Stray                 bool // Stray: the form's entry is not among these any more
	Years                          []linkView
	Entries, Removed               []disclosureView
	New                            formView
}

type disclosureView struct {
	Kept           disclosure.Entry
	Removed        string
	Change, Remove formView
	Open, Quicker  bool
	Events         []eventView
}

// Disclosures renders the operators' page of a year's disclosures.
func (p *Pages) Disclosures(w io.Writer, in Disclosures) error {
	v := disclosuresView{
		Title: "Disclosures", Bar: in.By.bar(), Decides: in.By.Operator.Decides(), Year: strconv.Itoa(in.Year), Stray: in.Tried.Quicker,
		Answer:    disclosure.Answer(in.Year, in.Entries, in.Controller),
		Statement: fmt.Sprintf("Nothing was disclosed to third parties for their direct marketing in %d.", in.Year),
	}
	if n := len(in.Entries); n > 0 {
		v.Statement = fmt.Sprintf("In %d these third parties got personal information for their direct marketing.", in.Year)
	}
	for _, year := range in.Years {
		text := strconv.Itoa(year)
		v.Years = append(v.Years, linkView{Href: "/ops/disclosures?year=" + text, Label: text, Here: year == in.Year})
	}
	for _, e := range in.Entries {
		one := in.entry(e)
		v.Stray = v.Stray && !one.Quicker
		v.Entries = append(v.Entries, one)
	}
	for _, e := range in.Removed {
		v.Removed = append(v.Removed, in.entry(e))
	}
	v.New = in.form("add", disclosure.Entry{ID: "new", Year: in.Year})
	if v.Stray && in.Tried.Action == "change" { // what was written can still be entered anew
		v.New = in.form("change", disclosure.Entry{ID: disclosure.ID(in.Tried.ID)})
		v.New.ID, v.New.Action = "new", "add"
	}
	return p.render(w, "disclosures", v)
}

func (in Disclosures) entry(e disclosure.Entry) disclosureView {
	v := disclosureView{Kept: e, Events: eventViews(in.Events[e.ID])}
	if !e.Removed.IsZero() {
		v.Removed = instant(e.Removed)
		return v
	}
	v.Change, v.Remove = in.form("change", e), in.form("remove", e)
	v.Open = v.Change.Open || v.Remove.Open
	v.Quicker = v.Open && in.Tried.Quicker
	return v
}

// form is one of the page's forms.
func (in Disclosures) form(action string, e disclosure.Entry) formView {
	f := formView{ID: string(e.ID), Action: action, Version: strconv.Itoa(e.Version), Token: in.By.FormToken, tried: in.Tried, kept: map[string]string{
		"year": strconv.Itoa(e.Year), "name": e.Name, "address": e.Address, "categories": e.Categories, "products": e.Products,
	}}
	if in.Tried.ID == f.ID && in.Tried.Action == action {
		f.Open = true
		if !in.Tried.Quicker {
			f.Version = in.Tried.Sent.Get("version")
		}
	}
	words := func(name, label, hint string) fieldView {
		return fieldView{Name: name, Label: label, Type: "area", Max: disclosure.MaxWords, Hint: hint}
	}
	if action == "remove" {
		f.add(words("why", "Why it is removed", ""))
		return f
	}
	years := fieldView{Name: "year", Label: "Calendar year", Type: "select"}
	for _, year := range in.Years {
		text := strconv.Itoa(year)
		years.Options = append(years.Options, optionView{text, text})
	}
	f.add(years)
	f.add(fieldView{Name: "name", Label: "Name of the third party", Type: "text", Max: disclosure.MaxWords})
	f.add(words("address", "Its postal address", ""))
	f.add(words("categories", "Kinds of personal information that it got, one a line", "Such as names, e-mail addresses, age."))
	f.add(words("products", "Examples of what it markets, one a line", "Only if its name does not tell what its business is."))
	return f
}
