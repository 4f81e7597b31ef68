package webui

import (
	"io"
	"net/url"
	"slices"

	"github.com/passportphotogenie/passportphotogenie/internal/check"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/policy"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// RequestForm is the form with which a person uses a right. Of one that was not taken
// it keeps what was sent, but never a key.
type RequestForm struct {
	Action     string // where it is sent
	Controller policy.Controller
	Photo      *photo.Photo  // whose page it is on; nil for none
	Checks     []check.Check // of that photo, which can be contested
	Sent       url.Values

	Field, Problem string // what is wrong with which field; Field is empty for none
}

type requestFormView struct {
	Title, Action  string
	Rights         []rightChoice
	Grounds        []optionView
	Checks         []checkChoice
	Controller     policy.Controller
	OfPhoto        string // its number; empty if the form is about none
	Field, Problem string
	Message        string
	Named, Email   string // the photo and the address that were typed in
	Proof, Ground  string
	MayOpen        bool
	MaxWords       int
}

type rightChoice struct {
	rightView
	Chosen bool
}

type checkChoice struct {
	Name, Label, Said string
	Chosen            bool
}

// RequestForm renders it.
func (p *Pages) RequestForm(w io.Writer, in RequestForm) error {
	v := requestFormView{
		Title: "Your rights over your data", Action: in.Action, Controller: in.Controller, Field: in.Field, Problem: in.Problem,
		Message: in.Sent.Get("message"), Named: in.Sent.Get("photo"), Email: in.Sent.Get("email"), Proof: in.Sent.Get("proof"),
		Ground: in.Sent.Get("ground"), MayOpen: in.Sent.Get("may_open") != "", MaxWords: subjectrequest.MaxWords,
	}
	if in.Photo != nil {
		v.Title, v.OfPhoto = "Your rights about this photo", string(in.Photo.ID)
	}
	for _, r := range rights(retention.Words(retention.AnswerWithin)) {
		if in.Photo != nil && r.Photo == "" {
			continue // it goes without a photo only
		}
		v.Rights = append(v.Rights, rightChoice{r, in.Sent.Get("kind") == r.Value})
	}
	for _, g := range photo.Grounds() {
		v.Grounds = append(v.Grounds, optionView{string(g), groundChoice(g)})
	}
	for _, c := range in.Checks {
		chosen := in.Sent == nil || slices.Contains(in.Sent["checks"], string(c.Name))
		v.Checks = append(v.Checks, checkChoice{string(c.Name), c.Name.Title(), c.Outcome.Words(), chosen})
	}
	return p.render(w, "requestform", v)
}
