package webui

import (
	"io"

	"github.com/passportphotogenie/passportphotogenie/internal/check"
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// Photo is what a photo's page shows. Report is nil until the photo is ready.
type Photo struct {
	Photo  photo.Photo
	Spec   docspec.Spec
	Report *check.Report
}

type photoView struct {
	Title, Document, Size, HandedIn string
	ID, Status                      string
	Settled, Ready                  bool
	Failed                          bool // there is no photo, and Advice says what to do
	Advice                          string
	Restricted, Told, Note          string // since when and why; that it will be lifted; and why
	Frozen                          string // since when, and until when it is decided on
	Steps                           []stepView
	Expires                         string
	Reference                       string // of the usage statistics; empty if there are none
	Grounds                         []groundView
	Width, Height                   int // of the picture on the page, px
	Judged                          *judgedView
	SheetsFor                       string // whom the sheets are for
	Sheets                          []sheetView
}

// groundView is a reason for a restriction.
type groundView struct{ Value, Label string }

type stepView struct{ Name, Label string }

// Photo renders a photo's page in whatever state the photo is.
func (p *Pages) Photo(w io.Writer, in Photo) error {
	s := in.Photo.Status
	v := photoView{
		Title: "Your photo is being made", Document: in.Spec.CountryName + ": " + in.Spec.Name, Size: in.Spec.Size(), HandedIn: handedIn(in.Spec),
		ID: string(in.Photo.ID), Status: string(s), Settled: s.Settled() || in.Photo.Stopped() != nil, Ready: s == photo.Ready && in.Report != nil,
		Expires: in.Photo.ExpiresAt.UTC().Format("2 January 2006, 15:04") + " UTC",
	}
	v.Reference = in.Photo.Reference
	for _, g := range photo.Grounds() {
		v.Grounds = append(v.Grounds, groundView{string(g), groundLabel(g)})
	}
	if in.Photo.Restricted() {
		v.restrict(in.Photo.Restriction)
	}
	switch {
	case in.Photo.Frozen():
		v.Title, v.Frozen = "A person looks at this first", "On "+instant(in.Photo.FrozenAt)+" somebody reported that this photo is of a child and should not be here. A person decides about that by "+instant(subjectrequest.ChildReportDue(in.Photo.FrozenAt))+". Until then nobody can see, download or change the photo, and all that you can do is delete it. If the report is wrong, the photo goes on as before."
	case in.Photo.Restricted(): // said above
	case v.Ready:
		v.Title = "Your photo"
		v.Width, v.Height = shown(in.Report.Size)
		v.Judged = judge(*in.Report, in.Photo.Settings.Declared)
		v.SheetsFor, v.Sheets = sheets(in.Spec)
	case v.Settled:
		v.Title, v.Failed, v.Advice = "No photo could be made", true, in.Photo.Reason.Advice()
	default:
		for _, step := range photo.Steps() {
			v.Steps = append(v.Steps, stepView{string(step), stepLabel(step)})
		}
	}
	return p.render(w, "photo", v)
}

// How large a millimetre is on the page, and the picture at the most: the proportions
// are the document's, the scale is for looking.
const (
	perMM  = 6.0
	mostPx = 420.0
)

func shown(s check.Size) (width, height int) {
	scale := min(perMM, mostPx/max(s.Width, s.Height, 1))
	return int(s.Width * scale), int(s.Height * scale)
}

func (v *photoView) restrict(r photo.Restriction) {
	v.Title, v.Restricted = "Kept, and nothing is done with it", "Since "+instant(r.Since)+", as you asked: "+groundLabel(r.Ground)+"."
	if !r.ToldAt.IsZero() {
		v.Told, v.Note = "On "+instant(r.ToldAt)+" it was decided that this will end. The photo is then deleted, at the earliest 24 hours later.", r.Note
	}
}

func stepLabel(s photo.Step) string {
	return map[photo.Step]string{
		photo.StepDecode: "Opening the picture", photo.StepDetect: "Looking for the face",
		photo.StepLandmarks: "Finding eyes and chin", photo.StepMatte: "Finding the top of the head",
		photo.StepPlan: "Choosing the crop", photo.StepRender: "Cropping and scaling",
		photo.StepCheck: "Measuring", photo.StepEncode: "Writing the file", photo.StepStore: "Storing it, encrypted",
	}[s]
}
