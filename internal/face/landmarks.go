// Package face knows where the head is: it turns dense landmarks and a matte
// into the few points a document photo is built on (eye centres, chin, the two
// crowns), and says how sure it is of each.
//
// "Right" is always the subject's right, which is on the left in the picture.
package face

import (
	"math"

	"github.com/passportphotogenie/passportphotogenie/internal/geom"
	"github.com/passportphotogenie/passportphotogenie/internal/raster"
)

// The landmark network's size of input and number of points
// (MediaPipe face landmark model, see the NOTICE).
const (
	LandmarkInput = 192
	LandmarkCount = 468
)

// Indices into Landmarks of the points we go by.
const (
	forehead    = 10
	chin        = 152
	rightOuter  = 33
	rightInner  = 133
	leftInner   = 362
	leftOuter   = 263
	rightTemple = 234
	leftTemple  = 454
)

// enlargement of the landmarks' bounding square, as the model was trained.
const enlargement = 1.5

// Landmarks are the network's points in pixels of the picture.
type Landmarks [LandmarkCount]geom.Point

// RightEye returns the centre of the right eye: midway between its corners.
func (l *Landmarks) RightEye() geom.Point { return geom.Mid(l[rightOuter], l[rightInner]) }

// LeftEye returns the centre of the left eye.
func (l *Landmarks) LeftEye() geom.Point { return geom.Mid(l[leftInner], l[leftOuter]) }

// Chin returns the lowest point of the chin.
func (l *Landmarks) Chin() geom.Point { return l[chin] }

// Height is the length of the face from the upper forehead to the chin: less
// than the head, which has hair on top.
func (l *Landmarks) Height() float64 { return l[forehead].Sub(l[chin]).Length() }

// Width is the length between the temples.
func (l *Landmarks) Width() float64 { return l[leftTemple].Sub(l[rightTemple]).Length() }

// Centre is midway between forehead and chin.
func (l *Landmarks) Centre() geom.Point { return geom.Mid(l[forehead], l[chin]) }

// Roll is by how much the head is turned in the picture's plane: the direction
// of the line between the eye centres, in radians, positive clockwise. A face
// on its side is near plus or minus a quarter turn.
func (l *Landmarks) Roll() float64 { return l.LeftEye().Sub(l.RightEye()).Angle() }

// Finite reports whether every point is a real number.
func (l *Landmarks) Finite() bool {
	for _, p := range l {
		if !p.Finite() {
			return false
		}
	}
	return true
}

// FirstView is where to look for the landmarks of a face of which only the eye
// centres are known: a square of 4.1 inter-eye distances, half an inter-eye
// distance below the eyes.
func FirstView(rightEye, leftEye geom.Point) raster.View {
	across := leftEye.Sub(rightEye)
	down := geom.Point{X: -across.Y, Y: across.X}
	centre := geom.Mid(rightEye, leftEye).Add(down.Times(0.5))
	return raster.Square(centre, 4.1*across.Length(), across.Angle(), LandmarkInput)
}

// NextView is where to look again, given the landmarks found: level with the
// eyes, around the points' bounding square enlarged by half.
func (l *Landmarks) NextView() raster.View {
	roll := l.Roll()
	level := geom.Turn(geom.Point{}, -roll, 1)
	lo := geom.Point{X: math.Inf(1), Y: math.Inf(1)}
	hi := geom.Point{X: math.Inf(-1), Y: math.Inf(-1)}
	for _, p := range l {
		q := level.Apply(p)
		lo = geom.Point{X: math.Min(lo.X, q.X), Y: math.Min(lo.Y, q.Y)}
		hi = geom.Point{X: math.Max(hi.X, q.X), Y: math.Max(hi.Y, q.Y)}
	}
	side := math.Max(hi.X-lo.X, hi.Y-lo.Y) * enlargement
	return raster.Square(level.Inverse().Apply(geom.Mid(lo, hi)), side, roll, LandmarkInput)
}

// FromNetwork places the network's output (x, y, z for each point, in pixels of
// the view) in the picture. Depth is not used here. It reports false when the
// output has the wrong length or holds a value that is no number.
func FromNetwork(values []float32, v raster.View) (*Landmarks, bool) {
	if len(values) != 3*LandmarkCount {
		return nil, false
	}
	l := new(Landmarks)
	for i := range l {
		l[i] = v.ToPicture.Apply(geom.Point{X: float64(values[3*i]), Y: float64(values[3*i+1])})
	}
	return l, l.Finite()
}

// Candidate is what a detector takes for a face: its box and the eye centres,
// in pixels of the picture it looked at.
type Candidate struct {
	Box               Box
	RightEye, LeftEye geom.Point
}

// Box is an upright rectangle in pixels.
type Box struct{ Left, Top, Right, Bottom float64 }

// Area in square pixels.
func (b Box) Area() float64 { return (b.Right - b.Left) * (b.Bottom - b.Top) }
