package webui

import (
	"io"

	"github.com/passportphotogenie/passportphotogenie/internal/childreport"
)

// ChildForm is the form with which anybody reports that a photo of a child should not
// be here. Of one that was not taken it keeps what was sent.
type ChildForm struct {
	Sent    childreport.Filing
	Fields  []childreport.FieldError
	Problem string // that belongs to no field
}

type childFormView struct {
	Title, Problem      string
	Photo, Words, Email string
	Grounds             []choiceView
	Wrong               map[string]string // by field
	MaxPhoto, MaxWords  int
}

// choiceView is one of several to choose.
type choiceView struct {
	Value, Label string
	Chosen       bool
}

// ChildForm renders it.
func (p *Pages) ChildForm(w io.Writer, in ChildForm) error {
	v := childFormView{
		Title: "Report a photo of a child", Problem: in.Problem, Photo: in.Sent.Photo, Words: in.Sent.Words, Email: in.Sent.Email,
		Wrong: map[string]string{}, MaxPhoto: childreport.MaxPhoto, MaxWords: childreport.MaxWords,
	}
	for _, g := range childreport.Grounds() {
		v.Grounds = append(v.Grounds, choiceView{string(g), childGroundLabel(g), in.Sent.Ground == string(g)})
	}
	for _, f := range in.Fields {
		v.Wrong[f.Field] = f.Detail
	}
	return p.render(w, "childform", v)
}

// OwnChildReport is a report as whoever filed it reads it.
type OwnChildReport struct {
	Report  childreport.Report
	Key     string // shown once, just after the filing; else empty
	Asks    bool   // the key is asked for, and nothing of the report told but its ID
	Problem string // why the key given does not open it
}

type ownChildReportView struct {
	Title, ID, Path, Key, Problem                      string
	Asks, Mailed                                       bool
	Ground, Filed, DecideBy, Closed, Said              string
	Reason, Receipt, ReceiptPath, ReadableUntil, Words string
}

// OwnChildReport renders it.
func (p *Pages) OwnChildReport(w io.Writer, in OwnChildReport) error {
	r := in.Report
	v := ownChildReportView{
		Title: "Your report", ID: string(r.ID), Path: childreport.OwnPath(r.ID), Key: in.Key, Problem: in.Problem, Asks: in.Asks,
	}
	switch {
	case in.Asks:
	case in.Key != "":
		v.Title, v.Mailed = "We look at it", !r.Link.Until.IsZero()
	}
	if !in.Asks {
		v.Ground, v.Filed, v.DecideBy, v.Words = childGroundLabel(r.Ground), instant(r.FiledAt), instant(r.DueAt), r.Words
	}
	if !in.Asks && !r.ClosedAt.IsZero() {
		v.Closed, v.Said, v.Reason, v.ReadableUntil = instant(r.ClosedAt), childOutcome(r.State), r.Reason, instant(r.ReadableUntil())
		if r.Receipt != "" {
			v.Receipt, v.ReceiptPath = r.Receipt, "/v1/erasures/"+r.Receipt
		}
	}
	return p.render(w, "ownchildreport", v)
}

// ConfirmedChildReport says what comes after the proof of an address.
func ConfirmedChildReport(r childreport.Report) Message {
	next := "A person decides about your report by " + instant(r.DueAt) + ". You get a mail with a link to the answer."
	if !r.ClosedAt.IsZero() {
		next = "Your report is decided already, and a mail with a link to the answer is on its way."
	}
	return Message{Title: "Your address is confirmed", Detail: "Thank you. " + next}
}

func childGroundLabel(g childreport.Ground) string {
	return map[childreport.Ground]string{
		childreport.UploadedByChild:   "A child under 13 uploaded it.",
		childreport.WithoutPermission: "I am the child's parent or guardian, and nobody who may act for the child agreed.",
	}[g]
}

func childOutcome(s childreport.State) string {
	return map[childreport.State]string{
		childreport.Upheld:   "You were right: the photo is deleted, and nobody can read it any more.",
		childreport.Rejected: "We do not delete the photo because of your report.",
		childreport.Ended:    "There is no such photo with us, or not any more.",
	}[s]
}
