package matte

import (
	"image"

	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

// Edges tells for three edges of a picture whether only background lies there.
// At the bottom the body always goes on.
type Edges struct{ Left, Top, Right bool }

// looks along an edge: closer together than a strand of hair that matters.
const edgeLooks = 200

// Clear looks along the edges of the picture.
func (m *Matte) Clear(picture image.Rectangle) Edges {
	w, h := float64(picture.Dx()), float64(picture.Dy())
	clear := func(from, to geom.Point) bool {
		for i := range edgeLooks + 1 {
			p := from.Add(to.Sub(from).Times(float64(i) / edgeLooks))
			if m.likely(p) > SureBackground {
				return false
			}
		}
		return true
	}
	return Edges{
		Left:  clear(geom.Point{}, geom.Point{Y: h}),
		Top:   clear(geom.Point{}, geom.Point{X: w}),
		Right: clear(geom.Point{X: w}, geom.Point{X: w, Y: h}),
	}
}

// likely is the best single guess at a place of the picture.
func (m *Matte) likely(p geom.Point) float32 {
	if q := m.Frame.ToPicture.Inverse().Apply(p); m.framed(q) {
		return at(m.Median, m.Frame.Size, q)
	}
	return at(m.Whole, m.WholeFrame.Size, m.WholeFrame.ToPicture.Inverse().Apply(p))
}
