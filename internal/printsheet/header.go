package printsheet

import (
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
	"github.com/passportphotogenie/passportphotogenie/internal/typeset"
)

// BarLength is the scale bar's length, from outer edge to outer edge.
const BarLength geom.MM = 50

// How the header is set.
const (
	barHeight  geom.MM = 1.8
	barSteps           = 5    // of 10 mm each
	besideFrom geom.MM = 120  // a narrower column has the bar below the title
	columnGap  geom.MM = 6    // title to bar
	leading            = 1.25 // line to line, in sizes of the type
)

func titleStyle() typeset.Style  { return typeset.Style{Size: 9, Bold: true} }
func detailStyle() typeset.Style { return typeset.Style{Size: 6.5, Bold: true} }
func smallStyle() typeset.Style  { return typeset.Style{Size: 6.5} }

// header is the text and the scale bar at the top of a sheet.
type header struct {
	lines  []typeset.Line
	bar    Rect // its outline
	height geom.MM
	// detailX and detailY are where the detail's line stands.
	detailX, detailY geom.MM
}

// compose sets the header into a column that begins where at does and is as wide;
// the height follows. In a wide column the bar stands beside the title, else
// below it.
func compose(t typeset.Typefaces, w words, at Rect) header {
	h, y := header{}, at.Y
	set := func(s typeset.Style, text string, room geom.MM) {
		for _, l := range t.Wrap(s, text, room) {
			y += s.Size.MM() * leading
			h.lines = append(h.lines, typeset.Line{Style: s, X: at.X, Baseline: y - s.Size.MM()*0.25, Text: l})
		}
	}
	beside := at.W >= besideFrom
	room := at.W
	if beside {
		room -= BarLength + columnGap
	}
	set(titleStyle(), w.title, room)
	y += detailStyle().Size.MM() * leading
	h.detailX, h.detailY = at.X, y-detailStyle().Size.MM()*0.25
	if beside {
		h.setBar(t, at.X+at.W-BarLength, at.Y+0.8)
		y += 0.8
	} else {
		y = h.setBar(t, at.X, y+1.4) + 0.6
	}
	set(smallStyle(), w.advice, at.W)
	h.height = y - at.Y
	return h
}

// setBar places the bar with its name below and returns where that ends.
func (h *header) setBar(t typeset.Typefaces, x, y geom.MM) geom.MM {
	h.bar = Rect{x, y, BarLength, barHeight}
	s, name := smallStyle(), "50 mm"
	below := y + barHeight + s.Size.MM()*leading
	h.lines = append(h.lines, typeset.Line{Style: s, X: x + (BarLength-t.Width(s, name))/2, Baseline: below - s.Size.MM()*0.25, Text: name})
	return below
}

// barInk is the bar as black rectangles: an outline whose outer edges are the
// measure, every second step filled.
func barInk(bar Rect) []Rect {
	const stroke geom.MM = 0.2
	ink := []Rect{
		{bar.X, bar.Y, bar.W, stroke}, {bar.X, bar.Y + bar.H - stroke, bar.W, stroke},
		{bar.X, bar.Y, stroke, bar.H}, {bar.X + bar.W - stroke, bar.Y, stroke, bar.H},
	}
	step := bar.W / barSteps
	for i := 0; i < barSteps; i += 2 {
		ink = append(ink, Rect{bar.X + geom.MM(i)*step, bar.Y, step, bar.H})
	}
	return ink
}
