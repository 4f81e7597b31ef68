package pipeline

import (
	"fmt"
	"image"
	"image/color"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/edit"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
	"github.com/passportphotogenie/passportphotogenie/internal/matte"
)

// backdrop is what will be behind the person. The zero value leaves what is
// there.
type backdrop struct {
	replaced    bool
	transparent bool
	colour      color.RGBA
}

// backdropFor is what the person chose; without a choice, the first colour that
// the document names, unless its authority forbids that.
func backdropFor(spec docspec.Spec, b edit.Background) backdrop {
	if b == edit.Transparent {
		return backdrop{replaced: true, transparent: true}
	}
	if b == edit.Automatic {
		colours := spec.BackgroundColours()
		if spec.Alteration.Value == docspec.FormatOnly || len(colours) == 0 {
			return backdrop{}
		}
		b = edit.Background(colours[0].Hex)
	}
	rgb, ok := b.Colour()
	return backdrop{replaced: ok, colour: color.RGBA{rgb[0], rgb[1], rgb[2], 255}}
}

// lay lays the person in the photo over the backdrop. What lies outside of the
// original is background.
func (b backdrop) lay(img *image.RGBA, s *seen, p placed) (image.Image, error) {
	if !b.replaced {
		return img, nil
	}
	copyToPhoto := s.toPhoto(p)
	coarse := s.Matte.In(copyToPhoto, p.Width, p.Height)
	beyond(coarse, s, copyToPhoto)
	extend(img)
	cut, err := matte.Refine(img, coarse)
	if err != nil {
		return nil, fmt.Errorf("replace the background: %w", err)
	}
	if b.transparent {
		return cut.CutOut(), nil
	}
	return cut.Over(b.colour), nil
}

// beyond makes what lies outside of the original background.
func beyond(c *matte.Coarse, s *seen, copyToPhoto geom.Similarity) {
	back := copyToPhoto.Inverse()
	for i := range c.Median {
		q := back.Apply(geom.Point{X: float64(i%c.Width) + 0.5, Y: float64(i/c.Width) + 0.5})
		if q.X < 0 || q.Y < 0 || q.X > float64(s.Copy.X) || q.Y > float64(s.Copy.Y) {
			c.Median[i], c.Lowest[i] = 0, 0
		}
	}
}

// extend gives pixels that the original does not reach the colour of the nearest
// one above or below, or else beside: the background goes on as it is, so that the
// original's edge does not look like a person's outline.
func extend(img *image.RGBA) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	for x := range w {
		fill(img, h, func(i int) int { return img.PixOffset(x, i) })
	}
	for y := range h {
		fill(img, w, func(i int) int { return img.PixOffset(i, y) })
	}
}

// fill carries the colours of a line's opaque pixels to its others.
func fill(img *image.RGBA, n int, at func(int) int) {
	last := -1
	carry := func(i int) {
		switch o := at(i); {
		case img.Pix[o+3] == 255:
			last = o
		case last >= 0:
			copy(img.Pix[o:o+4], img.Pix[last:last+4])
		}
	}
	for i := range n {
		carry(i)
	}
	last = -1
	for i := n - 1; i >= 0; i-- {
		carry(i)
	}
}
