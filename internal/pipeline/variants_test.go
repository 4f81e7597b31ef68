package pipeline

import (
	"fmt"
	"image"
	"math"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/crop"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/raster"
	"github.com/passportphotogenie/passportphotogenie/internal/testpictures"
	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

// A variant is the same portrait as another camera might have taken it.
type variant struct {
	name     string
	degrees  float64
	scale    float64
	shift    geom.Point // as a share of the picture
	mirrored bool
}

func variants() []variant {
	var all []variant
	for _, d := range []float64{-20, -15, -10, -5, -2, 2, 5, 10, 15, 20} {
		all = append(all, variant{name: fmt.Sprintf("turned by %g degrees", d), degrees: d, scale: 1})
	}
	for _, k := range []float64{0.7, 0.85, 1.2, 1.35, 1.5} {
		all = append(all, variant{name: fmt.Sprintf("scaled by %g", k), scale: k})
	}
	for _, s := range []geom.Point{{X: 0.07}, {X: -0.07}, {Y: 0.1}, {X: 0.05, Y: 0.05}, {X: -0.06, Y: 0.08}} {
		all = append(all, variant{name: fmt.Sprintf("shifted by %v", s), scale: 1, shift: s})
	}
	return append(all,
		variant{name: "mirrored", scale: 1, mirrored: true},
		variant{name: "mirrored and turned", degrees: -6, scale: 1, mirrored: true},
		variant{name: "mirrored, turned and smaller", degrees: 8, scale: 0.9, mirrored: true},
		variant{name: "turned, shifted and larger", degrees: -12, scale: 1.1, shift: geom.Point{X: 0.05, Y: 0.04}},
	)
}

// of returns the picture as the variant, and where its points then are. Beyond
// the picture its edge goes on, so that nothing is cut off by turning.
func (v variant) of(img *image.RGBA) (*image.RGBA, func(geom.Point) geom.Point) {
	w, h := float64(img.Rect.Dx()), float64(img.Rect.Dy())
	const border = 0.2
	wide, high := int((1+2*border)*w*v.scale), int((1+2*border)*h*v.scale)
	middle := geom.Point{X: w / 2, Y: h / 2}
	turn := geom.Turn(middle, v.degrees*math.Pi/180, v.scale)
	shift := geom.Similarity{A: 1,
		X: float64(wide)/2 - middle.X + v.shift.X*w*v.scale,
		Y: float64(high)/2 - middle.Y + v.shift.Y*h*v.scale}
	move := turn.Then(shift)
	flip := func(p geom.Point) geom.Point {
		if v.mirrored {
			p.X = w - p.X
		}
		return p
	}
	if v.mirrored {
		img = testpictures.Mirrored(img)
	}
	out := raster.Resample(img, move, wide, high)
	extend(out)
	return out, func(p geom.Point) geom.Point { return move.Apply(flip(p)) }
}

// byEye is a photo's geometry measured on points that a person read.
func byEye(points portraits.Points, move func(geom.Point) geom.Point, plan crop.Plan) (headHeight, eyeLine float64) {
	perMM := geom.PixelsPerMM(float64(plan.DPI))
	at := func(p geom.Point) geom.Point { return plan.ToPhoto.Apply(move(p)).Times(1 / perMM) }
	eyes := geom.Mid(at(points.RightEye), at(points.LeftEye))
	return at(points.Chin).Y - at(points.HairTop).Y, float64(plan.Height)/perMM - eyes.Y
}

func TestThePhotoStaysTheSameHoweverThePictureWasTaken(t *testing.T) {
	const tolerance = 0.7 // mm
	for _, n := range portraits.All() {
		points, err := n.Points()
		if err != nil {
			t.Fatal(err)
		}
		img := testpictures.Pixels(t, n)
		_, plan := planned(t, "gb-passport", n.Format(), testpictures.Portrait(t, n))
		height, line := byEye(points, func(p geom.Point) geom.Point { return p }, plan)
		worst, tried := 0.0, 0
		for _, v := range variants() {
			if n == portraits.Astronaut && v.scale < 1 {
				continue // a face too small to make any photo of
			}
			tried++
			moved, move := v.of(img)
			_, plan := planned(t, "gb-passport", photo.JPEG, testpictures.JPEG(t, moved))
			h, l := byEye(points, move, plan)
			worst = max(worst, math.Abs(h-height), math.Abs(l-line))
			if math.Abs(h-height) > tolerance || math.Abs(l-line) > tolerance {
				t.Errorf("%s, %s: the head is %.2f mm high and the eyes at %.2f mm, before %.2f and %.2f", n, v.name, h, l, height, line)
			}
		}
		t.Logf("%s: at most %.2f mm apart in %d variants", n, worst, tried)
	}
}
