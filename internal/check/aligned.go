package check

import (
	"math"

	"github.com/passportphotogenie/passportphotogenie/internal/face"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
	"github.com/passportphotogenie/passportphotogenie/internal/raster"
)

// alignedSide is the side of the aligned face in pixels: half of that in ISO/IEC
// 29794-5, which is enough for light and colour.
const alignedSide = 308

// template is where the standard puts the eyes, the nose's tip and the corners of
// the mouth, at our size.
var template = []geom.Point{{X: 125.5, Y: 136}, {X: 182, Y: 136}, {X: 154, Y: 168}, {X: 131, Y: 201}, {X: 177.5, Y: 201}}

// cheekSide is 0.3 times the distance between the template's eyes.
const cheekSide = 17

// aligned is a face brought to the template's place, size and level.
type aligned struct {
	toPicture geom.Similarity
	landmarks *face.Landmarks // in the aligned face's pixels
	planes    []float32       // red, green and blue, 0..1
	luminance []uint8         // as the standard has it, 0..255
	inFace    []bool          // within the face's oval
}

// align returns the face, and false where the landmarks give no place for it.
func align(s Subject) (*aligned, bool) {
	l := s.Landmarks
	mouth := l.Mouth()
	fit, ok := geom.Fit([]geom.Point{l.RightEye(), l.LeftEye(), l.NoseTip(), mouth.Right, mouth.Left}, template)
	if !ok {
		return nil, false
	}
	const n = alignedSide * alignedSide
	a := &aligned{toPicture: fit.Inverse(), landmarks: l.In(fit), planes: make([]float32, 3*n), luminance: make([]uint8, n), inFace: make([]bool, n)}
	if !finite(a.toPicture) || a.toPicture.Scale() > 1e6 {
		return nil, false
	}
	s.Picture.Planes(raster.View{ToPicture: a.toPicture, Size: alignedSide}, a.planes)
	for i := range a.luminance {
		a.luminance[i] = luminanceOf(a.planes[i], a.planes[n+i], a.planes[2*n+i])
	}
	fillPolygon(a.landmarks.Oval(), a.inFace)
	return a, true
}

func finite(s geom.Similarity) bool {
	return geom.Point{X: s.A, Y: s.B}.Finite() && geom.Point{X: s.X, Y: s.Y}.Finite()
}

// fillPolygon marks the pixels of an aligned face whose centres lie inside.
func fillPolygon(corners []geom.Point, marks []bool) {
	var crossings [64]float64 // more than any of our polygons has corners
	for y := range alignedSide {
		n, at := 0, float64(y)+0.5
		for i, p := range corners {
			q := corners[(i+1)%len(corners)]
			if (p.Y <= at) != (q.Y <= at) && n < len(crossings) {
				crossings[n] = p.X + (at-p.Y)/(q.Y-p.Y)*(q.X-p.X)
				n++
			}
		}
		for x := range alignedSide {
			inside, centre := false, float64(x)+0.5
			for _, c := range crossings[:n] {
				inside = inside != (c < centre)
			}
			marks[y*alignedSide+x] = inside
		}
	}
}

// square is an upright square of cheekSide pixels in an aligned face.
type square struct{ x0, y0 int }

// cheeks are two squares below the eyes, to both sides of the nose: half way from
// the eyes to the mouth, with a side of 0.3 inter-eye distances (ISO/IEC 29794-5).
func (a *aligned) cheeks() (right, left square) {
	l := a.landmarks
	at := func(eye, corner geom.Point) square {
		c := geom.Mid(eye, corner)
		return square{int(math.Round(c.X)) - cheekSide/2, int(math.Round(c.Y)) - cheekSide/2}
	}
	mouth := l.Mouth()
	return at(l.RightEye(), mouth.Right), at(l.LeftEye(), mouth.Left)
}

// inside reports whether all of the square lies in the aligned face's picture.
func (q square) inside() bool {
	return q.x0 >= 0 && q.y0 >= 0 && q.x0+cheekSide <= alignedSide && q.y0+cheekSide <= alignedSide
}

// each calls f with the index of every pixel of the square.
func (q square) each(f func(i int)) {
	for y := q.y0; y < q.y0+cheekSide; y++ {
		for x := q.x0; x < q.x0+cheekSide; x++ {
			f(y*alignedSide + x)
		}
	}
}
