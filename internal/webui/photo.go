package webui

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/passportphotogenie/passportphotogenie/internal/check"
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
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
	Steps                           []stepView
	Expires                         string
	Width, Height                   int // of the picture on the page, px
	Verdict, VerdictClass           string
	Summary                         []string
	Changed                         string
	Checks                          []checkView
	SheetsFor                       string // whom the sheets are for
	Sheets                          []sheetView
}

type stepView struct{ Name, Label string }

type checkView struct{ Label, Outcome, OutcomeClass, Value, Limits, Advice string }

// perMM is how large a millimetre is on the page: the proportions are the
// document's, the scale is for looking.
const perMM = 6

// Photo renders a photo's page in whatever state the photo is.
func (p *Pages) Photo(w io.Writer, in Photo) error {
	s := in.Photo.Status
	v := photoView{
		Title: "Your photo is being made", Document: in.Spec.CountryName + ": " + in.Spec.Name, Size: in.Spec.Size(), HandedIn: handedIn(in.Spec),
		ID: string(in.Photo.ID), Status: string(s), Settled: s.Settled(), Ready: s == photo.Ready && in.Report != nil,
		Expires: in.Photo.ExpiresAt.UTC().Format("2 January 2006, 15:04") + " UTC",
		Width:   int(float64(in.Spec.Width.Value) * perMM), Height: int(float64(in.Spec.Height.Value) * perMM),
	}
	switch {
	case v.Ready:
		v.Title = "Your photo"
		v.judge(*in.Report)
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

func (v *photoView) judge(r check.Report) {
	v.Verdict = map[check.Verdict]string{
		check.ReadyToSubmit:  "Ready to submit",
		check.SubmitWithCare: "Look at it with care before you submit it",
		check.TakeAnother:    "Take another picture",
	}[r.Verdict]
	v.VerdictClass = map[check.Verdict]string{
		check.ReadyToSubmit: "pass", check.SubmitWithCare: "warn", check.TakeAnother: "fail",
	}[r.Verdict]
	v.Summary = r.Summary
	v.Changed = fmt.Sprintf("The picture was cropped, turned by %.1f° and scaled to %.0f %%.", r.Formatting.TurnedDeg, r.Formatting.ScalePercent)
	for _, c := range r.Checks {
		v.Checks = append(v.Checks, checkView{
			Label: checkLabel(c.Name), Outcome: outcomeLabel(c.Outcome), OutcomeClass: string(c.Outcome),
			Value: value(c.Value, c.Unit), Limits: limits(c), Advice: c.Advice,
		})
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

func checkLabel(n check.Name) string {
	words := strings.ReplaceAll(string(n), "_", " ")
	return strings.ToUpper(words[:1]) + words[1:]
}

func outcomeLabel(o check.Outcome) string {
	return map[check.Outcome]string{
		check.Pass: "Fits", check.Warn: "Look again", check.Fail: "Does not fit",
		check.NotAssessed: "Not assessed", check.Declared: "You said so",
	}[o]
}

func value(v *float64, u check.Unit) string {
	if v == nil {
		return "not measured"
	}
	return strings.TrimSpace(number(*v) + " " + unitLabel(u))
}

func unitLabel(u check.Unit) string {
	switch u {
	case check.Degrees:
		return "°"
	case check.Days:
		return "days"
	case check.DeltaE:
		return "ΔE"
	}
	return string(u)
}

func limits(c check.Check) string {
	switch l := c.Limits; {
	case l == nil || l.Min == nil && l.Max == nil:
		return ""
	case l.Min == nil:
		return "at most " + value(l.Max, c.Unit)
	case l.Max == nil:
		return "at least " + value(l.Min, c.Unit)
	case *l.Min == *l.Max:
		return "exactly " + value(l.Min, c.Unit)
	default:
		return number(*l.Min) + " to " + value(l.Max, c.Unit)
	}
}

// number writes at most one decimal, and of numbers below 1 three.
func number(v float64) string {
	if math.Abs(v) < 1 {
		return strconv.FormatFloat(math.Round(v*1000)/1000, 'f', -1, 64)
	}
	return strings.TrimSuffix(fmt.Sprintf("%.1f", v), ".0")
}
