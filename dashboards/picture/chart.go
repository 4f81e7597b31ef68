package main

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"time"

	"github.com/prometheus/common/model"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	canvas "gonum.org/v1/plot/vg/draw"
)

// What stands above and below a chart.
const (
	titleHeight  = 24
	legendHeight = 15 // of a line of it
	legendLines  = 3
	swatch       = 12
)

// chart draws the lines over time, with their names below.
func (p *panel) chart(at canvas.Canvas, s span) error {
	box(at, white)
	words(at, p.Title, 13, ink, vg.Point{X: at.Min.X + 8, Y: at.Max.Y - 18})
	if len(p.lines) == 0 {
		words(at, "no data", 13, pale, vg.Point{X: (at.Min.X+at.Max.X)/2 - 22, Y: (at.Min.Y + at.Max.Y) / 2})
		return nil
	}
	plotted, err := p.plot(s)
	if err != nil {
		return err
	}
	below := p.legend(at)
	plotted.Draw(canvas.Crop(at, 8, -14, below+6, -titleHeight))
	return nil
}

func (p *panel) plot(s span) (*plot.Plot, error) {
	chart := plot.New()
	chart.BackgroundColor = white
	bottom, top := p.extent()
	unit, err := scaleOf(p.FieldConfig.Defaults.Unit, max(top, -bottom))
	if err != nil {
		return nil, err
	}
	chart.X.Min, chart.X.Max = float64(s.end.Add(-s.length).Unix()), float64(s.end.Unix())
	chart.Y.Min, chart.Y.Max = bottom, top
	chart.X.Tick.Marker, chart.Y.Tick.Marker = hours(s), levels(unit)
	for _, axis := range []*plot.Axis{&chart.X, &chart.Y} {
		axis.Color, axis.Tick.Color = rule, rule
		axis.Tick.Label.Color, axis.Tick.Label.Font.Size = pale, 11
		axis.Tick.Label.Font.Variant, axis.Padding = "Sans", 2
	}
	grid := plotter.NewGrid()
	grid.Vertical.Color, grid.Horizontal.Color = rule, rule
	chart.Add(grid)
	for i, l := range p.lines {
		for _, stretch := range l.stretches(2 * s.step()) {
			drawn, err := plotter.NewLine(stretch)
			if err != nil {
				return nil, err
			}
			drawn.Color, drawn.Width = hue(i), 1.6
			chart.Add(drawn)
		}
	}
	return chart, nil
}

// extent is from where to where the values go; nothing at all is drawn below 1.
func (p *panel) extent() (bottom, top float64) {
	for _, l := range p.lines {
		for _, v := range l.values {
			bottom, top = min(bottom, float64(v.Value)), max(top, float64(v.Value))
		}
	}
	if top == 0 && bottom == 0 {
		return 0, 1
	}
	return bottom * 1.05, top * 1.05
}

// stretches are the parts of a line between its gaps. A value that stands alone is drawn
// as a short line.
func (l line) stretches(gap time.Duration) (all []plotter.XYs) {
	var last model.Time
	for _, v := range l.values {
		at := plotter.XY{X: float64(v.Timestamp) / 1000, Y: float64(v.Value)}
		if len(all) == 0 || v.Timestamp.Sub(last) > gap {
			all = append(all, plotter.XYs{{X: at.X - gap.Seconds()/4, Y: at.Y}})
		}
		all[len(all)-1] = append(all[len(all)-1], at)
		last = v.Timestamp
	}
	return all
}

// legend writes the names of the lines from the bottom up, and says how high that is.
func (p *panel) legend(at canvas.Canvas) vg.Length {
	type entry struct {
		name string
		in   color.Color
		x    vg.Length
	}
	rows := [][]entry{nil}
	x := at.Min.X + 8
	for i, l := range p.lines {
		wide := swatch + 5 + style(11, ink).Width(l.name) + 10
		if x+wide > at.Max.X && x > at.Min.X+8 {
			rows, x = append(rows, nil), at.Min.X+8
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], entry{l.name, hue(i), x})
		x += wide
	}
	if shown := rows[:min(len(rows), legendLines)]; len(shown) < len(rows) {
		end, left := shown[legendLines-1], len(p.lines)
		for _, row := range shown {
			left -= len(row)
		}
		end[len(end)-1].name = fmt.Sprintf("and %d more", left+1)
		end[len(end)-1].in = white
		rows = shown
	}
	for i, row := range slices.Backward(rows) {
		y := at.Min.Y + 6 + vg.Length(len(rows)-1-i)*legendHeight
		for _, e := range row {
			at.StrokeLine2(canvas.LineStyle{Color: e.in, Width: 3}, e.x, y+4, e.x+swatch, y+4)
			words(at, e.name, 11, ink, vg.Point{X: e.x + swatch + 5, Y: y})
		}
	}
	return vg.Length(len(rows)) * legendHeight
}

func hue(i int) color.Color { return lines[i%len(lines)] }

// hours marks even times of the day, some five of them.
func hours(s span) plot.Ticker {
	return plot.TickerFunc(func(from, to float64) (all []plot.Tick) {
		distance := 24 * time.Hour
		for _, d := range []time.Duration{time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 6 * time.Hour} {
			if s.length/d <= 6 {
				distance = d
				break
			}
		}
		apart := distance.Seconds()
		for t := math.Ceil(from/apart) * apart; t <= to; t += apart {
			all = append(all, plot.Tick{Value: t, Label: time.Unix(int64(t), 0).UTC().Format("15:04")})
		}
		return all
	})
}

// levels marks even figures of a unit.
func levels(unit scale) plot.Ticker {
	return plot.TickerFunc(func(from, to float64) (all []plot.Tick) {
		apart := unit.even(max(to, -from))
		for i := math.Ceil(from / apart); i*apart <= to; i++ {
			all = append(all, plot.Tick{Value: i * apart, Label: unit.write(i * apart)})
		}
		return all
	})
}
