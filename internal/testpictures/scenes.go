package testpictures

import (
	"image"
	"image/color"
	"image/draw"

	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

// TwoFaces puts the smiling portrait beside its mirror image, which is a little
// smaller.
func TwoFaces(t T) *image.RGBA {
	t.Helper()
	left := Pixels(t, portraits.Smiling)
	right := stored(Scaled(left, 0.8), 2) // 2 is mirrored
	out := image.NewRGBA(image.Rect(0, 0, left.Rect.Dx()+right.Rect.Dx(), left.Rect.Dy()))
	draw.Draw(out, left.Rect, left, image.Point{}, draw.Src)
	draw.Draw(out, right.Rect.Add(image.Pt(left.Rect.Dx(), left.Rect.Dy()-right.Rect.Dy())), right, image.Point{}, draw.Src)
	return out
}

// NoFace is a landscape of a sky over a field.
func NoFace() *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, 1200, 900))
	for y := range 900 {
		for x := range 1200 {
			c := color.RGBA{uint8(90 + y/9), uint8(140 + y/12), 230, 255}
			if y > 500+x/20 {
				c = color.RGBA{uint8(60 + (x*y)%23), uint8(120 - y/18 + (x^y)%17), 50, 255}
			}
			out.SetRGBA(x, y, c)
		}
	}
	return out
}

// SmallFace shows the smiling portrait far away on a plain wall: faceWidth is
// the width between the ears, in pixels.
func SmallFace(t T, faceWidth int) *image.RGBA {
	t.Helper()
	const earToEar = 240.0 // in the portrait's own pixels
	far := Scaled(Pixels(t, portraits.Smiling), float64(faceWidth)/earToEar)
	out := image.NewRGBA(image.Rect(0, 0, 1000, 1000))
	draw.Draw(out, out.Rect, image.NewUniform(color.RGBA{200, 205, 210, 255}), image.Point{}, draw.Src)
	at := image.Pt((1000-far.Rect.Dx())/2, 1000-far.Rect.Dy())
	draw.Draw(out, far.Rect.Add(at), far, image.Point{}, draw.Src)
	return out
}

// CutFace is the smiling portrait with the head cut by the upper edge, just
// above the eyebrows.
func CutFace(t T) *image.RGBA {
	t.Helper()
	whole := Pixels(t, portraits.Smiling)
	const cut = 130 // of the hair top at 31 and the eyes at 213
	out := image.NewRGBA(image.Rect(0, 0, whole.Rect.Dx(), whole.Rect.Dy()-cut))
	draw.Draw(out, out.Rect, whole, image.Pt(0, cut), draw.Src)
	return out
}
