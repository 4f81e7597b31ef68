package printsheet

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"

	"golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"github.com/passportphotogenie/passportphotogenie/internal/density"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
	"github.com/passportphotogenie/passportphotogenie/internal/typeset"
)

// sheetQuality is the JPEG quality of a sheet: the photo is encoded a second
// time, at a quality where that does not show.
const sheetQuality = 95

// JPEG returns the sheet's first page as a picture at a resolution, which the
// file names in its header. A photo that has this resolution is taken pixel for
// pixel. ctx is asked between the steps, none of which takes long.
func (s Sheet) JPEG(ctx context.Context, photo []byte, dpi int) ([]byte, error) {
	if err := typeset.Inspect(photo, s.photo.W, s.photo.H); err != nil {
		return nil, err
	}
	decoded, err := jpeg.Decode(bytes.NewReader(photo))
	if err != nil {
		return nil, fmt.Errorf("read the photo: %w", err)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	grid := grid(geom.PixelsPerMM(float64(dpi)))
	c := newCanvas(grid.length(s.Paper.W), grid.length(s.Paper.H))
	s.layPhotos(c, grid, decoded)
	if err := s.layHeader(c, grid, dpi); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return encode(c, dpi)
}

// grid is a number of pixels per millimetre.
type grid float64

func (g grid) length(v geom.MM) int { return int(float64(v)*float64(g) + 0.5) }

// pixels is where a rectangle lies. Its size does not depend on its place, so
// that all photos have the same.
func (g grid) pixels(r Rect) image.Rectangle {
	x, y := g.length(r.X), g.length(r.Y)
	return image.Rect(x, y, x+max(1, g.length(r.W)), y+max(1, g.length(r.H)))
}

// layPhotos scales the photo once and lays it on all its places.
func (s Sheet) layPhotos(c *canvas, g grid, photo image.Image) {
	size := image.Rect(0, 0, g.length(s.photo.W), g.length(s.photo.H))
	scaled := image.NewRGBA(size)
	if photo.Bounds().Size() == size.Size() {
		draw.Draw(scaled, size, photo, photo.Bounds().Min, draw.Src)
	} else {
		draw.CatmullRom.Scale(scaled, size, photo, photo.Bounds(), draw.Src, nil)
	}
	pixels := pixelsOf(scaled, s.Turned)
	for _, r := range s.Photos {
		c.lay(layer{g.pixels(Rect{X: r.X, Y: r.Y}).Min, pixels})
	}
	for _, r := range cutMarks(s.Paper, s.Photos) {
		c.ink(g.pixels(r))
	}
}

// layHeader draws text and bar.
func (s Sheet) layHeader(c *canvas, g grid, dpi int) error {
	t, err := typeset.Fonts()
	if err != nil {
		return err
	}
	for _, r := range barInk(s.header.bar) {
		c.ink(g.pixels(r))
	}
	area := image.Rect(0, 0, c.size.X, g.length(s.Photos[0].Y))
	text := image.NewRGBA(area)
	draw.Draw(text, area, image.White, image.Point{}, draw.Src)
	for _, l := range s.header.lines {
		face, err := opentype.NewFace(t.Of(l.Style), &opentype.FaceOptions{Size: float64(l.Size), DPI: float64(dpi), Hinting: font.HintingNone})
		if err != nil {
			return fmt.Errorf("set type: %w", err)
		}
		d := font.Drawer{Dst: text, Src: image.Black, Face: face, Dot: fixed.P(g.length(l.X), g.length(l.Baseline))}
		d.DrawString(l.Text)
	}
	c.lay(layer{image.Point{}, pixelsOf(text, false)})
	return nil
}

// encode writes the picture with the resolution in its header.
func encode(m image.Image, dpi int) ([]byte, error) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: sheetQuality}); err != nil {
		return nil, fmt.Errorf("write JPEG: %w", err)
	}
	return density.JPEG(b.Bytes(), dpi), nil
}
