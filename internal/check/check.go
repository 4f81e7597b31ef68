package check

import (
	"fmt"
	"math"

	"github.com/passportphotogenie/passportphotogenie/internal/crop"
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/edit"
	"github.com/passportphotogenie/passportphotogenie/internal/face"
)

const centreTolerance = crop.CentreTolerance

// Input is what the checks look at.
type Input struct {
	Spec          docspec.Spec // for the person's age band
	Plan          crop.Plan
	Width, Height int     // of the rendered photo, px
	SecondFace    float64 // area of the second largest face over the largest's, 0 if none
	Pose          face.Pose
	HairCut       bool // the original ends before the hair does
	FileBytes     int  // of the finished file
	Settings      edit.Settings
	MoveCut       bool // the person wanted it moved further than the original reaches
	// BackgroundReplaced: something else is behind the person than there was.
	BackgroundReplaced bool
}

// Assess runs every check and sums up.
func Assess(in Input) Report {
	r := Report{
		Version: Version, Document: in.Spec.ID, Alteration: in.Spec.Alteration.Value,
		Formatting: Formatting{
			TurnedDeg:    round(in.Plan.Turn * 180 / math.Pi),
			ScalePercent: round(in.Plan.Scale * 100),
			MoveCut:      in.MoveCut,

			BackgroundReplaced: in.BackgroundReplaced,
		},
		Pose:   Pose{round(in.Pose.YawDeg), round(in.Pose.PitchDeg)},
		Guides: guides(in.Plan),
		Checks: []Check{
			singleFacePresent(in), photoSize(in), fileSize(in), headHeight(in), eyeLine(in),
			headCentred(in), spaceAbove(in), interEyeDistance(in), resolutionGained(in), digitalAlteration(in),
		},
	}
	if in.Spec.Uncropped() {
		r.Checks = uncropped(r.Checks)
	}
	r.Verdict, r.Summary = sumUp(in.Spec, r.Checks)
	if in.MoveCut {
		r.Summary = append(r.Summary, "The photo was moved only as far as your picture reaches.")
	}
	return r
}

func guides(p crop.Plan) Guides {
	h := p.Head
	chin := h.AboveHair + h.HeightHair
	return Guides{
		HairTop: round(float64(h.AboveHair)), SkullTop: round(float64(h.AboveSkull)),
		EyeLine: round(float64(chin + h.Below - h.EyeLine)), Chin: round(float64(chin)),
		Middle: round(float64(h.Middle)),
	}
}

// sumUp never says ready_to_submit: background, light, expression and glasses
// bind everywhere and are not assessed here.
func sumUp(spec docspec.Spec, checks []Check) (Verdict, []string) {
	verdict := SubmitWithCare
	var fails, warns []string
	for _, c := range checks {
		switch c.Outcome {
		case Fail:
			verdict = TakeAnother
			fails = append(fails, c.Advice)
		case Warn:
			warns = append(warns, c.Advice)
		}
	}
	summary := append(fails, warns...)
	if len(summary) == 0 {
		summary = append(summary, "Size and position are right.")
	}
	if !spec.AcceptsSelfMade() {
		summary = append(summary, selfMade(spec))
	}
	if spec.Uncropped() {
		summary = append(summary, "This office crops the picture itself: send it one that shows head, shoulders and upper body.")
	}
	return verdict, append(summary, "Background, light, expression, eyes and glasses were not assessed: compare the photo with the office's own rules.")
}

// selfMade says what to do where the office takes no self-made photo.
func selfMade(spec docspec.Spec) string {
	who := map[docspec.PhotoSource]string{
		docspec.Professional:     "This office wants a photo taken by a professional: show this one as an example, or use it elsewhere.",
		docspec.ApprovedProvider: "This office takes photos only from approved providers or makes them itself: use this one elsewhere.",
		docspec.AtOffice:         "This office takes the photo itself: use this one elsewhere.",
	}[spec.PhotoSource.Value]
	if who == "" {
		who = "We found no rule on whether this office accepts a photo that you took yourself: ask before you submit it."
	}
	return who
}

func singleFacePresent(in Input) Check {
	zero := 0.0
	share := round(in.SecondFace * 100)
	c := Check{Name: SingleFacePresent, Outcome: Pass, Value: &share, Unit: Percent, Limits: &Limits{Max: &zero},
		Certainty: docspec.Baseline, Advice: "There is one face in the picture."}
	if in.SecondFace > 0 {
		c.Outcome = Warn
		c.Advice = "There may be a second, smaller face in the picture. Make sure that nobody else can be seen."
	}
	return c
}

func photoSize(in Input) Check {
	if in.Spec.Uncropped() {
		return uncroppedSize(in)
	}
	width, height := in.Spec.PixelSize()
	value, want := float64(in.Height), float64(height)
	c := Check{Name: PhotoSize, Outcome: Pass, Value: &value, Unit: Pixels, Limits: &Limits{Min: &want, Max: &want},
		Certainty: in.Spec.Certainty(in.Spec.Height.Source),
		Advice: fmt.Sprintf("The photo is %g x %g mm: %d x %d pixels at %d dots per inch.",
			float64(in.Spec.Width.Value), float64(in.Spec.Height.Value), in.Width, in.Height, in.Plan.DPI)}
	if in.Spec.Digital() {
		c.Certainty = in.Spec.Certainty(in.Spec.Pixels.Source)
		c.Advice = fmt.Sprintf("The photo has the %d x %d pixels that the document asks for.", in.Width, in.Height)
	}
	if in.Width != width || in.Height != height {
		c.Outcome, c.Advice = Fail, "The photo does not have the document's size. Please send the picture again."
	}
	return c
}
