package main

import (
	"fmt"
	"image"
	"image/color"
	_ "image/png" // one portrait is a PNG

	"golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"github.com/passportphotogenie/passportphotogenie/internal/check"
)

// drawGuides draws the lines that an office measures, with their millimetres.
func drawGuides(img *image.RGBA, g check.Guides, photoHeight float64) error {
	face, err := typeface()
	if err != nil {
		return err
	}
	perMM := float64(img.Rect.Dy()) / photoHeight
	for _, line := range []struct {
		mm     float64
		colour color.RGBA
		left   bool // figure at the left edge, or at the right one
	}{
		{g.HairTop, color.RGBA{0, 90, 220, 255}, true},
		{g.SkullTop, color.RGBA{0, 130, 50, 255}, false},
		{g.EyeLine, color.RGBA{170, 120, 0, 255}, true},
		{g.Chin, color.RGBA{210, 0, 0, 255}, true},
	} {
		y := int(line.mm * perMM)
		draw.Draw(img, image.Rect(0, y, img.Rect.Dx(), y+1), image.NewUniform(line.colour), image.Point{}, draw.Src)
		x := 2
		if !line.left {
			x = img.Rect.Dx() - 26
		}
		base := y - 3
		if base < 10 {
			base = y + 11 // no room above the line
		}
		label(img, face, image.Pt(x, base), fmt.Sprintf("%.1f", line.mm), line.colour)
	}
	x := int(g.Middle * perMM)
	for y := 0; y < img.Rect.Dy(); y += 6 { // dashed
		draw.Draw(img, image.Rect(x, y, x+1, y+3), image.NewUniform(color.RGBA{90, 90, 90, 255}), image.Point{}, draw.Src)
	}
	return nil
}

// label writes a figure with a light rim, so that it can be read on anything.
func label(img *image.RGBA, face font.Face, at image.Point, text string, c color.RGBA) {
	write := func(dx, dy int, src image.Image) {
		d := font.Drawer{Dst: img, Src: src, Face: face, Dot: fixed.P(at.X+dx, at.Y+dy)}
		d.DrawString(text)
	}
	for _, d := range []image.Point{{-1, 0}, {1, 0}, {0, -1}, {0, 1}} {
		write(d.X, d.Y, image.White)
	}
	write(0, 0, image.NewUniform(c))
}

func typeface() (font.Face, error) {
	parsed, err := opentype.Parse(goregular.TTF)
	if err != nil {
		return nil, err
	}
	return opentype.NewFace(parsed, &opentype.FaceOptions{Size: 11, DPI: 72})
}
