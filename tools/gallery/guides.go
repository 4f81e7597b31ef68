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
		{g.EyeLine, color.RGBA{220, 170, 0, 255}, true},
		{g.Chin, color.RGBA{210, 0, 0, 255}, true},
	} {
		y := int(line.mm * perMM)
		draw.Draw(img, image.Rect(0, y, img.Rect.Dx(), y+1), image.NewUniform(line.colour), image.Point{}, draw.Src)
		x := 2
		if !line.left {
			x = img.Rect.Dx() - 26
		}
		write := font.Drawer{Dst: img, Src: image.NewUniform(line.colour), Face: face, Dot: fixed.P(x, y-2)}
		write.DrawString(fmt.Sprintf("%.1f", line.mm))
	}
	x := int(g.Middle * perMM)
	for y := 0; y < img.Rect.Dy(); y += 6 { // dashed
		draw.Draw(img, image.Rect(x, y, x+1, y+3), image.NewUniform(color.RGBA{90, 90, 90, 255}), image.Point{}, draw.Src)
	}
	return nil
}

func typeface() (font.Face, error) {
	parsed, err := opentype.Parse(goregular.TTF)
	if err != nil {
		return nil, err
	}
	return opentype.NewFace(parsed, &opentype.FaceOptions{Size: 11, DPI: 72})
}
