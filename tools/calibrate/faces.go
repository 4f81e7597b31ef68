package main

import (
	"image"
	"image/color"
	"math"

	"github.com/passportphotogenie/passportphotogenie/internal/check"
	"github.com/passportphotogenie/passportphotogenie/internal/face"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

// faceFaults are drawn into the face around its landmarks: lids are let down, lips
// parted, pupils reddened, irises moved.
func faceFaults() []fault {
	return []fault{
		{"eyes closed", []check.Name{check.EyesOpen}, []float64{0.2, 0.4, 0.6, 0.8, 0.9, 1}, 4, plain(lidsDown)},
		{"mouth open", []check.Name{check.MouthClosed}, []float64{0.02, 0.05, 0.1, 0.15, 0.2, 0.3}, 3, plain(lipsParted)},
		{"looking aside", []check.Name{check.Gaze}, []float64{0.04, 0.08, 0.12, 0.16, 0.2}, 3, plain(irisesMoved)},
		{"red eyes", []check.Name{check.RedEyes}, []float64{0.02, 0.04, 0.06, 0.09, 0.12}, 3, plain(pupilsReddened)},
	}
}

// warped draws a picture whose every pixel comes from where from says. Around an area
// that nothing moves in, from returns the pixel itself.
func warped(img *image.RGBA, from func(p geom.Point) geom.Point) *image.RGBA {
	out := image.NewRGBA(img.Rect)
	w, h := img.Rect.Dx(), img.Rect.Dy()
	for y := range h {
		for x := range w {
			p := geom.Point{X: float64(x) + 0.5, Y: float64(y) + 0.5}
			if q := from(p); q != p {
				out.SetRGBA(x, y, sample(img, q))
			} else {
				copy(out.Pix[out.PixOffset(x, y):][:4], img.Pix[img.PixOffset(x, y):][:4])
			}
		}
	}
	return out
}

// sample interpolates between the four pixels around.
func sample(img *image.RGBA, p geom.Point) color.RGBA {
	x, y := p.X-0.5, p.Y-0.5
	x0, y0 := math.Floor(x), math.Floor(y)
	at := func(dx, dy float64) [3]float64 {
		c := img.RGBAAt(int(x0+dx), int(y0+dy))
		return [3]float64{float64(c.R), float64(c.G), float64(c.B)}
	}
	a, b, c, d := at(0, 0), at(1, 0), at(0, 1), at(1, 1)
	fx, fy := x-x0, y-y0
	mix := func(k int) uint8 {
		return uint8((1-fy)*((1-fx)*a[k]+fx*b[k]) + fy*((1-fx)*c[k]+fx*d[k]) + 0.5)
	}
	return color.RGBA{mix(0), mix(1), mix(2), 255}
}

// fade is 1 in the middle and falls smoothly to 0 at a distance of 1.
func fade(d float64) float64 {
	if d >= 1 {
		return 0
	}
	return (1 - d*d) * (1 - d*d)
}

// lidsDown covers the eye with skin from below it, down to a line of lashes.
func lidsDown(s *sitter, level float64) image.Image {
	eyes := s.landmarks.Eyes()
	out := image.NewRGBA(s.picture.Rect)
	copy(out.Pix, s.picture.Pix)
	for _, e := range eyes {
		width := e.Outer.Sub(e.Inner).Length()
		box := image.Rect(int(e.Centre().X-width), int(e.Centre().Y-width), int(e.Centre().X+width), int(e.Centre().Y+width))
		for y := box.Min.Y; y < box.Max.Y; y++ {
			for x := box.Min.X; x < box.Max.X; x++ {
				p := geom.Point{X: float64(x) + 0.5, Y: float64(y) + 0.5}
				upper, lower := lidAt(e.Outer, e.Upper[:], e.Inner, p.X), lidAt(e.Outer, e.Lower[:], e.Inner, p.X)
				top, now := upper-0.03*width, upper+level*(lower+0.02*width-upper)
				if math.IsNaN(upper) || p.Y < top || p.Y > now {
					continue
				}
				skin := sample(s.picture, geom.Point{X: p.X, Y: lower + 0.1*width + (now - p.Y)})
				shade := 0.92 - 0.6*fade((now-p.Y)/(0.06*width)) // lashes along the edge
				out.SetRGBA(x, y, color.RGBA{uint8(float64(skin.R) * shade), uint8(float64(skin.G) * shade), uint8(float64(skin.B) * shade), 255})
			}
		}
	}
	return out
}

// lidAt is the height of a lid at x, along its points from corner to corner.
func lidAt(outer geom.Point, points []geom.Point, inner geom.Point, x float64) float64 {
	chain := append(append([]geom.Point{outer}, points...), inner)
	if chain[0].X > chain[len(chain)-1].X {
		for i, j := 0, len(chain)-1; i < j; i, j = i+1, j-1 {
			chain[i], chain[j] = chain[j], chain[i]
		}
	}
	for i := range len(chain) - 1 {
		a, b := chain[i], chain[i+1]
		if x >= a.X && x <= b.X && b.X > a.X {
			return a.Y + (b.Y-a.Y)*(x-a.X)/(b.X-a.X)
		}
	}
	return math.NaN()
}

// lipsParted moves what lies below the lips' line down and fills the gap with dark.
func lipsParted(s *sitter, level float64) image.Image {
	m := s.landmarks.Mouth()
	t := geom.Mid(s.landmarks.RightEye(), s.landmarks.LeftEye()).Sub(s.landmarks.Chin()).Length()
	half := m.Left.Sub(m.Right).Length() / 2
	line := func(x float64) float64 { return lidAt(m.Right, m.Lower[:], m.Left, x) }
	gap := func(x float64) float64 { return level * t * fade(math.Abs(x-m.Centre().X)/half) }
	reach := 0.45 * t // the chin stays
	out := warped(s.picture, func(p geom.Point) geom.Point {
		y := line(p.X)
		if math.IsNaN(y) || p.Y < y || p.Y > y+gap(p.X)+reach {
			return p
		}
		g := gap(p.X)
		return geom.Point{X: p.X, Y: y + max(p.Y-y-g, 0)*(reach+g)/reach*reach/(reach+g)}
	})
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			top := line(float64(x))
			if !math.IsNaN(top) && float64(y) > top && float64(y) < top+gap(float64(x)) {
				out.SetRGBA(x, y, color.RGBA{60, 25, 25, 255})
			}
		}
	}
	return out
}

