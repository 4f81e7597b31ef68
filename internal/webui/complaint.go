package webui

import (
	"io"
	"strconv"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/complaint"
	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
)

// Complaint is what an operator's page of one complaint shows.
type Complaint struct {
	Complaint complaint.Complaint
	Document  string                // of the photo that it is about, in words
	Merged    []complaint.Complaint // into it
	Same      []complaint.Complaint // others of the same person
	Notes     []complaint.SupportNote
	Letters   []letter.Record
	Events    []audit.Event
	Tried     Tried // a form that was not taken
	By        SignedIn
	Zone      *time.Location
	Now       time.Time
}

type complaintView struct {
	Title, ID, State, Filed, Due, Left, Class string
	Bar                                       *barView
	Words, Address, Reference, Photo          string
	About                                     *aboutView
	Answer, AnsweredAt, Closed, Into          string
	Merged, Same                              []complaintLine
	Notes                                     []noteView
	Letters                                   []letterView
	Events                                    []eventView
	Decides, New                              bool
	Problem                                   string
	Take                                      *formView
	Reply, Close, Merge, Note                 *formView
}

// Complaint renders it.
func (p *Pages) Complaint(w io.Writer, in Complaint) error {
	c := in.Complaint
	v := complaintView{
		Title: "Complaint", Bar: in.By.bar(), ID: string(c.ID), State: complaintState(c.State), Filed: inZone(c.FiledAt, in.Zone), Due: lastDay(c, in.Zone),
		Words: c.Words, Address: complaintAddress(c, in.By.Operator.Decides()), Reference: c.Reference, Photo: photoState(c, in.Now), About: aboutOf(c.About, in.Document),
		Answer: c.Answer, Into: string(c.MergedInto), Decides: in.By.Operator.Decides(), Events: eventViews(in.Events),
	}
	v.Left, v.Class = complaintLeft(c, in.Now)
	v.Letters = letterViews(in.Letters, in.By.Operator)
	if !c.AnsweredAt.IsZero() {
		v.AnsweredAt = inZone(c.AnsweredAt, in.Zone)
	}
	if c.State == complaint.Closed {
		v.Closed = closingLabel(c.Closing) + ". Closed on " + inZone(c.ClosedAt, in.Zone) + "."
	}
	for _, m := range in.Merged {
		v.Merged = append(v.Merged, complaintLine{ID: string(m.ID), Words: m.Words, Filed: inZone(m.FiledAt, in.Zone)})
	}
	for _, s := range in.Same {
		v.Same = append(v.Same, complaintLine{ID: string(s.ID), Words: beginning(s.Words), State: complaintState(s.State), Filed: inZone(s.FiledAt, in.Zone)})
	}
	for _, n := range in.Notes {
		v.Notes = append(v.Notes, noteOf(n, in.Zone, v.Decides))
	}
	v.Problem = triedProblem(in.Tried)
	v.forms(in)
	return p.render(w, "complaint", v)
}

// triedProblem says why a form was not taken, where that belongs to no field.
func triedProblem(t Tried) string {
	switch {
	case t.Quicker:
		return "Somebody else has acted on this complaint meanwhile. It stands here as it is now; what you wrote is still in the form."
	case t.Field == "":
		return t.Problem
	}
	return ""
}

// forms adds what may be done with the complaint as it stands.
func (v *complaintView) forms(in Complaint) {
	if !v.Decides {
		return
	}
	c := in.Complaint
	form := func(action string) *formView {
		return &formView{
			ID: string(c.ID), Action: action, Version: strconv.Itoa(c.Version), Token: in.By.FormToken,
			Open: in.Tried.Action == action, tried: in.Tried,
		}
	}
	area := func(f *formView, label, hint string) {
		f.add(fieldView{Name: "words", Label: label, Type: "area", Max: complaint.MaxWords, Hint: hint})
	}
	if c.State == complaint.Received {
		v.Take = form("take")
	}
	if c.State.Open() {
		v.Reply = form("answer")
		area(v.Reply, "Your answer, to the person", answerHint(c))
		v.Merge = form("merge")
		v.Merge.kept = map[string]string{"into": otherOpen(in.Same)}
		v.Merge.add(fieldView{Name: "into", Label: "The other complaint's ID", Type: "text", Max: 26, Hint: "It must have the same address, photo or reference. It goes on, and this one is closed."})
	}
	if c.State != complaint.Closed {
		v.Close = closeForm(form("close"), c)
		v.Note = form("note")
		area(v.Note, "Note", "For officers only. It is closed with the complaint and deleted 12 months after that. Name nobody.")
	}
}

func closeForm(f *formView, c complaint.Complaint) *formView {
	options := []optionView{{"", "Choose one"}}
	for _, why := range complaint.Closings() {
		if fits := c.State.Open() && (why.Told() || why == complaint.Withdrawn) || c.State == complaint.Answered && why == complaint.WasAnswered; fits {
			options = append(options, optionView{string(why), closingLabel(why)})
		}
	}
	f.add(fieldView{Name: "closing", Label: "Why it is closed", Type: "select", Options: options})
	if c.State.Open() {
		f.add(fieldView{Name: "words", Label: "Your reasons, to the person", Type: "area", Max: complaint.MaxWords, Hint: "Not needed if the person has withdrawn it. " + answerHint(c)})
	}
	return f
}

// answerHint tells who will read an answer.
func answerHint(c complaint.Complaint) string {
	const key = "The person reads it with the complaint's key. Say nothing of what else is known under their address: who has the key need not be who has the mailbox."
	if c.Confirmed() {
		return "A mail tells the person that there is an answer. " + key
	}
	return key
}

// complaintAddress tells of the address, and shows it to whoever decides.
func complaintAddress(c complaint.Complaint, decides bool) string {
	address := "one was given"
	if decides {
		address = c.Email.Reveal()
	}
	switch {
	case c.Confirmed():
		return address + " (confirmed)"
	case c.Email != (email.Address{}):
		return address + " (not confirmed: nothing more is mailed there before that)"
	case c.Forgotten():
		return "forgotten"
	}
	return "none given: the answer is read with the complaint's key"
}

func photoState(c complaint.Complaint, now time.Time) string {
	switch left := livingPhoto(c, now); {
	case left != "":
		return left + "."
	case c.About.Document != "":
		return "The photo is deleted, or will be in a moment. What the checks said was copied:"
	}
	return ""
}

// complaintWords say what was done with a complaint.
func complaintWords() map[audit.Action]string {
	return map[audit.Action]string{
		complaint.File: "complained", complaint.SendLink: "had a new link mailed", complaint.Confirm: "confirmed the address", complaint.TakeOn: "took it on",
		complaint.Reply: "answered it", complaint.Merge: "merged it into another", complaint.TakeIn: "merged another into it",
		complaint.Forget: "forgot what named the person",
	}
}

// otherOpen is the oldest complaint of the same person that goes on; empty for none.
func otherOpen(same []complaint.Complaint) string {
	for _, c := range same {
		if c.State.Open() {
			return string(c.ID)
		}
	}
	return ""
}
