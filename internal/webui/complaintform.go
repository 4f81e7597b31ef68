package webui

import (
	"io"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/complaint"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// ComplaintForm is the form with which a person complains. Of one that was not taken it
// keeps what was sent.
type ComplaintForm struct {
	Photo    photo.ID // that the complaint is about; empty without one
	Document string   // of that photo, in words

	Sent           complaint.Filing
	Field, Problem string // what is wrong, and with which field if it is one's
}

type complaintFormView struct {
	Title, Action, Photo, Document, Problem string
	Bar                                     *barView // none: its fields are those of operators' forms
	Words, Email, Reference                 fieldView
	Back                                    string
}

// ComplaintForm renders it.
func (p *Pages) ComplaintForm(w io.Writer, in ComplaintForm) error {
	v := complaintFormView{Title: "Complain", Action: "/privacy/complaints", Document: in.Document}
	if in.Photo != "" {
		v.Photo, v.Back = string(in.Photo), "/photos/"+string(in.Photo)
		v.Action = v.Back + "/complaint"
	}
	v.Words = fieldView{
		Name: complaint.WordsField, Label: "What is wrong?", Type: "area", Value: in.Sent.Words, Max: complaint.MaxWords,
		Hint: "Name nobody, and send no copies of identity documents.",
	}
	v.Email = fieldView{
		Name: complaint.EmailField, Label: "Your e-mail address, if you want a mail about the answer", Type: "email", Value: in.Sent.Email, Max: 254,
		Hint: "You get one mail with a link to confirm that the address is yours, and others only after that. Without an address you read the answer here, with a key.",
	}
	v.Reference = fieldView{
		Name: complaint.ReferenceField, Label: "Reference of a photo, if you want us to look at its statistics", Type: "text", Value: in.Sent.Reference, Max: 26,
		Hint: "It stands on the photo's page under \"Your rights over it\". The statistics hold times, document and outcome, no picture.",
	}
	v.Problem = in.Problem
	for _, f := range []*fieldView{&v.Words, &v.Email, &v.Reference} {
		f.ID = f.Name
		if in.Field == f.Name {
			f.Problem, v.Problem = in.Problem, ""
		}
	}
	return p.render(w, "complaintform", v)
}

// OwnComplaint is a complaint as its person reads it.
type OwnComplaint struct {
	Complaint complaint.Complaint
	Key       string // that opened it
	Filed     bool   // it was just filed, and the key is shown
	Asks      bool   // the key is asked for, and nothing of the complaint told but its ID
	Problem   string
	Document  string         // of the photo that it is about, in words
	Zone      *time.Location // the controller's
}

type ownComplaintView struct {
	Title, ID, Path, Key, Problem       string
	Asks, Filed, Mailed, Open, Taken    bool
	AnswerBy, FiledAt, Said             string
	Words, Answer, AnsweredAt, Readable string
	About                               *aboutView
	Into                                string
}

// OwnComplaint renders it.
func (p *Pages) OwnComplaint(w io.Writer, in OwnComplaint) error {
	c := in.Complaint
	v := ownComplaintView{Title: "Your complaint", ID: string(c.ID), Path: "/privacy/complaints/" + string(c.ID), Key: in.Key, Problem: in.Problem, Asks: in.Asks}
	if in.Asks {
		return p.render(w, "owncomplaint", v)
	}
	v.Filed, v.Mailed = in.Filed, in.Filed && !c.Link.Until.IsZero()
	v.Open, v.Taken = c.State.Open(), c.State == complaint.InProgress
	v.AnswerBy, v.FiledAt = lastDay(c, in.Zone), inZone(c.FiledAt, in.Zone)
	v.Words, v.Answer, v.About, v.Said = c.Words, c.Answer, aboutOf(c.About, in.Document), closingToPerson(c)
	if !v.Open && !c.Forgotten() {
		v.AnsweredAt, v.Readable = inZone(c.AnsweredAt, in.Zone), inZone(c.ReadableUntil(), in.Zone)
	}
	if c.MergedInto != "" {
		v.Into = string(c.MergedInto)
	}
	return p.render(w, "owncomplaint", v)
}

// lastDay is the last day on which the answer is in time.
func lastDay(c complaint.Complaint, zone *time.Location) string {
	return c.DueAt.Add(-time.Minute).In(zone).Format("Monday, 2 January 2006")
}

func closingToPerson(c complaint.Complaint) string {
	if c.State == complaint.Answered || c.Closing == complaint.WasAnswered {
		return "We have answered it."
	}
	return map[complaint.Closing]string{
		complaint.Unfounded: "We have looked at it and think that nothing went wrong. This is why:",
		complaint.NoReply:   "We could not go on without an answer from you, and have closed it:",
		complaint.Withdrawn: "You have withdrawn it. What you wrote is forgotten.",
		complaint.Merged:    "It goes on together with your other complaint; the answer to that one is the answer to both.",
	}[c.Closing]
}

// aboutView is what was copied of a photo.
type aboutView struct {
	Document, Status, Verdict string
	Checks                    []checkView
}

func aboutOf(a complaint.About, document string) *aboutView {
	if a.Document == "" {
		return nil
	}
	v := &aboutView{Document: document, Status: aboutStatus(a), Verdict: verdictLabel(a.Verdict)}
	for _, r := range a.Checks {
		was := r.Check()
		v.Checks = append(v.Checks, checkView{
			Label: was.Name.Title(), Outcome: was.Outcome.Words(), OutcomeClass: string(was.Outcome),
			Value: was.Measured(), Asked: was.Asked(), Advice: string(was.Certainty),
		})
	}
	return v
}

func aboutStatus(a complaint.About) string {
	switch a.Status {
	case photo.Ready:
		return "There was a finished photo."
	case photo.Rejected:
		return "No photo could be made: " + a.Reason.Advice()
	case photo.Failed:
		return "Making the photo failed on our side."
	}
	return "The photo was not finished yet."
}

// ConfirmedComplaint says what comes after the proof of an address.
func ConfirmedComplaint(c complaint.Complaint, zone *time.Location) Message {
	next := "You get our answer by " + lastDay(c, zone) + " at the latest; a mail tells you when it is there."
	switch {
	case c.Answer != "":
		next = "Your complaint is answered already, and a mail with a link to the answer is on its way."
	case !c.State.Open():
		next = "Your complaint is closed already."
	}
	return Message{Title: "Your address is confirmed", Detail: "Thank you. " + next + " For questions, refer to this number:", Code: string(c.ID)}
}
