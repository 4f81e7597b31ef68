package evidence

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/check"
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
	"github.com/passportphotogenie/passportphotogenie/internal/testpdf"
	"github.com/passportphotogenie/passportphotogenie/internal/typeset"
)

var noon = time.Date(2026, 11, 25, 12, 34, 56, 0, time.UTC)

func documents(t testing.TB) []docspec.Spec {
	t.Helper()
	c, err := docspec.Load()
	if err != nil {
		t.Fatal(err)
	}
	all, _ := c.Search(docspec.Query{Limit: math.MaxInt})
	return all
}

func find(t testing.TB, id string) docspec.Spec {
	t.Helper()
	for _, d := range documents(t) {
		if d.ID == id {
			return d
		}
	}
	t.Fatalf("no document %s", id)
	return docspec.Spec{}
}

// evidence is of a photo whose head is 32.4 mm high, 2 mm below the top edge, with
// each outcome among its checks.
func evidence(t testing.TB, id string) Evidence {
	t.Helper()
	return evidenceFor(find(t, id))
}

func evidenceFor(spec docspec.Spec) Evidence {
	v := func(f float64) *float64 { return &f }
	w, h := spec.PixelSize()
	size := check.Size{Width: float64(spec.Width.Value), Height: float64(spec.Height.Value), WidthPx: w, HeightPx: h}
	place := &check.Place{Left: 5, Top: 8, Right: 20, Bottom: 22}
	return Evidence{Spec: spec, Report: check.Report{
		Version: check.Version, Document: spec.ID, Verdict: check.SubmitWithCare,
		Summary:    []string{"The head's height is close to the limit.", "Please answer the questions."},
		Alteration: spec.Alteration.Value, Formatting: check.Formatting{TurnedDeg: 1.24, ScalePercent: 81},
		Size: size, Guides: check.Guides{HairTop: 2, SkullTop: 3.1, EyeLine: 17.7, Chin: 34.4, Middle: size.Width / 2},
		Checks: []check.Check{
			{Name: check.SingleFacePresent, Stage: check.Original, Outcome: check.Pass, Binding: true, Value: v(0), Unit: check.Percent, Limits: &check.Limits{Max: v(0)}, Certainty: docspec.Baseline, Advice: "One."},
			{Name: check.HeadHeight, Stage: check.Finished, Outcome: check.Warn, Binding: true, Value: v(32.4), Uncertainty: 0.6, Unit: check.Millimetres,
				Limits: &check.Limits{Min: v(29), Max: v(34)}, Certainty: docspec.Official, Advice: "Measure it.", Place: place},
			{Name: check.EyeLine, Stage: check.Finished, Outcome: check.Pass, Binding: true, Value: v(27.3), Uncertainty: 0.2, Unit: check.Millimetres,
				Limits: &check.Limits{Min: v(22.5), Max: v(31.5)}, Certainty: docspec.Baseline, Advice: "Right.", Place: &check.Place{Top: 17.7, Right: 35, Bottom: 17.7}},
			{Name: check.HeadCentred, Stage: check.Finished, Outcome: check.Pass, Binding: true, Value: v(0), Unit: check.Millimetres,
				Limits: &check.Limits{Min: v(-1.75), Max: v(1.75)}, Certainty: docspec.Baseline, Advice: "Right."},
			{Name: check.MouthClosed, Stage: check.Original, Outcome: check.Fail, Binding: true, Value: v(0.15), Limits: &check.Limits{Max: v(0.1)}, Certainty: docspec.Baseline, Advice: "Close it.", Place: place},
			{Name: check.GlassesPresent, Stage: check.Original, Outcome: check.Declared, Binding: true, Certainty: docspec.Secondary, Advice: "You told us that this is as the office asks.", Place: place},
			{Name: check.PhotoAge, Stage: check.Original, Outcome: check.NotAssessed, Binding: true, Advice: "Was the picture taken within the last 6 months?"},
			{Name: check.HeadSize, Stage: check.Finished, Outcome: check.NotAssessed, Value: v(0.4), Advice: "Others decide.", Place: place},
		},
	}}
}

