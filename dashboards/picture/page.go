package main

import (
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	canvas "gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"

	"gonum.org/v1/plot"
)

// Sizes are in pixels, of which a point has one here.
const (
	cellWidth, cellHeight = 56, 29 // of Grafana's grid
	gap                   = 4
	head                  = 34 // the dashboard's name
	resolution            = 72
)

// The colours of the page, and those of lines, in the order in which they are used.
var (
	paper  = color.RGBA{0xf4, 0xf5, 0xf5, 0xff}
	white  = color.RGBA{0xff, 0xff, 0xff, 0xff}
	ink    = color.RGBA{0x24, 0x29, 0x2e, 0xff}
	pale   = color.RGBA{0x6a, 0x70, 0x78, 0xff}
	rule   = color.RGBA{0xe3, 0xe5, 0xe8, 0xff}
	colour = map[string]color.RGBA{"green": {0x37, 0x87, 0x2d, 0xff}, "orange": {0xd4, 0x6a, 0x00, 0xff}, "red": {0xc4, 0x16, 0x2a, 0xff}}
	lines  = []color.RGBA{
		{0x1f, 0x77, 0xb4, 0xff}, {0xff, 0x7f, 0x0e, 0xff}, {0x2c, 0xa0, 0x2c, 0xff}, {0xd6, 0x27, 0x28, 0xff}, {0x94, 0x67, 0xbd, 0xff},
		{0x8c, 0x56, 0x4b, 0xff}, {0xe3, 0x77, 0xc2, 0xff}, {0x7f, 0x7f, 0x7f, 0xff}, {0xbc, 0xbd, 0x22, 0xff}, {0x17, 0xbe, 0xcf, 0xff},
	}
)

// write draws the dashboard into a file.
func (b *board) write(file string, s span) error {
	rows, columns := 0, 24
	for _, p := range b.Panels {
		rows = max(rows, p.GridPos.Y+p.GridPos.H)
	}
	w, h := vg.Length(columns*cellWidth), vg.Length(rows*cellHeight+head)
	sheet := vgimg.NewWith(vgimg.UseWH(w, h), vgimg.UseDPI(resolution), vgimg.UseBackgroundColor(paper))
	page := canvas.New(sheet)
	const day = "2 January 2006, 15:04 to "
	words(page, b.Title, 18, ink, vg.Point{X: 10, Y: h - 24})
	when := s.end.Add(-s.length).UTC().Format(day) + s.end.UTC().Format("15:04 UTC")
	words(page, when, 12, pale, vg.Point{X: w - 10 - style(12, pale).Width(when), Y: h - 22})
	for _, p := range b.Panels {
		x, y := vg.Length(p.GridPos.X*cellWidth), h-head-vg.Length(p.GridPos.Y*cellHeight)
		place := canvas.Canvas{Canvas: page.Canvas, Rectangle: vg.Rectangle{
			Min: vg.Point{X: x + gap, Y: y - vg.Length(p.GridPos.H*cellHeight) + gap},
			Max: vg.Point{X: x + vg.Length(p.GridPos.W*cellWidth) - gap, Y: y - gap},
		}}
		if err := p.draw(place, s); err != nil {
			return err
		}
	}
	return save(file, sheet.Image())
}

// draw puts a panel at its place.
func (p *panel) draw(at canvas.Canvas, s span) error {
	switch p.Type {
	case "row":
		words(at, p.Title, 15, ink, vg.Point{X: at.Min.X + 4, Y: at.Min.Y + 4})
		return nil
	case "stat":
		return p.number(at)
	default:
		return p.chart(at, s)
	}
}

// number draws the last value on the colour that it deserves.
func (p *panel) number(at canvas.Canvas) error {
	ground, value := pale, "no data"
	if len(p.lines) > 0 {
		all := p.lines[0].values
		v := float64(all[len(all)-1].Value)
		unit, err := scaleOf(p.FieldConfig.Defaults.Unit, v)
		if err != nil {
			return err
		}
		value = unit.write(v)
		for _, step := range p.FieldConfig.Defaults.Thresholds.Steps {
			if step.Value == nil || v >= *step.Value {
				ground = colour[step.Color]
			}
		}
	}
	box(at, ground)
	words(at, p.Title, 13, white, vg.Point{X: at.Min.X + 8, Y: at.Max.Y - 20})
	words(at, value, 30, white, vg.Point{X: (at.Min.X + at.Max.X - style(30, white).Width(value)) / 2, Y: at.Min.Y + 28})
	return nil
}

func box(at canvas.Canvas, ground color.Color) {
	at.FillPolygon(ground, []vg.Point{at.Min, {X: at.Max.X, Y: at.Min.Y}, at.Max, {X: at.Min.X, Y: at.Max.Y}})
}

func words(at canvas.Canvas, say string, size float64, in color.Color, where vg.Point) {
	at.FillText(style(size, in), where, say)
}

func style(size float64, in color.Color) text.Style {
	return text.Style{Color: in, Font: font.From(font.Font{Typeface: "Liberation", Variant: "Sans"}, vg.Length(size)), Handler: plot.DefaultTextHandler}
}

// save writes a picture of at most 256 colours, which is small.
func save(file string, full image.Image) error {
	few := image.NewPaletted(full.Bounds(), shades())
	draw.Draw(few, few.Bounds(), full, image.Point{}, draw.Src)
	out, err := os.Create(file) // #nosec G304 -- where the caller said
	if err != nil {
		return err
	}
	defer out.Close()
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(out, few); err != nil {
		return err
	}
	return out.Close()
}

// shades are the colours that are used, and what lies between each and its ground.
func shades() (all color.Palette) {
	between := func(front, ground color.RGBA, steps int) {
		mix := func(a, b uint8, i int) uint8 { return uint8((int(a)*i + int(b)*(steps-i)) / steps) } // #nosec G115 -- between two that fit
		for i := 1; i <= steps; i++ {
			all = append(all, color.RGBA{mix(front.R, ground.R, i), mix(front.G, ground.G, i), mix(front.B, ground.B, i), 0xff})
		}
	}
	all = append(all, paper, white, rule)
	for _, front := range []color.RGBA{ink, pale} {
		between(front, white, 16)
	}
	between(ink, paper, 16)
	for _, front := range lines {
		between(front, white, 12)
	}
	for _, ground := range colour {
		between(white, ground, 12)
		all = append(all, ground)
	}
	return all
}
