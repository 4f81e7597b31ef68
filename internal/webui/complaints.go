package webui

import (
	"io"
	"net/url"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/complaint"
	"github.com/passportphotogenie/passportphotogenie/internal/docket"
)

// Complaints is what the operators' list of complaints shows, in its order: what waits
// for an answer, or what a search has found.
type Complaints struct {
	Found       []complaint.Complaint
	Text, State string // that were searched for
	Searched    bool
	More        string // where this page ended; empty on the last
	By          SignedIn
	Zone        *time.Location
	Now         time.Time
}

type complaintsView struct {
	Title, Text string
	Bar         *barView
	Searched    bool
	States      []choiceView
	Found       []complaintLine
	More        string // the address of the next page
}

type complaintLine struct{ ID, Words, State, Filed, Left, Class, Photo string }

// Complaints renders the list.
func (p *Pages) Complaints(w io.Writer, in Complaints) error {
	v := complaintsView{Title: "Complaints", Text: in.Text, Searched: in.Searched, Bar: in.By.bar()}
	for _, s := range complaint.States() {
		v.States = append(v.States, choiceView{string(s), complaintState(s), in.State == string(s)})
	}
	for _, c := range in.Found {
		line := complaintLine{ID: string(c.ID), Words: beginning(c.Words), State: complaintState(c.State), Filed: inZone(c.FiledAt, in.Zone), Photo: livingPhoto(c, in.Now)}
		line.Left, line.Class = complaintLeft(c, in.Now)
		v.Found = append(v.Found, line)
	}
	if in.More != "" {
		v.More = "/ops/complaints?" + url.Values{"q": {in.Text}, "state": {in.State}, "after": {in.More}}.Encode()
	}
	return p.render(w, "complaints", v)
}

// beginning is as much of somebody's words as stands in a list.
func beginning(words string) string {
	text := []rune(words)
	if len(text) > mostShown {
		text = append(text[:mostShown:mostShown], '…')
	}
	return string(text)
}

// complaintLeft says how long is left for an answer, and its colour; nothing where none
// is due.
func complaintLeft(c complaint.Complaint, now time.Time) (words, class string) {
	if !c.State.Open() {
		return "", ""
	}
	words, class = timeLeft(c.DueAt, now)
	if docket.UrgencyOf(c.DueAt, now) == docket.Soon {
		class = "warn"
	}
	return words, class
}

func livingPhoto(c complaint.Complaint, now time.Time) string {
	if c.Photo.ID == "" || !now.Before(c.Photo.ExpiresAt) {
		return ""
	}
	return "Its photo is there for another " + span(c.Photo.ExpiresAt.Sub(now))
}

func complaintState(s complaint.State) string {
	return map[complaint.State]string{
		complaint.Received: "new", complaint.InProgress: "taken on", complaint.Answered: "answered", complaint.Closed: "closed",
	}[s]
}

func closingLabel(c complaint.Closing) string {
	return map[complaint.Closing]string{
		complaint.WasAnswered: "It is answered, and nothing is open",
		complaint.Unfounded:   "Nothing went wrong",
		complaint.NoReply:     "The person did not reply to a question",
		complaint.Withdrawn:   "The person has withdrawn it",
		complaint.Merged:      "It was merged into another",
	}[c]
}
