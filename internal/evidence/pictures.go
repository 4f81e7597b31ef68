package evidence

import (
	"fmt"
	"strings"

	"github.com/passportphotogenie/passportphotogenie/internal/check"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
	"github.com/passportphotogenie/passportphotogenie/internal/typeset"
)

// The room of the pictures: beside the enlarged photo stand the head's height on its
// left and the lines' names on its right, and then a column for the photo at its real
// size.
const (
	arrowRoom  geom.MM = 26
	labelRoom  geom.MM = 38
	sideRoom   geom.MM = 51
	gap        geom.MM = 3
	mostWidth          = column - arrowRoom - labelRoom - sideRoom - gap
	mostHeight geom.MM = 96
)

// pictures shows the photo twice, with its lines and at its real size. A small page
// has a smaller picture, but none that is lower than what stands beside it.
func (e Evidence) pictures(p *page) {
	d := e.draw()
	side := e.realSize(p, box{margin + column - sideRoom, p.y, sideRoom, 0})
	high := max(mostHeight*geom.MM(p.picture), side)
	scale := min(mostWidth/d.width, high/d.height)
	large := enlarged{page: p, drawing: d, scale: scale, at: box{margin + arrowRoom, p.y, d.width * scale, d.height * scale}}
	large.show()
	p.y += max(large.at.h+large.below(), side) + p.mm(1)
	e.done(p)
}

// realSize shows the photo at its real size, if it has one that fits, and returns how
// high that is.
func (e Evidence) realSize(p *page, at box) geom.MM {
	w, h := geom.MM(e.Report.Size.Width), geom.MM(e.Report.Size.Height)
	if !e.Spec.OnPaper() || w > at.w || h > mostHeight {
		return 0
	}
	p.ink(func(pdf typeset.PDF) { pdf.Photo(at.x, at.y, w, h) })
	return h + p.mm(0.8) + p.block(p.style(7, false), grey, box{at.x, at.y + h + p.mm(0.8), at.w, 0}, "Real size, "+e.Spec.Size())
}

// done says what was done to the picture, and what rests on the person's word.
func (e Evidence) done(p *page) {
	body := p.style(8, false)
	p.paragraph(body, black, strings.Join(e.Report.Formatting.Words(), " "))
	if told := e.told(); told != "" {
		p.paragraph(body, black, told)
	}
	p.y += p.mm(2)
}

// told names what rests on the person's word.
func (e Evidence) told() string {
	var said []string
	for _, c := range e.Report.Checks {
		if c.Outcome == check.Declared {
			said = append(said, c.Name.Title())
		}
	}
	if len(said) == 0 {
		return ""
	}
	return "Told by the person, not measured: " + strings.Join(said, ", ") + "."
}

// enlarged is the photo with its lines drawn in.
type enlarged struct {
	*page
	drawing
	scale geom.MM // of the enlargement
	at    box
}

func (l enlarged) x(v geom.MM) geom.MM { return l.at.x + v*l.scale }
func (l enlarged) y(v geom.MM) geom.MM { return l.at.y + v*l.scale }

func (l enlarged) show() {
	l.ink(func(pdf typeset.PDF) { pdf.Photo(l.at.x, l.at.y, l.at.w, l.at.h) })
	for _, r := range l.ranges {
		l.span(r)
	}
	l.guideLines()
	if l.head != nil {
		l.headHeight(*l.head)
	}
}

func (l enlarged) small() typeset.Style { return l.style(6.6, false) }

// below is the room of what stands below the photo.
func (l enlarged) below() geom.MM { return height(l.small())*2 + 0.8 }

const (
	rangeInk rgb = 0x2f9fd6
	lineInk  rgb = 0x0b5d8a
	headInk  rgb = 0x8a4b00
)

// span is a strip along an edge: as wide as the line may move.
func (l enlarged) span(r span) {
	const thick geom.MM = 3.2
	b := box{l.at.x + l.at.w - thick, l.y(r.from), thick, (r.to - r.from) * l.scale}
	switch r.side {
	case left:
		b.x = l.at.x
	case bottom:
		b = box{l.x(r.from), l.at.y + l.at.h - thick, (r.to - r.from) * l.scale, thick}
	}
	l.ink(func(pdf typeset.PDF) {
		pdf.SetAlpha(0.45, "Normal")
		pdf.SetFillColor(rangeInk.parts())
		pdf.Rect(float64(b.x), float64(b.y), float64(b.w), float64(b.h), "F")
		pdf.SetAlpha(1, "Normal")
		pdf.SetDrawColor(rangeInk.parts())
		pdf.SetLineWidth(0.25)
		pdf.Rect(float64(b.x), float64(b.y), float64(b.w), float64(b.h), "D")
	})
}

