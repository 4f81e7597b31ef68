// Package geom holds the plane geometry that everything about faces and
// pictures is said in: points, millimetres and the one kind of transform a
// passport photo may undergo, the similarity (turn, uniform scale, shift).
//
// X runs to the right and Y runs down, as in pictures. A pixel's centre lies at
// half coordinates: the first pixel covers 0..1 and its centre is 0.5. Which
// picture's pixels a point is measured in is said where the point is declared.
package geom

import "math"

// MM is a length on the finished print, in millimetres.
type MM float64

// PerInch is how many millimetres make an inch; resolutions are given in dots
// per inch.
const PerInch MM = 25.4

// PixelsPerMM turns a print resolution in dots per inch into pixels per millimetre.
func PixelsPerMM(dpi float64) float64 { return dpi / float64(PerInch) }

// Point is a place in a picture, in pixels of that picture.
type Point struct{ X, Y float64 }

// Add returns p moved by q.
func (p Point) Add(q Point) Point { return Point{p.X + q.X, p.Y + q.Y} }

// Sub returns the vector from q to p.
func (p Point) Sub(q Point) Point { return Point{p.X - q.X, p.Y - q.Y} }

// Times returns p scaled by k about the origin.
func (p Point) Times(k float64) Point { return Point{p.X * k, p.Y * k} }

// Dot returns the scalar product of two vectors.
func (p Point) Dot(q Point) float64 { return p.X*q.X + p.Y*q.Y }

// Length returns the vector's Euclidean length.
func (p Point) Length() float64 { return math.Hypot(p.X, p.Y) }

// Angle returns the vector's direction in radians, 0 along X, positive towards
// Y: clockwise as seen on the screen.
func (p Point) Angle() float64 { return math.Atan2(p.Y, p.X) }

// Finite reports whether both coordinates are real numbers.
func (p Point) Finite() bool { return !math.IsNaN(p.X+p.Y) && !math.IsInf(p.X+p.Y, 0) }

// Mid returns the point half-way between p and q.
func Mid(p, q Point) Point { return Point{(p.X + q.X) / 2, (p.Y + q.Y) / 2} }
