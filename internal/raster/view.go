package raster

import (
	"image"

	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

// View is a square look at a picture.
type View struct {
	ToPicture geom.Similarity // from the view's pixels to the picture's
	Size      int             // side of the view in pixels
	Black     bool            // what lies outside the picture is black instead of its nearest edge
}

// Square returns the view of size x size pixels on the square around centre
// whose side is given in picture pixels and whose downward axis is turned by
// the angle in radians (positive: clockwise).
func Square(centre geom.Point, side, radians float64, size int) View {
	shift := geom.Similarity{A: 1, X: centre.X - float64(size)/2, Y: centre.Y - float64(size)/2}
	return View{ToPicture: shift.Then(geom.Turn(centre, radians, side/float64(size))), Size: size}
}

// Mirrored returns the tensor of the view flipped left to right, plane by plane.
func Mirrored(planes []float32, size int) []float32 {
	out := make([]float32, len(planes))
	for row := 0; row < len(planes); row += size {
		for x := range size {
			out[row+x] = planes[row+size-1-x]
		}
	}
	return out
}

// Planes writes what the view sees into out as a network takes it: 3 x size x
// size values, red, green and blue planes, 0..1. out must have that length.
func (p *Pyramid) Planes(v View, out []float32) {
	img, toLevel := p.LevelFor(1 / v.ToPicture.Scale())
	t := v.ToPicture.Then(toLevel)
	n := v.Size * v.Size
	for y := range v.Size {
		for x := range v.Size {
			q := t.Apply(geom.Point{X: float64(x) + 0.5, Y: float64(y) + 0.5})
			r, g, b := bilinear(img, q, v.Black)
			i := y*v.Size + x
			out[i], out[n+i], out[2*n+i] = r, g, b
		}
	}
}

// bilinear returns the colour at q, 0..1 each.
func bilinear(img *image.RGBA, q geom.Point, black bool) (r, g, b float32) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	if black && (q.X < 0 || q.Y < 0 || q.X > float64(w) || q.Y > float64(h)) {
		return 0, 0, 0
	}
	x0, fx := split(q.X-0.5, w)
	y0, fy := split(q.Y-0.5, h)
	x1, y1 := min(x0+1, w-1), min(y0+1, h-1)
	a := img.Pix[y0*img.Stride+4*x0:]
	c := img.Pix[y0*img.Stride+4*x1:]
	d := img.Pix[y1*img.Stride+4*x0:]
	e := img.Pix[y1*img.Stride+4*x1:]
	wa, wc, wd, we := (1-fx)*(1-fy)/255, fx*(1-fy)/255, (1-fx)*fy/255, fx*fy/255
	at := func(i int) float32 {
		return wa*float32(a[i]) + wc*float32(c[i]) + wd*float32(d[i]) + we*float32(e[i])
	}
	return at(0), at(1), at(2)
}

// split returns the pixel left of v, clamped to 0..n-1, and how far v lies
// beyond it.
func split(v float64, n int) (int, float32) {
	if v <= 0 {
		return 0, 0
	}
	if v >= float64(n-1) {
		return n - 1, 0
	}
	i := int(v)
	return i, float32(v - float64(i))
}
