package raster

import (
	"image"

	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

// Quarter turns a picture clockwise by n quarter turns, and returns the
// transform from the turned picture's coordinates back to the picture's.
func Quarter(src *image.RGBA, n int) (*image.RGBA, geom.Similarity) {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	var back geom.Similarity
	switch n % 4 {
	case 0:
		return src, geom.Identity()
	case 1:
		back = geom.Similarity{B: -1, Y: float64(h)}
	case 2:
		back = geom.Similarity{A: -1, X: float64(w), Y: float64(h)}
	case 3:
		back = geom.Similarity{B: 1, X: float64(w)}
	}
	if n%2 == 1 {
		w, h = h, w
	}
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			p := back.Apply(geom.Point{X: float64(x) + 0.5, Y: float64(y) + 0.5})
			i, j := dst.PixOffset(x, y), src.PixOffset(int(p.X), int(p.Y))
			copy(dst.Pix[i:i+4], src.Pix[j:j+4])
		}
	}
	return dst, back
}
