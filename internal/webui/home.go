package webui

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
)

// Home is what the first page shows.
type Home struct {
	Documents []docspec.Spec
	Problem   string // why the last upload was not taken; empty on a first visit
	Chosen    Chosen // what the last upload had, so that it need not be chosen again
}

// Chosen is what a person had filled in, but for the picture, which a browser sends
// once only.
type Chosen struct {
	Document, AgeBand  string
	Person, FacePoints bool // the statements that were made
}

type homeView struct {
	Title   string
	Problem string
	Choices []choice
	Ages    []ageView
	Chosen  Chosen
	MaxMB   int
	Kept    string // how long points of the face are at the most
}

type ageView struct{ Value, Label string }

// choice is one document in the list.
type choice struct {
	ID, Label, Note string
	Children        bool // has rules of its own for children
}

// Home renders the page that takes a picture.
func (p *Pages) Home(w io.Writer, h Home) error {
	v := homeView{Title: "A photo that fits your document", Problem: h.Problem, Chosen: h.Chosen, MaxMB: photo.MaxBytes >> 20, Kept: retention.Words(retention.Of(retention.AnalysisCache).Ceiling)}
	v.Ages = []ageView{
		{string(photo.Adult), "11 years or older"}, {string(photo.From6To10), "6 to 10 years"},
		{string(photo.From1To5), "1 to 5 years"}, {string(photo.Under1), "under 1 year"},
	}
	for _, s := range h.Documents {
		v.Choices = append(v.Choices, choice{s.ID, label(s), note(s), len(s.Exceptions) > 0})
	}
	slices.SortStableFunc(v.Choices, func(a, b choice) int { return strings.Compare(a.Label, b.Label) })
	return p.render(w, "home", v)
}

// label names a document and its size.
func label(s docspec.Spec) string {
	return fmt.Sprintf("%s: %s (%s)", s.CountryName, s.Name, s.Size())
}

// note says who may take and print the photo, and how it gets to the office.
func note(s docspec.Spec) string {
	taken := map[docspec.PhotoSource]string{
		docspec.SourceUnknown:    "We found no rule on whether this office accepts a photo that you took yourself: ask before you submit it.",
		docspec.Self:             "This office accepts a photo that you took yourself.",
		docspec.Professional:     "This office wants a photo taken by a professional. Use this one as an example, or elsewhere.",
		docspec.ApprovedProvider: "This office accepts photos only from approved providers, or takes them itself. Use this one elsewhere.",
		docspec.AtOffice:         "This office takes the photo itself. Use this one elsewhere.",
	}[s.PhotoSource.Value]
	if s.PhotoSource.Value == docspec.AtOffice {
		return taken
	}
	if s.Uncropped() {
		taken += " It crops the picture itself: send one that shows head, shoulders and upper body."
	}
	return taken + " " + handedIn(s)
}

func handedIn(s docspec.Spec) string {
	switch s.Channel.Value {
	case docspec.Upload:
		return "It is handed in as a file."
	case docspec.Code:
		return "It reaches the office by a code, without paper."
	case docspec.ChannelUnknown:
		return "We found no rule on how it is handed in."
	}
	prints := "It is handed in on paper"
	if s.PrintsNeeded != nil {
		if n := s.PrintsNeeded.Value; n == 1 {
			prints += ", one print"
		} else if n > 1 {
			prints += fmt.Sprintf(", %d prints", n)
		}
	}
	switch s.PrintBy.Value {
	case docspec.PrintByProfessional:
		return prints + ", which a professional has to make."
	case docspec.PrintByAnyone:
		return prints + ", which you may print yourself."
	}
	return prints + ". We found no rule on who may print it."
}
