package webui

import (
	"io"
	"net/url"
	"strconv"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/register"
)

// Processors is what the operators' page of the register of processors shows.
type Processors struct {
	Current, Ended []register.Processor
	Events         map[register.ProcessorID][]audit.Event
	Tried          ProcessorForm
	By             SignedIn
	Now            time.Time
}

// ProcessorForm is a form that was not taken as it was sent; zero for none.
type ProcessorForm struct {
	ID, Action     string
	Sent           url.Values
	Field, Problem string // what is wrong with which field
	Quicker        bool   // another officer changed or ended the entry meanwhile
}

type processorsView struct {
	Title          string
	Bar            *barView
	Decides, Stray bool // Stray: the form's entry is current no more
	Current, Ended []processorView
	New            processorView
}

type processorView struct {
	ID, Revision, Token string
	Kept                processorText
	Fields              []fieldView
	End                 fieldView
	Open, Quicker       bool
	Events              []eventView
}

type processorText struct{ Name, Role, Region, Safeguard, Contract, Ended string }

// Processors renders the operators' page of the register of processors.
func (p *Pages) Processors(w io.Writer, in Processors) error {
	v := processorsView{Title: "Processors", Bar: in.By.bar(), Decides: in.By.Operator.Decides(), Stray: in.Tried.Quicker}
	for _, one := range in.Current {
		entry := in.entry(string(one.ID), one)
		v.Stray = v.Stray && !entry.Quicker
		v.Current = append(v.Current, entry)
	}
	for _, one := range in.Ended {
		v.Ended = append(v.Ended, in.entry(string(one.ID), one))
	}
	v.New = in.entry("new", register.Processor{})
	if v.Stray { // what was written can still be entered anew
		v.New = in.filled("new", in.Tried.Sent.Get)
	}
	return p.render(w, "processors", v)
}

// entry shows what is kept, and in the form what was written if it was this one's.
func (in Processors) entry(id string, one register.Processor) processorView {
	kept := processorText{one.Name, one.Role, one.Region, one.Safeguard, dayOf(one.ContractDate), dayOf(one.Ended)}
	now := map[string]string{
		"name": one.Name, "role": one.Role, "region": one.Region, "safeguard": one.Safeguard, "contract_date": kept.Contract,
	}
	v := in.filled(id, func(name string) string {
		if in.Tried.ID == id && in.Tried.Sent.Has(name) {
			return in.Tried.Sent.Get(name)
		}
		return now[name]
	})
	v.Kept, v.Revision, v.Events = kept, strconv.Itoa(one.Revision), eventViews(in.Events[one.ID])
	if in.Tried.ID == id {
		v.Open, v.Quicker = true, in.Tried.Quicker
		if !v.Quicker {
			v.Revision = in.Tried.Sent.Get("revision")
		}
	}
	return v
}

func (in Processors) filled(id string, value func(name string) string) processorView {
	v := processorView{ID: id, Token: in.By.FormToken}
	field := func(name, label, kind string) fieldView {
		f := fieldView{ID: name + "-" + id, Name: name, Label: label, Type: kind, Value: value(name)}
		if kind == "text" {
			f.Max = register.MaxField
		}
		if in.Tried.ID == id && in.Tried.Field == name {
			f.Problem = label + ": " + in.Tried.Problem
		}
		return f
	}
	v.Fields = []fieldView{
		field("name", "Name of the company, with its legal form", "text"), field("role", "What it does with which data", "text"),
		field("region", "Where it does so", "text"), field("safeguard", "Safeguard of a transfer out of the EEA, if there is one", "text"),
		field("contract_date", "Day of the contract", "date"),
	}
	v.End = field("ended", "Day it ended", "date")
	return v
}

func dayOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}
