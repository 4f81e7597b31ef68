package webui

import (
	"io"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/breach"
	"github.com/passportphotogenie/passportphotogenie/internal/docket"
)

// Breaches is what the operators' list of breaches shows, in its order.
type Breaches struct {
	Open, Closed         []breach.Breach
	MoreOpen, MoreClosed string // the addresses of the next pages; empty for none
	By                   SignedIn
	Zone                 *time.Location
	Now                  time.Time
}

type breachesView struct {
	Title                string
	Bar                  *barView
	Decides              bool
	Open, Closed         []breachLine
	MoreOpen, MoreClosed string
}

type breachLine struct{ ID, Happened, State, Left, Urgent, Aware, Closed string }

// Breaches renders the list of breaches.
func (p *Pages) Breaches(w io.Writer, in Breaches) error {
	v := breachesView{Title: "Breaches", Bar: in.By.bar(), Decides: in.By.Operator.Decides(), MoreOpen: in.MoreOpen, MoreClosed: in.MoreClosed}
	for _, b := range in.Open {
		v.Open = append(v.Open, in.line(b))
	}
	for _, b := range in.Closed {
		v.Closed = append(v.Closed, in.line(b))
	}
	return p.render(w, "breaches", v)
}

// mostShown is how many characters of what happened stand in the list.
const mostShown = 120

func (l Breaches) line(b breach.Breach) breachLine {
	text := []rune(b.Account.Happened)
	if len(text) > mostShown {
		text = append(text[:mostShown:mostShown], '…')
	}
	left, urgent := timeLeft(b.Due(), l.Now)
	return breachLine{
		ID: string(b.ID), Happened: string(text), State: breachState(b.State()), Left: left, Urgent: urgent,
		Aware: inZone(b.Account.Aware, l.Zone), Closed: inZone(b.ClosedAt, l.Zone),
	}
}

// timeLeft says how long is left and how that is coloured; nothing without a date.
func timeLeft(due, now time.Time) (words, colour string) {
	if due.IsZero() {
		return "", ""
	}
	switch docket.UrgencyOf(due, now) {
	case docket.Overdue:
		return "overdue by " + span(now.Sub(due)), "fail"
	case docket.Today:
		return span(due.Sub(now)) + " left", "warn"
	}
	return span(due.Sub(now)) + " left", ""
}

// breachState says what is to be done.
func breachState(s breach.State) string {
	return map[breach.State]string{
		breach.Assessing: "Tell the authority, or decide that it need not be told",
		breach.Deciding:  "Decide whether the persons are told",
		breach.Telling:   "Tell the persons",
		breach.Settled:   "Send the authority what it still lacks, then close it",
		breach.Closed:    "Closed",
	}[s]
}
