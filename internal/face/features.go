package face

import "github.com/passportphotogenie/passportphotogenie/internal/geom"

// Eye is what the landmarks tell of one eye. Upper and Lower are points of the
// lids that lie one above the other, from the outer to the inner corner.
type Eye struct {
	Outer, Inner geom.Point
	Upper, Lower [5]geom.Point
}

// Indices of the lids' points in the landmark model.
var (
	rightUpper = [5]int{161, 160, 159, 158, 157}
	rightLower = [5]int{163, 144, 145, 153, 154}
	leftUpper  = [5]int{388, 387, 386, 385, 384}
	leftLower  = [5]int{390, 373, 374, 380, 381}
)

// Eyes returns the right eye and the left one.
func (l *Landmarks) Eyes() [2]Eye {
	eyes := [2]Eye{{Outer: l[rightOuter], Inner: l[rightInner]}, {Outer: l[leftOuter], Inner: l[leftInner]}}
	for i := range 5 {
		eyes[0].Upper[i], eyes[0].Lower[i] = l[rightUpper[i]], l[rightLower[i]]
		eyes[1].Upper[i], eyes[1].Lower[i] = l[leftUpper[i]], l[leftLower[i]]
	}
	return eyes
}

// Opening is the largest distance between the lids.
func (e Eye) Opening() float64 { return largestGap(e.Upper[:], e.Lower[:]) }

// Centre is midway between the corners.
func (e Eye) Centre() geom.Point { return geom.Mid(e.Outer, e.Inner) }

// Points lists all points of the eye.
func (e Eye) Points() []geom.Point {
	return append(append([]geom.Point{e.Outer, e.Inner}, e.Upper[:]...), e.Lower[:]...)
}

// Mouth is what the landmarks tell of the lips. Upper and Lower are points of the
// lips' inner edges, one above the other.
type Mouth struct {
	Right, Left   geom.Point // the corners
	Upper, Lower  [5]geom.Point
	Top, Bottom   geom.Point // of the lips' outer edges, in the middle
	betweenCheeks float64    // width of the face at the mouth's height
}

var (
	innerUpper = [5]int{81, 82, 13, 312, 311}
	innerLower = [5]int{178, 87, 14, 317, 402}
)

const (
	mouthRight, mouthLeft = 61, 291
	lipTop, lipBottom     = 0, 17
	jawRight, jawLeft     = 58, 288
	noseTip               = 1
)

// Mouth returns the lips.
func (l *Landmarks) Mouth() Mouth {
	m := Mouth{
		Right: l[mouthRight], Left: l[mouthLeft], Top: l[lipTop], Bottom: l[lipBottom],
		betweenCheeks: l[jawLeft].Sub(l[jawRight]).Length(),
	}
	for i := range 5 {
		m.Upper[i], m.Lower[i] = l[innerUpper[i]], l[innerLower[i]]
	}
	return m
}

// Opening is the largest distance between the inner edges of the lips.
func (m Mouth) Opening() float64 { return largestGap(m.Upper[:], m.Lower[:]) }

// Centre is midway between the corners.
func (m Mouth) Centre() geom.Point { return geom.Mid(m.Right, m.Left) }

// Breadth is the mouth's width as a share of the face's at that height: smiling
// widens the one and hardly the other.
func (m Mouth) Breadth() float64 { return m.Left.Sub(m.Right).Length() / m.betweenCheeks }

// Points lists all points of the mouth.
func (m Mouth) Points() []geom.Point {
	return append(append([]geom.Point{m.Right, m.Left, m.Top, m.Bottom}, m.Upper[:]...), m.Lower[:]...)
}

func largestGap(upper, lower []geom.Point) float64 {
	gap := 0.0
	for i := range upper {
		gap = max(gap, upper[i].Sub(lower[i]).Length())
	}
	return gap
}

// NoseTip returns the tip of the nose.
func (l *Landmarks) NoseTip() geom.Point { return l[noseTip] }

// oval are the points around the face, clockwise from the forehead.
var oval = [...]int{
	10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
	152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
}

// Oval returns the outline of the face without forehead hair and ears, clockwise.
func (l *Landmarks) Oval() []geom.Point {
	points := make([]geom.Point, len(oval))
	for i, k := range oval {
		points[i] = l[k]
	}
	return points
}

// In returns the landmarks in the pixels of another picture.
func (l *Landmarks) In(t geom.Similarity) *Landmarks {
	moved := new(Landmarks)
	for i, p := range l {
		moved[i] = t.Apply(p)
	}
	return moved
}
