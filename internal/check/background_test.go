package check

import (
	"image"
	"image/color"
	"math"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/geom"
	"github.com/passportphotogenie/passportphotogenie/internal/raster"
)

// plain is a wall with dark rectangles.
func plain(dark ...image.Rectangle) *raster.Pyramid {
	img := image.NewRGBA(image.Rect(0, 0, 240, 300))
	for i := range 240 * 300 {
		v := uint8(230)
		for _, r := range dark {
			if image.Pt(i%240, i/240).In(r) {
				v = 150
			}
		}
		img.SetRGBA(i%240, i/240, color.RGBA{v, v, v, 255})
	}
	return raster.NewPyramid(img)
}

func TestAShadowIsFoundWhereItIsAndNothingElse(t *testing.T) {
	if b := ExamineBackground(plain(), evenMatte(0), geom.Identity()); b.Shadow > 0.1 || len(b.ShadowAt) > 0 {
		t.Errorf("a plain wall has a shadow of %.1f at %v", b.Shadow, b.ShadowAt)
	}
	// A large one on the right, and one apart from it that is a little smaller.
	large, small := image.Rect(160, 40, 240, 200), image.Rect(0, 240, 40, 280)
	b := ExamineBackground(plain(large, small), evenMatte(0), geom.Identity())
	if b.Shadow < 20 {
		t.Fatalf("a shadow of %.1f", b.Shadow)
	}
	lo, hi := b.ShadowAt[0], b.ShadowAt[0]
	for _, p := range b.ShadowAt {
		lo = geom.Point{X: math.Min(lo.X, p.X), Y: math.Min(lo.Y, p.Y)}
		hi = geom.Point{X: math.Max(hi.X, p.X), Y: math.Max(hi.Y, p.Y)}
	}
	if lo.Sub(geom.Point{X: 160, Y: 40}).Length() > 8 || hi.Sub(geom.Point{X: 240, Y: 200}).Length() > 8 {
		t.Errorf("the shadow is said to lie from %v to %v", lo, hi)
	}
}
