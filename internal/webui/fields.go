package webui

import (
	"net/url"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/walltime"
)

// fieldView is one field of a form: a line, an area, a day, a time of the day, a
// number or a choice.
type fieldView struct {
	ID, Name, Label, Type, Value, Problem, Hint string
	Max                                         int // characters; 0 where they are not counted
	Rows                                        int // of an area, 0 for 3
	Options                                     []optionView
}

type optionView struct{ Value, Label string }

// Tried is a form that was not taken as it was sent; zero for none.
type Tried struct {
	ID, Action     string
	Sent           url.Values
	Field, Problem string // what is wrong with which field
	Quicker        bool   // another officer was quicker
}

// formView is a form with what is to be shown in it: what is kept, or what was sent
// and not taken.
type formView struct {
	ID, Action, Version, Token string
	Fields                     []fieldView
	Open                       bool

	tried Tried
	kept  map[string]string
}

// value is what a field shows.
func (f *formView) value(name string) string {
	if f.Open && f.tried.Sent.Has(name) {
		return f.tried.Sent.Get(name)
	}
	return f.kept[name]
}

// add adds a field.
func (f *formView) add(v fieldView) {
	v.ID, v.Value = v.Name+"-"+f.Action+"-"+f.ID, f.value(v.Name)
	if f.Open && f.tried.Field == v.Name {
		v.Problem = v.Label + ": " + f.tried.Problem
	}
	f.Fields = append(f.Fields, v)
}

// The fields in which a moment is sent, after its name: the day by the name itself.
const (
	ClockSuffix = "_clock"
	TurnSuffix  = "_turn" // which of two moments, where a clock showed it twice
)

// The turns.
const (
	FirstTurn  = "first"
	SecondTurn = "second"
)

// moment adds the fields of a moment.
func (f *formView) moment(name, label string, zone *time.Location) {
	f.add(fieldView{Name: name, Label: label + " (day)", Type: "date"})
	f.add(fieldView{Name: name + ClockSuffix, Label: label + " (time)", Type: "time", Hint: "In the time zone " + zone.String() + "."})
	both := walltime.Moments(f.value(name), f.value(name+ClockSuffix), zone)
	if len(both) == 2 {
		f.add(fieldView{Name: name + TurnSuffix, Label: label + ": this time came twice, because clocks were put back", Type: "select", Options: []optionView{
			{"", "Choose one"}, {FirstTurn, "The first: " + inZone(both[0], zone)}, {SecondTurn, "The second: " + inZone(both[1], zone)},
		}})
	}
}

// keepMoment fills in the fields of a moment.
func keepMoment(kept map[string]string, name string, at time.Time, zone *time.Location) {
	if at.IsZero() {
		return
	}
	at = at.In(zone)
	kept[name], kept[name+ClockSuffix] = at.Format(walltime.Day), at.Format(walltime.Clock)
	if both := walltime.Moments(kept[name], kept[name+ClockSuffix], zone); len(both) == 2 {
		kept[name+TurnSuffix] = FirstTurn
		if !at.Before(both[1]) {
			kept[name+TurnSuffix] = SecondTurn
		}
	}
}

// inZone says a moment with the zone's own clock.
func inZone(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(zone).Format("2 January 2006, 15:04 MST (UTC-07:00)")
}
