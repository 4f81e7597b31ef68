// Package testpictures makes the pictures that tests and the benchmark look at,
// all from the portraits in testdata: every format and colour space people send,
// every way a camera is held, and files that are damaged or hostile.
//
// What Go's own image packages can write is written by them; libvips makes the
// rest. Decoding is Go's alone, so that nothing here is checked against itself.
// Only tests and the benchmark may import this package.
package testpictures

import (
	"bytes"
	"image"
	"image/draw"
	"image/jpeg"
	"image/png"
	"math"

	xdraw "golang.org/x/image/draw"

	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

// T is the part of testing.TB that is used, so that the benchmark can stand in.
type T interface {
	Helper()
	Fatalf(format string, args ...any)
}

// Portrait returns the file of a portrait as it is.
func Portrait(t T, name portraits.Name) []byte {
	t.Helper()
	file, err := name.Read()
	if err != nil {
		t.Fatalf("portrait: %v", err)
	}
	return file
}

// Pixels returns a portrait's pixels, a new copy each time.
func Pixels(t T, name portraits.Name) *image.RGBA {
	t.Helper()
	return Decode(t, Portrait(t, name))
}

// Decode reads a JPEG or PNG with Go's decoders. It knows no colour profiles.
func Decode(t T, file []byte) *image.RGBA {
	t.Helper()
	img, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatalf("decode: %v", err)
	}
	out := image.NewRGBA(image.Rectangle{Max: img.Bounds().Size()})
	draw.Draw(out, out.Rect, img, img.Bounds().Min, draw.Src)
	return out
}

// JPEG encodes at quality 95, with Go's encoder.
func JPEG(t T, img image.Image) []byte {
	t.Helper()
	var file bytes.Buffer
	if err := jpeg.Encode(&file, img, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatalf("encode JPEG: %v", err)
	}
	return file.Bytes()
}

// PNG encodes any picture, in the depth and colour model that it has.
func PNG(t T, img image.Image) []byte {
	t.Helper()
	var file bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := encoder.Encode(&file, img); err != nil {
		t.Fatalf("encode PNG: %v", err)
	}
	return file.Bytes()
}

// Megapixels returns the smiling portrait scaled to about that many millions of
// pixels, as a JPEG of quality 90 with the grain of a camera.
func Megapixels(t T, millions float64) []byte {
	t.Helper()
	return once(product{"megapixels", millions}, func() []byte {
		img := Pixels(t, portraits.Smiling)
		scale := math.Sqrt(millions * 1e6 / float64(img.Rect.Dx()*img.Rect.Dy()))
		return save(t, withGrain(Scaled(img, scale)), plain(".jpg[Q=90]"))
	})
}

// Scaled resizes smoothly.
func Scaled(img *image.RGBA, scale float64) *image.RGBA {
	side := func(n int) int { return max(1, int(float64(n)*scale+0.5)) }
	out := image.NewRGBA(image.Rect(0, 0, side(img.Rect.Dx()), side(img.Rect.Dy())))
	xdraw.CatmullRom.Scale(out, out.Rect, img, img.Rect, draw.Src, nil)
	return out
}

// withGrain adds noise of a few levels, the same each time: an enlarged picture
// is smooth, and would decode faster than any photo of its size.
func withGrain(img *image.RGBA) *image.RGBA {
	state := uint32(1)
	for i := 0; i < len(img.Pix); i += 4 {
		state = state*1664525 + 1013904223
		grain := int(state>>28) - 8
		for c := range 3 {
			img.Pix[i+c] = uint8(min(255, max(0, int(img.Pix[i+c])+grain)))
		}
	}
	return img
}