// irisesMoved moves the inside of both eyes to the picture's right, by parts of the
// eye's width, and keeps the corners.
func irisesMoved(s *sitter, level float64) image.Image {
	eyes := s.landmarks.Eyes()
	return warped(s.picture, func(p geom.Point) geom.Point {
		for _, e := range eyes {
			if move := level * e.Outer.Sub(e.Inner).Length() * inEye(e, p); move > 0 {
				return geom.Point{X: p.X - move, Y: p.Y}
			}
		}
		return p
	})
}

// inEye is 1 in the middle of an eye and 0 beyond its lids and corners.
func inEye(e face.Eye, p geom.Point) float64 {
	upper, lower := lidAt(e.Outer, e.Upper[:], e.Inner, p.X), lidAt(e.Outer, e.Lower[:], e.Inner, p.X)
	if math.IsNaN(upper) || p.Y < upper || p.Y > lower {
		return 0
	}
	d := math.Abs(p.X-e.Centre().X) / (e.Outer.Sub(e.Inner).Length() / 2)
	return min(1, 3*(1-d))
}

// pupilsReddened paints a disc of the radius, in inter-eye distances, in each eye.
func pupilsReddened(s *sitter, level float64) image.Image {
	out := image.NewRGBA(s.picture.Rect)
	copy(out.Pix, s.picture.Pix)
	radius := level * s.interEye()
	for _, e := range s.landmarks.Eyes() {
		for y := range out.Rect.Dy() {
			for x := range out.Rect.Dx() {
				p := geom.Point{X: float64(x) + 0.5, Y: float64(y) + 0.5}
				if p.Sub(e.Centre()).Length() < radius && inEye(e, p) > 0 {
					out.SetRGBA(x, y, color.RGBA{190, 40, 45, 255})
				}
			}
		}
	}
	return out
}
