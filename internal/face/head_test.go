package face

import (
	"image"
	"math"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/geom"
	"github.com/passportphotogenie/passportphotogenie/internal/matte"
	"github.com/passportphotogenie/passportphotogenie/internal/raster"
)

// A drawn head: the eyes 100 px above the chin, the hair's dome 190 px above
// it, in a picture of 800 x 800.
var (
	picture  = image.Rect(0, 0, 800, 800)
	eyesAt   = geom.Point{X: 400, Y: 400}
	faceWide = 130.0
)

func drawnLandmarks(roll float64) *Landmarks {
	l := new(Landmarks)
	turn := geom.Turn(eyesAt, roll, 1)
	place := func(x, y float64, indices ...int) {
		for _, i := range indices {
			l[i] = turn.Apply(eyesAt.Add(geom.Point{X: x, Y: y}))
		}
	}
	place(-27, 0, rightOuter, rightInner)
	place(27, 0, leftOuter, leftInner)
	place(0, 100, chin)
	place(0, -60, forehead)
	place(-faceWide/2, 20, rightTemple)
	place(faceWide/2, 20, leftTemple)
	return l
}

// drawnMatte asks inside for each cell, in pixels relative to the eyes, levelled.
func drawnMatte(l *Landmarks, inside func(x, y float64) bool) *matte.Matte {
	const cells = 256
	m := &matte.Matte{
		Frame:  raster.Square(l.Centre(), 2.9*l.Height(), l.Roll(), cells),
		Median: make([]float32, cells*cells),
	}
	unturn := geom.Turn(eyesAt, -l.Roll(), 1)
	for y := range cells {
		for x := range cells {
			p := m.Frame.ToPicture.Apply(geom.Point{X: float64(x) + 0.5, Y: float64(y) + 0.5})
			if q := unturn.Apply(p).Sub(eyesAt); inside(q.X, q.Y) {
				m.Median[y*cells+x] = 1
			}
		}
	}
	return m
}

// ellipse is a head with its top 90 px above the eyes, and a neck.
func ellipse(x, y float64) bool {
	return sq(x/75)+sq((y-10)/100) <= 1 || y > 80 && math.Abs(x) < 60
}

func sq(v float64) float64 { return v * v }

func TestTheHairsTopIsTheTopOfTheDome(t *testing.T) {
	for _, tt := range []struct {
		name   string
		inside func(x, y float64) bool
	}{
		{"a plain head", ellipse},
		{"a bun on top is not measured", func(x, y float64) bool {
			return ellipse(x, y) || sq(x/15)+sq((y+100)/15) <= 1
		}},
		{"a strand standing up is not measured", func(x, y float64) bool {
			return ellipse(x, y) || math.Abs(x-10) < 4 && y < 0 && y > -130
		}},
		{"something beside the head is not measured", func(x, y float64) bool {
			return ellipse(x, y) || x > 110 && y > -180
		}},
	} {
		for _, roll := range []float64{0, 0.3, -math.Pi / 2} {
			t.Run(tt.name, func(t *testing.T) {
				l := drawnLandmarks(roll)
				h := Measure(l, drawnMatte(l, tt.inside), picture, false)
				// A head of 190 px is some 34 mm on a print: 4 px are 0.7 mm.
				if math.Abs(h.Hair.Height-190) > 4 {
					t.Errorf("turned by %.1f: the hair's top is %.1f px above the chin, want 190", roll, h.Hair.Height)
				}
				if math.Abs(h.EyeHeight()-100) > 0.01 {
					t.Errorf("T is %.2f px, want 100", h.EyeHeight())
				}
			})
		}
	}
}

func TestAMatteThatNoHeadCanHaveIsDistrusted(t *testing.T) {
	l := drawnLandmarks(0)
	for _, tt := range []struct {
		name   string
		inside func(x, y float64) bool
		want   float64 // px
	}{
		{"everything is person", func(_, _ float64) bool { return true }, 250},
		{"nothing is person", func(_, _ float64) bool { return false }, 170},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := Measure(l, drawnMatte(l, tt.inside), image.Rect(0, 0, 800, 800), false)
			if math.Abs(h.Hair.Height-tt.want) > 0.01 {
				t.Errorf("hair's top at %.1f px, want the bound %.1f", h.Hair.Height, tt.want)
			}
			if h.Hair.Uncertainty < 20 {
				t.Errorf("uncertainty is only %.1f px", h.Hair.Uncertainty)
			}
		})
	}
}

func TestTheSkullNeverRisesAboveTrustedHair(t *testing.T) {
	l := drawnLandmarks(0)
	h := Measure(l, drawnMatte(l, ellipse), picture, false)
	if h.Skull.Height > h.Hair.Height {
		t.Errorf("skull at %.1f px, hair at %.1f px", h.Skull.Height, h.Hair.Height)
	}
	if low := h.Skull.Height - h.Skull.Uncertainty; low < 1.7*100 {
		t.Errorf("skull may be as low as %.1f px", low)
	}
}

func TestAHeadAtThePicturesEdgeIsSaidToBeCut(t *testing.T) {
	l := drawnLandmarks(0)
	m := drawnMatte(l, ellipse)
	for _, tt := range []struct {
		name    string
		shift   float64 // how far up the picture's lower part is kept from
		hairCut bool
		cutOff  bool
	}{
		{"room above", 0, false, false},
		{"the hair is cut, the skull is not", 315, true, false},
		{"the forehead is cut", 345, true, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			moved := *l
			for i := range moved {
				moved[i].Y -= tt.shift
			}
			shifted := *m
			shifted.Frame.ToPicture.Y -= tt.shift
			h := Measure(&moved, &shifted, picture, false)
			if h.HairCut != tt.hairCut || h.CutOff(picture) != tt.cutOff {
				t.Errorf("hair cut %v, cut off %v; want %v, %v", h.HairCut, h.CutOff(picture), tt.hairCut, tt.cutOff)
			}
		})
	}
}

func TestLandmarksThatAreNoNumbersAreRefused(t *testing.T) {
	values := make([]float32, 3*LandmarkCount)
	v := FirstView(geom.Point{X: 10, Y: 10}, geom.Point{X: 20, Y: 10})
	if _, ok := FromNetwork(values, v); !ok {
		t.Error("zeros are numbers")
	}
	values[7] = float32(math.NaN())
	if _, ok := FromNetwork(values, v); ok {
		t.Error("NaN went through")
	}
	if _, ok := FromNetwork(values[1:], v); ok {
		t.Error("a short answer went through")
	}
}
