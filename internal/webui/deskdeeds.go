package webui

import (
	"slices"
	"strconv"

	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// deedView is one thing that an officer may do with a request: its form, what its
// button says, and what comes of it.
type deedView struct {
	formView
	Button, Class, Explains string
}

// The fields of a request's forms, as they are sent.
const (
	WordsField     = "words"
	AuthorityField = "authority"
	RemedyField    = "remedy"
	DayField       = "day"
	ClosingField   = "closing"
)

// deeds are what may be done now: the next of it, nil for none, and the others.
func (in DeskRequest) deeds() (next *deedView, others []deedView) {
	by := subjectrequest.By{Actor: in.By.Operator.Name, Now: in.Now, Calendar: in.Calendar}
	r := in.Request
	actions := r.Actions(by)
	if r.May(subjectrequest.SendLink, by) == nil && r.Channel == subjectrequest.ByEmail && !r.Identified() {
		actions = append(actions, subjectrequest.SendLink)
	}
	first := r.Next(by)
	if r.Contest != "" || first == subjectrequest.Fulfil && byItself(r) { // something else answers it
		first = ""
	}
	for _, a := range actions {
		deed := in.deed(a)
		if a == first {
			deed.Class = "next"
			next = &deed
		} else {
			others = append(others, deed)
		}
	}
	return next, others
}

func (in DeskRequest) deed(a subjectrequest.Action) deedView {
	d := in.Drafts
	f := formView{
		ID: string(in.Request.ID), Action: string(a), Version: strconv.Itoa(in.Request.Version), Token: in.By.FormToken, tried: in.Tried, Open: in.Tried.Action == string(a),
		kept: map[string]string{AuthorityField: d.Refusal.Authority, RemedyField: d.Refusal.Remedy, DayField: in.Calendar.Day(in.Now).String()},
	}
	words := func(label, draft, hint string) {
		f.kept[WordsField] = draft
		f.add(fieldView{Name: WordsField, Label: label, Type: "area", Max: subjectrequest.MaxWords, Rows: 8, Hint: hint})
	}
	v := deedView{Class: "plain"}
	switch a {
	case subjectrequest.Accept:
		v.Button, v.Explains = "Take it on", "You have looked at it and will answer. The person sees that on their page; no letter is sent."
	case subjectrequest.Fulfil:
		v.Button, v.Explains = "Send the answer", in.reaches("a letter with a link under which the answer can be read")
		words("Answer to the person", d.Answer, "Plain words. Name nobody else.")
	case subjectrequest.SettleIdentity:
		v.Button, v.Explains = "Identity is settled", "The person has shown that they may ask. The law's time goes on from the day on which their answer arrived. If a copy of an identity card came, destroy it."
		f.add(fieldView{Name: DayField, Label: "Day on which their answer arrived", Type: "date"})
	case subjectrequest.AskIdentity:
		v.Button, v.Explains = "Ask about the identity", "Only with a reason to doubt it. "+in.reaches("the question by letter")+" The law's time stands still until they answer."
		words("Question, and why you doubt it", d.Question, "Don't ask for copies of identity documents.")
	case subjectrequest.Extend:
		v.Button, v.Explains = "Extend", "Two months more, for a complex request. "+in.reaches("the reasons by letter")
		words("Reasons, to the person", d.Extension, "")
	case subjectrequest.Refuse:
		v.Button, v.Explains = "Refuse", in.reaches("the refusal by letter")
		words("Reasons, to the person", d.Refusal.Reason, "")
		if in.Request.Kind != subjectrequest.ShineTheLight {
			f.add(fieldView{Name: AuthorityField, Label: "Authority that takes complaints", Type: "area", Max: subjectrequest.MaxWords})
			f.add(fieldView{Name: RemedyField, Label: "Court that can be asked", Type: "area", Max: subjectrequest.MaxWords})
		}
	case subjectrequest.Close:
		v.Button, v.Explains = "Close", "Without an answer. Who asked and what they wrote is forgotten at once."
		f.add(fieldView{Name: ClosingField, Label: "Why nothing more happens", Type: "select", Options: in.closings()})
	case subjectrequest.SendLink:
		v.Button, v.Explains = "Send a new link", "In place of the one before, which opens nothing any more."
	}
	v.formView = f
	return v
}

// reaches says how the person learns of a deed.
func (in DeskRequest) reaches(what string) string {
	if in.Request.Email == (email.Address{}) {
		return "No address is known, so no letter is sent: the person reads it with the key they were given."
	}
	return "The person gets " + what + "."
}

func (in DeskRequest) closings() []optionView {
	all := []optionView{
		{"", "Choose one"}, {string(subjectrequest.Withdrawn), "The person withdraws it"},
		{string(subjectrequest.Merged), "It is a part of another request of the same person"},
	}
	if in.Request.Kind == subjectrequest.ShineTheLight && in.Request.Channel != subjectrequest.DesignatedMail {
		all = append(all, optionView{string(subjectrequest.Redirected), "The person is sent to the address for Shine the Light"})
	}
	return all
}

// lost is what was written into a form that is not among those that fit now.
func (in DeskRequest) lost(next *deedView, others []deedView) (all []factView) {
	shown := slices.ContainsFunc(others, func(d deedView) bool { return d.Action == in.Tried.Action })
	if shown || in.Tried.Action == "" || next != nil && next.Action == in.Tried.Action {
		return nil
	}
	for _, f := range [][2]string{{"Words", WordsField}, {"Authority", AuthorityField}, {"Court", RemedyField}, {"Day", DayField}} {
		if text := in.Tried.Sent.Get(f[1]); text != "" {
			all = append(all, factView{Label: f[0], Text: text})
		}
	}
	return all
}
