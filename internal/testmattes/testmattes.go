// Package testmattes makes pictures of which the true matte is known, to judge
// a refined one by. Only tests, the benchmark and the comparison with the
// reference implementation may import it.
//
// A truth that some matting method has computed favours that method, so there
// are two kinds. Drawn heads have hair of thin strands and a shirt, drawn eight
// times as fine as the picture: alpha is the share of a pixel that they cover.
// And a portrait's own matte is laid over other backgrounds.
package testmattes

import (
	"image"
	"math"

	"github.com/passportphotogenie/passportphotogenie/internal/matting"
)

// Colour is sRGB, each channel 0..1.
type Colour [3]float64

// Layer tells the colour at a pixel.
type Layer func(x, y int) Colour

// Truth is a picture and what it was made of.
type Truth struct {
	Name    string
	Picture *image.RGBA
	Alpha   []float32 // row by row, 0..1
	// Foreground is the person's own colour, wherever Alpha is above 0.
	Foreground []Colour
}

// compose lays the foreground over the background, in sRGB as cameras' blur of
// an edge mostly ends up, and rounds to the 8 bits of a file.
func compose(name string, width int, alpha []float32, fg []Colour, behind Layer) *Truth {
	height := len(alpha) / width
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for i, a := range alpha {
		b := behind(i%width, i/width)
		for c := range 3 {
			v := float64(a)*fg[i][c] + (1-float64(a))*b[c]
			img.Pix[4*i+c] = uint8(math.Round(255 * math.Min(math.Max(v, 0), 1)))
		}
		img.Pix[4*i+3] = 255
	}
	return &Truth{Name: name, Picture: img, Alpha: alpha, Foreground: fg}
}

// Trimap is unknown within the radius, in pixels, of everything that is neither
// wholly person nor wholly background.
func (t *Truth) Trimap(radius int) *matting.Trimap {
	w, h := t.Picture.Rect.Dx(), t.Picture.Rect.Dy()
	tri := matting.NewTrimap(w, h)
	for i, a := range t.Alpha {
		if a > 0.5 {
			tri.Marks[i] = matting.Foreground
		}
	}
	for i, a := range t.Alpha {
		edge := i%w > 0 && (a > 0.5) != (t.Alpha[i-1] > 0.5) || i >= w && (a > 0.5) != (t.Alpha[i-w] > 0.5)
		if a > 0 && a < 1 || edge {
			disc(tri, i%w, i/w, radius)
		}
	}
	return tri
}

func disc(t *matting.Trimap, x, y, radius int) {
	for dy := -radius; dy <= radius; dy++ {
		for dx := -radius; dx <= radius; dx++ {
			u, v := x+dx, y+dy
			if dx*dx+dy*dy <= radius*radius && u >= 0 && v >= 0 && u < t.Width && v < t.Height {
				t.Marks[v*t.Width+u] = matting.Unknown
			}
		}
	}
}

// Error returns the mean absolute error of alpha over the trimap's unknown band.
func (t *Truth) Error(tri *matting.Trimap, alpha []float32) float64 {
	sum, n := 0.0, 0
	for i, m := range tri.Marks {
		if m == matting.Unknown {
			sum += math.Abs(float64(alpha[i] - t.Alpha[i]))
			n++
		}
	}
	return sum / math.Max(float64(n), 1)
}
