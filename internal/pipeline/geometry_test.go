package pipeline

import (
	"bytes"
	"context"
	"image"
	_ "image/jpeg" // the results are read with Go's own decoder
	"math"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/check"
	"github.com/passportphotogenie/passportphotogenie/internal/crop"
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/face"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/testpictures"
	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

// planned runs the line up to the plan.
func planned(t *testing.T, id string, f photo.Format, original []byte) (face.Head, crop.Plan) {
	t.Helper()
	w := &work{
		Line: realLine(t), ctx: context.Background(), job: Job{Spec: spec(t, id), Format: f},
		given: Material{Original: original}, at: func(photo.Step) {},
	}
	s, _, err := w.look()
	if err != nil {
		t.Fatal(err)
	}
	head, err := w.measure(s)
	if err != nil {
		t.Fatal(err)
	}
	p, err := w.plan(w.job.Spec, s, head)
	if err != nil {
		t.Fatal(err)
	}
	return head, p.Plan
}

// The points read by eye were made by no network: they are put through the plan
// and measured on the photo, as a person with a ruler would.
func TestMeasuredByEyeHeadHeightAndEyeLineLieInTheDocumentsRange(t *testing.T) {
	for _, n := range []portraits.Name{portraits.Smiling, portraits.Tilted} {
		points, err := n.Points()
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range documents() {
			_, plan := planned(t, id, n.Format(), testpictures.Portrait(t, n))
			perMM := geom.PixelsPerMM(float64(plan.DPI))
			mm := func(px float64) geom.MM { return geom.MM(px / perMM) }
			chin, top := plan.ToPhoto.Apply(points.Chin), plan.ToPhoto.Apply(points.HairTop)
			eyes := plan.ToPhoto.Apply(geom.Mid(points.RightEye, points.LeftEye))
			s := spec(t, id)
			if h := mm(chin.Y - top.Y); !s.HeadHeight.Value.Contains(h) {
				t.Errorf("%s for %s: the head is %.2f mm high", n, id, h)
			}
			line := mm(float64(plan.Height) - eyes.Y)
			if s.EyeLine != nil && !s.EyeLine.Value.Contains(line) {
				t.Errorf("%s for %s: the eyes are %.2f mm above the edge", n, id, line)
			}
		}
	}
}

func TestTheHeadIsMeasuredToWithinAMillimetreOfTheEye(t *testing.T) {
	for _, n := range portraits.All() {
		points, err := n.Points()
		if err != nil {
			t.Fatal(err)
		}
		head, plan := planned(t, "gb-passport", n.Format(), testpictures.Portrait(t, n))
		perMM := geom.PixelsPerMM(float64(plan.DPI))
		for _, tt := range []struct {
			what      string
			got, want geom.Point
		}{
			{"right eye", head.RightEye, points.RightEye},
			{"left eye", head.LeftEye, points.LeftEye},
			{"chin", head.Chin, points.Chin},
			{"hair top", head.Top(head.Hair), points.HairTop},
		} {
			// Along the face's axis: across it the eye reads a chin no better
			// than a network does.
			off := math.Abs(tt.got.Sub(tt.want).Dot(head.Up())) * plan.Scale / perMM
			allowed := 1 + points.Uncertainty*plan.Scale/perMM
			if off > allowed {
				t.Errorf("%s: the %s is off by %.2f mm, more than %.2f", n, tt.what, off, allowed)
			}
		}
	}
}

func TestTheFinishedPhotoHasTheDocumentsPixelsAndResolution(t *testing.T) {
	for _, id := range documents() {
		r, report := develop(t, id, photo.JPEG, testpictures.Portrait(t, portraits.Smiling))
		cfg, format, err := image.DecodeConfig(bytes.NewReader(r.Picture))
		if err != nil {
			t.Fatal(err)
		}
		s := spec(t, id)
		if w, h := s.PixelSize(); format != "jpeg" || cfg.Width != w || cfg.Height != h {
			t.Errorf("%s: a %s of %d x %d, want %d x %d", id, format, cfg.Width, cfg.Height, w, h)
		}
		if unit, x, y := r.Picture[13], int(r.Picture[14])<<8|int(r.Picture[15]), int(r.Picture[16])<<8|int(r.Picture[17]); unit != 1 || x != 300 || y != 300 {
			t.Errorf("%s: density %d x %d in unit %d, want 300 dots per inch", id, x, y, unit)
		}
		if report.Document != id || report.Alteration != docspec.FormatOnly {
			t.Errorf("%s: the report is for %s under %s", id, report.Document, report.Alteration)
		}
	}
}

// The photo, looked at as if it were a new upload, must have its eyes where the
// report says.
func TestTheEyesStandInThePhotoWhereTheReportSays(t *testing.T) {
	for _, n := range []portraits.Name{portraits.Smiling, portraits.Tilted} {
		for _, id := range documents() {
			r, report := develop(t, id, photo.JPEG, testpictures.Portrait(t, n))
			head, plan := planned(t, id, photo.JPEG, r.Picture)
			if deg := math.Abs(head.Roll()) * 180 / math.Pi; deg > 1 {
				t.Errorf("%s for %s: the eyes are %.2f degrees off level", n, id, deg)
			}
			line := (float64(plan.Height) - head.EyeMid().Y) / geom.PixelsPerMM(300)
			if want := value(t, report, check.EyeLine); math.Abs(line-want) > 0.4 {
				t.Errorf("%s for %s: the eye line is at %.2f mm, the report says %.2f", n, id, line, want)
			}
		}
	}
}

func value(t *testing.T, r check.Report, name check.Name) float64 {
	t.Helper()
	for _, c := range r.Checks {
		if c.Name == name && c.Value != nil {
			return *c.Value
		}
	}
	t.Fatalf("the report has no %s", name)
	return 0
}
