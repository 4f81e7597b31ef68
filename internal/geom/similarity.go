package geom

import "math"

// Similarity maps x' = A x - B y + X, y' = B x + A y + Y: a turn and a uniform
// scale, then a shift. It keeps angles and proportions, so a face stays the
// face it was. The zero value is not valid; start from Identity.
type Similarity struct{ A, B, X, Y float64 }

// Identity leaves every point where it is.
func Identity() Similarity { return Similarity{A: 1} }

// Turn returns the rotation by the angle in radians (positive: clockwise on
// the screen) and the scale about pivot.
func Turn(pivot Point, radians, scale float64) Similarity {
	a, b := scale*math.Cos(radians), scale*math.Sin(radians)
	return Similarity{
		A: a, B: b,
		X: pivot.X - a*pivot.X + b*pivot.Y,
		Y: pivot.Y - b*pivot.X - a*pivot.Y,
	}
}

// Apply maps p.
func (s Similarity) Apply(p Point) Point {
	return Point{s.A*p.X - s.B*p.Y + s.X, s.B*p.X + s.A*p.Y + s.Y}
}

// Then returns the transform that applies s first and t after it.
func (s Similarity) Then(t Similarity) Similarity {
	shift := t.Apply(Point{s.X, s.Y})
	return Similarity{
		A: t.A*s.A - t.B*s.B,
		B: t.B*s.A + t.A*s.B,
		X: shift.X, Y: shift.Y,
	}
}

// Scale returns by how much lengths grow.
func (s Similarity) Scale() float64 { return math.Hypot(s.A, s.B) }

// Inverse returns the transform that undoes s. A similarity of scale zero has
// none; the result then holds infinities.
func (s Similarity) Inverse() Similarity {
	n := s.A*s.A + s.B*s.B
	a, b := s.A/n, -s.B/n
	return Similarity{A: a, B: b, X: -(a*s.X - b*s.Y), Y: -(b*s.X + a*s.Y)}
}