// magenta is a JPEG of the evidence's photo in one colour that nothing else has.
func (e Evidence) magenta(t testing.TB) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, e.Report.Size.WidthPx, e.Report.Size.HeightPx))
	for i := range m.Bounds().Dx() * m.Bounds().Dy() {
		m.Set(i%m.Bounds().Dx(), i/m.Bounds().Dx(), color.RGBA{255, 0, 255, 255})
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// file writes the page into a file.
func (e Evidence) file(t *testing.T) testpdf.File {
	t.Helper()
	b, err := e.PDF(e.magenta(t), noon)
	if err != nil {
		t.Fatal(err)
	}
	return testpdf.Write(t, b)
}

// perMM is how many pixels a millimetre has in what is measured.
const perMM = 600 / 25.4

// inked is the smallest rectangle that holds all pixels of a colour in a part of the
// page, which is given in millimetres.
func inked(m image.Image, part image.Rectangle, is func(r, g, b uint8) bool) image.Rectangle {
	var found image.Rectangle
	px := image.Rect(int(float64(part.Min.X)*perMM), int(float64(part.Min.Y)*perMM), int(float64(part.Max.X)*perMM), int(float64(part.Max.Y)*perMM))
	for y := px.Min.Y; y < px.Max.Y; y++ {
		for x := px.Min.X; x < px.Max.X; x++ {
			if c := color.RGBAModel.Convert(m.At(x, y)).(color.RGBA); is(c.R, c.G, c.B) {
				found = found.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return found
}

func near(t *testing.T, what string, px int, want geom.MM) {
	t.Helper()
	if got := float64(px) / perMM; math.Abs(got-float64(want)) > 0.1 {
		t.Errorf("%s is %.3f mm, want %.3f", what, got, float64(want))
	}
}

func TestOnPaperEverythingHasTheLengthThatIsSaid(t *testing.T) {
	isPhoto := func(r, g, b uint8) bool { return r > 230 && g < 30 && b > 230 }
	isArrow := func(r, g, b uint8) bool { return r > 120 && r < 150 && g > 60 && g < 90 && b < 20 }
	for _, id := range []string{"gb-passport", "us-passport", "ca-passport"} {
		t.Run(id, func(t *testing.T) {
			e := evidence(t, id)
			m := e.file(t).Page(t)
			near(t, "the page's width", m.Bounds().Dx(), 210)
			near(t, "the page's height", m.Bounds().Dy(), 297)
			beside := int(margin + column - sideRoom)
			real := inked(m, image.Rect(beside-1, 0, 210, 297), isPhoto)
			near(t, "the photo's width", real.Dx(), geom.MM(e.Report.Size.Width))
			near(t, "the photo's height", real.Dy(), geom.MM(e.Report.Size.Height))

			large := inked(m, image.Rect(0, 0, beside-1, 297), isPhoto)
			scale := float64(large.Dx()) / perMM / e.Report.Size.Width
			if scale < 1 {
				t.Errorf("the photo is enlarged %.2f times", scale)
			}
			head := inked(m, image.Rect(int(margin+arrowRoom)-3, int(float64(large.Min.Y)/perMM), int(margin+arrowRoom), 297), isArrow)
			near(t, "the head's arrow", int(float64(head.Dy())/scale+0.5), 32.4)
			near(t, "the crown below the photo's top", int(float64(head.Min.Y-large.Min.Y)/scale+0.5), 2)
		})
	}
}

func TestThePageSaysWhatWasMeasuredAndWhoseRuleItIs(t *testing.T) {
	got := evidence(t, "gb-passport").file(t).Text(t)
	for _, want := range []string{
		"United Kingdom: Passport", "Photo of 35 × 45 mm", "Report of 25 November 2026", "Look at it with care before you submit it",
		"The head's height is close to the limit.", "Head height 32.4 ± 0.6 mm", "asked: 29 to 34 mm", "Hair: 2 mm from the top", "Eyes: 27.3 mm above the bottom",
		"Chin: 10.6 mm above the bottom", "Real size, 35 × 45 mm", "turned by 1.2° to the right and scaled to 81 %. Nothing else was done",
		"Opening of the mouth 0.15 at most 0.1 standard Does not fit", "Head height, chin to crown 32.4 ± 0.6 mm 29 to 34 mm official Look again",
		"Glasses You told us that this is as the office asks. secondary Told by you", "Told by the person, not measured: Glasses.", "Was the picture taken within the last 6 months? Not assessed",
		"don’t count for this document and are left out: 1.", "official · GOV.UK, photos for passports · https://www.gov.uk/photos-for-passports · read on 12 October 2026",
		"the office decides", "Made by PassPortphotoGenie on 25 November 2026",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the page lacks %q:\n%s", want, got)
		}
	}
	if strings.Contains(got, "Others decide") || strings.Contains(got, "Face in the photo's height") {
		t.Error("a check that does not bind is in the table")
	}
	if fails, fits := strings.Index(got, "Opening of the mouth"), strings.Index(got, "One face only"); fails > fits {
		t.Error("what fits stands before what does not")
	}
}

func TestThePageOfEveryDocumentIsOneAndHoldsEverything(t *testing.T) {
	faces, err := typeset.Fonts()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range documents(t) {
		e := evidenceFor(d)
		e.crowd()
		p := e.layOut(faces, noon)
		if !p.fits() {
			t.Errorf("%s: the page ends at %.1f mm", d.ID, float64(p.y))
		}
		bottom := geom.MM(0)
		for _, l := range p.lines {
			bottom = max(bottom, l.Baseline)
			if right := l.X + faces.Width(l.Style, l.Text); right > pageWidth-margin+0.01 || l.X < margin {
				t.Errorf("%s: %q reaches from %.1f to %.1f mm", d.ID, l.Text, float64(l.X), float64(right))
			}
			if lacking := faces.Missing(l.Line); lacking != "" {
				t.Errorf("%s: the font lacks %q of %q", d.ID, lacking, l.Text)
			}
		}
		if bottom > pageHeight-margin || bottom < 150 {
			t.Errorf("%s: the last line stands at %.1f mm", d.ID, float64(bottom))
		}
	}
}

// crowd brings a report as much as one can hold: every check that there is, in vain.
func (e *Evidence) crowd() {
	names := []check.Name{
		check.SpaceAbove, check.HeadPoseYaw, check.HeadPosePitch, check.HeadPoseRoll, check.EyesOpen, check.Gaze, check.RedEyes, check.ExpressionNeutrality,
		check.IlluminationUniformity, check.LuminanceMean, check.LuminanceVariance, check.UnderExposure, check.OverExposure, check.DynamicRange, check.NaturalColour,
		check.Sharpness, check.Noise, check.InterEyeDistance, check.CompressionArtifacts, check.PhotoSize, check.FileSize, check.ResolutionGained, check.BackgroundColour,
		check.BackgroundUniformity, check.BackgroundShadow, check.DigitalAlteration, check.LeftwardCrop, check.RightwardCrop, check.MarginAbove, check.MarginBelow,
	}
	long := "Are you without glasses, or are both eyes clear to see: no tint, no glare, no frame over an eye?"
	for _, n := range names {
		e.Report.Checks = append(e.Report.Checks, check.Check{Name: n, Outcome: check.NotAssessed, Binding: true, Certainty: docspec.Official, Advice: long})
	}
	e.Report.Formatting.BackgroundReplaced, e.Report.Formatting.LightChanged, e.Report.Formatting.MoveCut = true, true, true
	e.Report.Summary = []string{long + long, long, long, long, long + long, long}
}

func TestChecksThatHaveNoRoomAreCounted(t *testing.T) {
	e := evidence(t, "de-passport")
	e.crowd()
	for i := range 40 {
		e.Report.Checks = append(e.Report.Checks, check.Check{Name: check.Name(fmt.Sprintf("new_%d", i)), Outcome: check.Pass, Binding: true, Advice: "Right."})
	}
	file := e.file(t)
	if info := file.Info(t); !strings.Contains(info, "Pages:           1\n") {
		t.Errorf("pdfinfo: %s", info)
	}
	if got := file.Text(t); !strings.Contains(got, "Checks that had no room here and are in the full report: ") || !strings.Contains(got, "Opening of the mouth") || strings.Contains(got, "New 39") {
		t.Errorf("the page says: %s", got)
	}
}

func TestTheFileIsOnePageAndSaysNothingPersonal(t *testing.T) {
	e := evidence(t, "de-passport")
	photo := e.magenta(t)
	b, err := e.PDF(photo, noon)
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(b, photo); n != 1 {
		t.Errorf("the photo's bytes stand in the file %d times, want once", n)
	}
	if again, err := e.PDF(photo, noon.Add(3*time.Hour)); err != nil || !bytes.Equal(b, again) {
		t.Errorf("later on the day it is another file: %v", err)
	}
	info := e.file(t).Info(t)
	for _, want := range []string{"de-passport-report", "PassPortphotoGenie\n", "Pages:           1", "595.28 x 841.89", "2026-11-25T00:00:00"} {
		if !strings.Contains(info, want) {
			t.Errorf("pdfinfo lacks %q:\n%s", want, info)
		}
	}
	for _, field := range []string{"Author:", "Subject:", "Keywords:", "Creator:"} {
		if strings.Contains(info, field) {
			t.Errorf("the file has a field %s\n%s", field, info)
		}
	}
}

func TestAPhotoWithoutASizeOnPaperIsShownEnlargedOnly(t *testing.T) {
	for _, d := range documents(t) {
		if !d.Digital() || d.Uncropped() {
			continue
		}
		got := evidenceFor(d).file(t).Text(t)
		if strings.Contains(got, "Real size,") || !strings.Contains(got, "Photo as a file of "+d.Size()) {
			t.Errorf("%s: %s", d.ID, got)
		}
		return
	}
	t.Fatal("no document asks for pixels")
}

func TestWhatIsNotThePhotoIsRefused(t *testing.T) {
	e := evidence(t, "gb-passport")
	for name, photo := range map[string][]byte{"nothing": nil, "no JPEG": []byte("a picture"), "another document's photo": evidence(t, "us-passport").magenta(t)} {
		if _, err := e.PDF(photo, noon); err == nil {
			t.Errorf("%s makes a page", name)
		}
	}
	e.Report.Size = check.Size{}
	if _, err := e.PDF(evidence(t, "gb-passport").magenta(t), noon); err == nil {
		t.Error("a report without a size makes a page")
	}
}

func BenchmarkPDF(b *testing.B) {
	for name, crowded := range map[string]bool{"usual": false, "crowded": true} {
		b.Run(name, func(b *testing.B) {
			e := evidence(b, "de-passport")
			if crowded {
				e.crowd()
			}
			photo := e.magenta(b)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := e.PDF(photo, noon); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
