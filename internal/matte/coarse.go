package matte

import "github.com/passportphotogenie/passportphotogenie/internal/geom"

// Coarse is the matte at a photo's pixels, row by row, and where the face is in
// it.
type Coarse struct {
	Width, Height  int
	Lowest, Median []float32 // as in Matte
	Head           Head      // in the photo's pixels
}

// In resamples the matte to a photo's pixels. toPhoto maps the picture that was
// looked at to the photo.
func (m *Matte) In(toPhoto geom.Similarity, width, height int) *Coarse {
	c := &Coarse{
		Width: width, Height: height, Head: m.Head.In(toPhoto),
		Lowest: make([]float32, width*height), Median: make([]float32, width*height),
	}
	back := toPhoto.Inverse()
	toFrame := back.Then(m.Frame.ToPicture.Inverse())
	toWhole := back.Then(m.WholeFrame.ToPicture.Inverse())
	for i := range c.Median {
		p := geom.Point{X: float64(i%width) + 0.5, Y: float64(i/width) + 0.5}
		q := toFrame.Apply(p)
		if !m.framed(q) {
			v := at(m.Whole, m.WholeFrame.Size, toWhole.Apply(p))
			c.Lowest[i], c.Median[i] = v, v
			continue
		}
		c.Lowest[i], c.Median[i] = at(m.Lowest, m.Frame.Size, q), at(m.Median, m.Frame.Size, q)
	}
	return c
}

// framed reports whether a place in cells lies in the frame; beyond it only the
// view of the whole picture tells anything.
func (m *Matte) framed(q geom.Point) bool {
	side := float64(m.Frame.Size)
	return q.X >= 0 && q.Y >= 0 && q.X <= side && q.Y <= side
}
