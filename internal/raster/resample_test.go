package raster

import (
	"image"
	"image/color"
	"math"
	"testing"

	"golang.org/x/image/draw"
	"golang.org/x/image/math/f64"

	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

// detail is a picture of fine grain over large shapes.
func detail(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		x, y := i%w, i/w
		v := uint8((x*7919 ^ y*104729) % 90)
		img.SetRGBA(x, y, color.RGBA{v + uint8(x/20%2*100), v + uint8(y/30%2*120), 255 - v, 255})
	}
	return img
}

func TestAResampledPictureIsTheOneThatTheLibraryDraws(t *testing.T) {
	src := detail(310, 270)
	centre := geom.Point{X: 155, Y: 135}
	for name, place := range map[string]geom.Similarity{
		"as it is":            geom.Identity(),
		"enlarged and turned": geom.Turn(centre, 0.3, 1.7),
		"a little smaller":    geom.Turn(centre, -0.05, 0.8),
		"half as large":       geom.Turn(centre, 0.02, 0.5),
		"beyond all edges":    geom.Turn(geom.Point{X: 300, Y: 20}, 1.2, 0.6),
	} {
		got := Resample(src, place, 300, 260)
		want := image.NewRGBA(got.Rect)
		a := f64.Aff3{place.A, -place.B, place.X, place.B, place.A, place.Y}
		draw.CatmullRom.Transform(want, a, src, src.Rect, draw.Src, nil)
		worst := 0
		for i := range want.Pix {
			worst = max(worst, int(got.Pix[i])-int(want.Pix[i]), int(want.Pix[i])-int(got.Pix[i]))
		}
		if worst > 1 {
			t.Errorf("%s: %d levels apart", name, worst)
		}
	}
}

func BenchmarkResample600(b *testing.B) {
	src := detail(1000, 1000)
	place := geom.Turn(geom.Point{X: 500, Y: 500}, 0.02, 0.7).Then(geom.Similarity{A: 1, X: -200, Y: -200})
	b.Run("this package", func(b *testing.B) {
		for b.Loop() {
			Resample(src, place, 600, 600)
		}
	})
	b.Run("golang.org/x/image/draw", func(b *testing.B) {
		a := f64.Aff3{place.A, -place.B, place.X, place.B, place.A, place.Y}
		for b.Loop() {
			draw.CatmullRom.Transform(image.NewRGBA(image.Rect(0, 0, 600, 600)), a, src, src.Rect, draw.Src, nil)
		}
	})
}

// A place a hair left of a pixel's centre lies a whole pixel right of the one before,
// as far as a float64 can tell.
func TestAPlaceJustLeftOfAPixelIsDrawn(t *testing.T) {
	src := image.NewRGBA(image.Rect(0, 0, 4, 4))
	for i := range src.Pix {
		src.Pix[i] = 200
	}
	left := math.Nextafter(0.5, 0) - 0.5
	out := Resample(src, geom.Similarity{A: 1, X: -left, Y: -left}, 4, 4)
	if got := out.RGBAAt(1, 1); got != (color.RGBA{200, 200, 200, 255}) {
		t.Errorf("drew %v", got)
	}
}
