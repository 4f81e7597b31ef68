package matte_test

import (
	"image"
	"image/color"

	"github.com/passportphotogenie/passportphotogenie/internal/geom"
	"github.com/passportphotogenie/passportphotogenie/internal/matte"
)

// scene is a coarse matte drawn by hand: a photo of 300 x 300 pixels with a face
// 120 pixels high in its middle, and the person's and the wall's colour.
type scene struct {
	*matte.Coarse
	photo *image.RGBA
}

const side = 300

var (
	coat = color.RGBA{40, 50, 90, 255}
	wall = color.RGBA{205, 200, 195, 255}
)

func newScene() scene {
	c := &matte.Coarse{
		Width: side, Height: side,
		Lowest: make([]float32, side*side), Median: make([]float32, side*side),
		Head: matte.Head{Centre: geom.Point{X: 150, Y: 120}, Height: 120},
	}
	s := scene{c, image.NewRGBA(image.Rect(0, 0, side, side))}
	s.fill(func(_, _ float64) bool { return true }, 0, wall)
	return s
}

// sitter draws a head with shoulders.
func (s scene) sitter() scene {
	s.fill(figure(0), 1, coat)
	return s
}

func (s scene) fill(in func(x, y float64) bool, alpha float32, c color.RGBA) {
	for i := range s.Median {
		if in(float64(i%side)+0.5, float64(i/side)+0.5) {
			s.Median[i], s.Lowest[i] = alpha, alpha
			s.photo.SetRGBA(i%side, i/side, c)
		}
	}
}

// figure is the sitter, drawn that many pixels too small.
func figure(less float64) func(x, y float64) bool {
	head, shoulders := ellipse(150, 115, 55-less, 75-less), ellipse(150, 320, 110-less, 130-less)
	return func(x, y float64) bool {
		neck := x > 120+less && x < 180-less && y > 150 && y < 230
		return head(x, y) || neck || shoulders(x, y)
	}
}

func ellipse(cx, cy, rx, ry float64) func(x, y float64) bool {
	return func(x, y float64) bool {
		dx, dy := (x-cx)/rx, (y-cy)/ry
		return dx*dx+dy*dy < 1
	}
}
