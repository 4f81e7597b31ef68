package printsheet

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

// spec is a document with a photo of a size, printed by anyone.
func spec(w, h geom.MM, prints int) docspec.Spec {
	return docspec.Spec{
		ID: "xx-passport", CountryName: "Atlantis", Name: "Passport",
		Width: docspec.Fact[geom.MM]{Value: w}, Height: docspec.Fact[geom.MM]{Value: h},
		PrintsNeeded: &docspec.Fact[int]{Value: prints}, PrintBy: docspec.Fact[docspec.PrintBy]{Value: docspec.PrintByAnyone},
	}
}

// paper finds a paper that exists.
func paper(t testing.TB, name string) Paper {
	t.Helper()
	p, ok := FindPaper(name)
	if !ok {
		t.Fatalf("no paper %s", name)
	}
	return p
}

func plan(t testing.TB, o Order) Sheet {
	t.Helper()
	s, err := Plan(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The two halves of a test photo.
var (
	red  = color.RGBA{200, 0, 0, 255}
	blue = color.RGBA{0, 0, 200, 255}
)

// aPhoto is a JPEG with the document's pixels: the upper half red, the lower
// blue.
func aPhoto(t testing.TB, s docspec.Spec) []byte {
	t.Helper()
	w, h := s.PixelSize()
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(m, image.Rect(0, 0, w, h/2), image.NewUniform(red), image.Point{}, draw.Src)
	draw.Draw(m, image.Rect(0, h/2, w, h), image.NewUniform(blue), image.Point{}, draw.Src)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// kind is what a pixel of a rendered sheet shows. Of a photo's pixels those
// where its halves meet are neither red nor blue.
type kind byte

const (
	white   kind = 'w'
	black   kind = 'k'
	isRed   kind = 'r'
	isBlue  kind = 'b'
	between kind = 'm'
)

func kindOf(c color.Color) kind {
	r, g, b, _ := c.RGBA()
	switch {
	case max(r, b) < g+0x4000 && g > 0x8000:
		return white
	case max(r, b) < g+0x4000:
		return black
	case r > 2*b:
		return isRed
	case b > 2*r:
		return isBlue
	}
	return between
}

// measured finds a photo's edges, in pixels, from a point inside: as far as it is
// dark in each direction. Not as far as the colour goes: JPEG keeps colour only
// at half the resolution.
func measured(m image.Image, x, y int) image.Rectangle {
	inside := func(x, y int) bool { return color.GrayModel.Convert(m.At(x, y)).(color.Gray).Y < 0x80 }
	r := image.Rect(x, y, x+1, y+1)
	for inside(r.Min.X-1, y) {
		r.Min.X--
	}
	for inside(r.Max.X, y) {
		r.Max.X++
	}
	for inside(x, r.Min.Y-1) {
		r.Min.Y--
	}
	for inside(x, r.Max.Y) {
		r.Max.Y++
	}
	return r
}

// longestBlack is the longest black run along any row above y, in pixels: the
// scale bar's edge.
func longestBlack(m image.Image, y int) int {
	longest := 0
	for ; y >= 0; y-- {
		run := 0
		for x := range m.Bounds().Dx() {
			if kindOf(m.At(x, y)) != black {
				run = 0
				continue
			}
			run++
			longest = max(longest, run)
		}
	}
	return longest
}

// near checks a length in pixels against millimetres, to 0.1 mm.
func near(t *testing.T, what string, px int, perMM float64, want geom.MM) {
	t.Helper()
	got := float64(px) / perMM
	if d := got - float64(want); d < -0.1 || d > 0.1 {
		t.Errorf("%s measures %.2f mm, want %.2f", what, got, float64(want))
	}
}