func (l enlarged) guideLines() {
	s := l.small()
	on := make([]guide, len(l.guides))
	for i, g := range l.guides {
		g.at *= l.scale
		on[i] = g
	}
	labels := spread(on, height(s)*1.1, l.at.h)
	for i, g := range l.guides {
		if g.upright {
			x := l.x(g.at)
			l.line([2]geom.MM{x, l.at.y}, [2]geom.MM{x, l.at.y + l.at.h + 0.8}, g.dash)
			continue
		}
		y, edge := l.y(g.at), l.at.x+l.at.w
		l.line([2]geom.MM{l.at.x, y}, [2]geom.MM{edge, y}, g.dash)
		label := l.at.y + labels[i]
		l.thin(edge, y, edge+2.5, label)
		l.block(s, black, box{edge + 3, label - height(s)*0.5, l.labelRoom() - 3, 0}, g.label)
	}
	l.captions(s)
}

// labelRoom is what lies between the photo and the column beside it.
func (l enlarged) labelRoom() geom.MM { return margin + column - sideRoom - gap - l.at.x - l.at.w }

// captions stand below the photo.
func (l enlarged) captions(s typeset.Style) {
	y := l.at.y + l.at.h + 0.8
	room := box{l.at.x, y, l.at.w + l.labelRoom(), 0}
	text := "Blue strips: where the crown, the eyes and the middle may lie."
	if len(l.ranges) == 0 {
		text = "The office crops by itself, so nothing was held against these lines."
	}
	l.block(s, grey, room, fmt.Sprintf("Enlarged to %.0f %%. %s", float64(l.scale)*100, text))
}

// line draws a guide with a light edge, so that it shows on dark hair too.
func (l enlarged) line(from, to [2]geom.MM, dash []float64) {
	pattern := make([]float64, len(dash))
	for i, v := range dash {
		pattern[i] = v * 0.45
	}
	l.ink(func(pdf typeset.PDF) {
		pdf.SetDashPattern(pattern, 0)
		for _, stroke := range []struct {
			colour rgb
			width  float64
		}{{paper, 0.7}, {lineInk, 0.3}} {
			pdf.SetDrawColor(stroke.colour.parts())
			pdf.SetLineWidth(stroke.width)
			pdf.Line(float64(from[0]), float64(from[1]), float64(to[0]), float64(to[1]))
		}
		pdf.SetDashPattern(nil, 0)
	})
}

func (l enlarged) thin(x1, y1, x2, y2 geom.MM) {
	l.ink(func(pdf typeset.PDF) {
		pdf.SetDrawColor(lineInk.parts())
		pdf.SetLineWidth(0.2)
		pdf.Line(float64(x1), float64(y1), float64(x2), float64(y2))
	})
}

// headHeight is the arrow on the photo's left, with its length in bold.
func (l enlarged) headHeight(h arrow) {
	x, top, bottom := l.at.x-2.5, l.y(h.top), l.y(h.bottom)
	const tip geom.MM = 1.6
	l.thin(l.at.x-4, top, l.at.x, top)
	l.thin(l.at.x-4, bottom, l.at.x, bottom)
	l.ink(func(pdf typeset.PDF) {
		pdf.SetDrawColor(headInk.parts())
		pdf.SetFillColor(headInk.parts())
		pdf.SetLineWidth(0.4)
		pdf.Line(float64(x), float64(top+tip), float64(x), float64(bottom-tip))
		pdf.Shape(x, top, [][2]geom.MM{{0, 0}, {-tip / 2, tip}, {tip / 2, tip}})
		pdf.Shape(x, bottom, [][2]geom.MM{{0, 0}, {-tip / 2, -tip}, {tip / 2, -tip}})
	})
	room := arrowRoom - 5
	bold, small := l.style(7.5, true), l.small()
	y := (top+bottom)/2 - 2*height(bold)
	y += l.block(bold, headInk, box{margin, y, room, 0}, "Head height")
	y += l.block(bold, headInk, box{margin, y, room, 0}, h.label)
	l.block(small, grey, box{margin, y, room, 0}, "asked: "+h.asked)
}
