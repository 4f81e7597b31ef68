package testmattes

import (
	"bytes"
	"embed"
	"fmt"
	"image"
	_ "image/jpeg" // the portrait's colours
	_ "image/png"  // its alpha

	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

// The astronaut's portrait as a photo of 600 x 600 pixels, with the alpha and
// the colours that this project's own matting found before the studio's grey
// wall, an easy one. Origin and rights are those of testdata/portraits.
//
//go:embed astronaut-alpha.png astronaut-colours.jpg
var astronaut embed.FS

// Composites returns the astronaut before other backgrounds.
func Composites() ([]*Truth, error) {
	alpha, err := decode(astronaut.ReadFile("astronaut-alpha.png"))
	if err != nil {
		return nil, err
	}
	colours, err := decode(astronaut.ReadFile("astronaut-colours.jpg"))
	if err != nil {
		return nil, err
	}
	flags, err := decode(portraits.Smiling.Read())
	if err != nil {
		return nil, err
	}
	size := alpha.Bounds().Dx()
	a, fg := make([]float32, size*size), make([]Colour, size*size)
	for i := range a {
		a[i] = float32(colourAt(alpha, i%size, i/size)[0])
		fg[i] = colourAt(colours, i%size, i/size)
	}
	brown := Colour{0.43, 0.36, 0.24} // of her hair
	return []*Truth{
		compose("astronaut, light wall", size, a, fg, Plain(Colour{0.85, 0.85, 0.83})),
		compose("astronaut, dark wall", size, a, fg, Gradient(Colour{0.16, 0.13, 0.10}, Colour{0.10, 0.09, 0.08}, size)),
		compose("astronaut, hair's own brown", size, a, fg, Plain(brown)),
		compose("astronaut, curtain", size, a, fg, Stripes(Colour{0.60, 0.22, 0.20}, 50)),
		compose("astronaut, flags", size, a, fg, mirrored(flags, image.Rect(0, 0, 230, 700))),
		compose("astronaut, stones", size, a, fg, Noise(5)),
	}, nil
}

func decode(file []byte, err error) (image.Image, error) {
	if err != nil {
		return nil, err
	}
	img, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("the portrait's matte: %w", err)
	}
	return img, nil
}

func colourAt(img image.Image, x, y int) Colour {
	r, g, b, _ := img.At(x, y).RGBA()
	return Colour{float64(r) / 0xffff, float64(g) / 0xffff, float64(b) / 0xffff}
}

// mirrored is a part of a picture, repeated to and fro.
func mirrored(img image.Image, part image.Rectangle) Layer {
	fold := func(v, n int) int {
		if v %= 2 * n; v >= n {
			v = 2*n - 1 - v
		}
		return v
	}
	return func(x, y int) Colour {
		return colourAt(img, part.Min.X+fold(x, part.Dx()), part.Min.Y+fold(y, part.Dy()))
	}
}
