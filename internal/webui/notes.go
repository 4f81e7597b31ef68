package webui

import (
	"io"
	"net/url"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/complaint"
)

// Notes is what the operators' page of support notes shows.
type Notes struct {
	Found  []complaint.SupportNote
	Text   string // that was searched for
	Closed bool   // closed ones too
	More   string // where this page ended; empty on the last
	Tried  Tried  // a form that was not taken
	By     SignedIn
	Zone   *time.Location
}

type notesView struct {
	Title, Text, More, Problem string
	Bar                        *barView
	Closed, Decides            bool
	Found                      []noteView
	Write                      *formView
}

type noteView struct {
	ID, Words, Author, Written, Closed string
	Complaint, Email, Reference        string // one of them is set
	Open                               bool
}

// noteOf shows the address to whoever decides.
func noteOf(n complaint.SupportNote, zone *time.Location, decides bool) noteView {
	v := noteView{
		ID: string(n.ID), Words: n.Words, Author: n.Author, Written: inZone(n.Written, zone), Closed: inZone(n.ClosedAt, zone),
		Complaint: string(n.Subject.Complaint), Reference: n.Subject.Reference, Open: n.Open(),
	}
	if decides {
		v.Email = n.Subject.Email.Reveal()
	}
	return v
}

// Notes renders it.
func (p *Pages) Notes(w io.Writer, in Notes) error {
	v := notesView{Title: "Support notes", Bar: in.By.bar(), Text: in.Text, Closed: in.Closed, Decides: in.By.Operator.Decides(), Problem: triedProblem(in.Tried)}
	for _, n := range in.Found {
		v.Found = append(v.Found, noteOf(n, in.Zone, v.Decides))
	}
	if in.More != "" {
		q := url.Values{"q": {in.Text}, "after": {in.More}}
		if in.Closed {
			q.Set("closed", "yes")
		}
		v.More = "/ops/notes?" + q.Encode()
	}
	v.Write = &formView{ID: "new", Action: "write", Token: in.By.FormToken, Open: in.Tried.Action == "write", tried: in.Tried}
	v.Write.add(fieldView{Name: "subject", Label: "E-mail address, complaint's ID or photo's reference", Type: "text", Max: 254, Hint: "What the note can be found by."})
	v.Write.add(fieldView{Name: "words", Label: "What was asked, and what you said", Type: "area", Max: complaint.MaxWords, Hint: "For officers. The person may ask for a copy. Deleted 12 months after it is closed."})
	return p.render(w, "notes", v)
}
