package evidence

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"

	"github.com/passportphotogenie/passportphotogenie/internal/check"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

// Overlay returns the drawing as SVG, to be laid over the photo: its units are the
// photo's millimetres. It has no script, style sheet or picture, and loads nothing.
//
// Every line is drawn twice, dark below and light above, so that it shows on any
// photo; what a line means is told by its dashes and its name, not by colour alone.
func (e Evidence) Overlay() []byte {
	d := e.draw()
	s := svg{unit: float64(max(d.width, d.height)) / 100}
	s.printf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" width="%d" height="%d" role="img" fill="none" font-family="system-ui, sans-serif">`,
		length(d.width), length(d.height), e.Report.Size.WidthPx, e.Report.Size.HeightPx)
	s.printf(`<title>%s</title>`, escaped(e.Spec.CountryName+": "+e.Spec.Name+", lines of the photo"))
	s.ranges(d)
	s.guides(d)
	if d.head != nil {
		s.head(d)
	}
	s.checks(e.Report.Checks)
	s.printf("</svg>\n")
	return s.Bytes()
}

// svg is a drawing that is being written; unit is the width of its thin lines.
type svg struct {
	bytes.Buffer
	unit float64
}

func (s *svg) printf(format string, args ...any) { fmt.Fprintf(&s.Buffer, format, args...) }

// The colours of what is drawn; each is used over a dark edge.
const (
	edgeColour  = "#10202c"
	guideColour = "#ffffff"
	rangeColour = "#5fd0ff"
	headColour  = "#ffe27a"
)

func (s *svg) ranges(d drawing) {
	s.printf(`<g id="ranges">`)
	thick := 0.06 * d.width
	for _, r := range d.ranges {
		x, y, w, h := d.width-thick, r.from, thick, r.to-r.from
		switch r.side {
		case left:
			x = 0
		case bottom:
			x, y, w, h = r.from, d.height-thick, r.to-r.from, thick
		}
		s.printf(`<rect id="%s" class="range" x="%s" y="%s" width="%s" height="%s" fill="%s" fill-opacity="0.35" stroke="%s" stroke-width="%.3g"><title>%s</title></rect>`,
			r.id, length(x), length(y), length(w), length(h), rangeColour, rangeColour, 0.4*s.unit, escaped(r.label))
	}
	s.printf(`</g>`)
}

func (s *svg) guides(d drawing) {
	s.printf(`<g id="guides">`)
	labelled := spread(d.guides, 4.4*geom.MM(s.unit), d.height)
	for i, g := range d.guides {
		x1, y1, x2, y2 := geom.MM(0), g.at, d.width, g.at
		if g.upright {
			x1, y1, x2, y2 = g.at, 0, g.at, d.height
		}
		s.printf(`<g id="%s" class="guide"><title>%s</title>`, g.id, escaped(g.label))
		s.line(x1, y1, x2, y2, guideColour, g.dash)
		if !g.upright {
			s.text(d.width*0.92, labelled[i]-geom.MM(0.8*s.unit), "end", guideColour, shortLabel(g))
		}
		s.printf(`</g>`)
	}
	s.printf(`</g>`)
}

// shortLabel is a guide's label without its length, for the little room in a photo.
func shortLabel(g guide) string {
	name, _, _ := strings.Cut(g.label, ":")
	return name
}

func (s *svg) head(d drawing) {
	h := d.head
	x := 0.14 * d.width
	tip := geom.MM(1.6 * s.unit)
	s.printf(`<g id="head-height"><title>%s</title>`, escaped("Head height: "+h.label+", asked: "+h.asked))
	s.line(x, h.top, x, h.bottom, headColour, nil)
	for _, end := range []struct{ at, back geom.MM }{{h.top, tip}, {h.bottom, -tip}} {
		s.printf(`<path d="M%s %sL%s %sL%s %sZ" fill="%s" stroke="%s" stroke-width="%.3g"/>`, length(x), length(end.at),
			length(x-tip*0.6), length(end.at+end.back), length(x+tip*0.6), length(end.at+end.back), headColour, edgeColour, 0.3*s.unit)
	}
	// Upright along the arrow, so that it leaves the face alone.
	label := x - geom.MM(1.6*s.unit)
	s.printf(`<g transform="rotate(-90 %s %s)">`, length(label), length((h.top+h.bottom)/2))
	s.text(label, (h.top+h.bottom)/2, "middle", headColour, h.label)
	s.printf(`</g></g>`)
}

// line draws a line with its dark edge.
func (s *svg) line(x1, y1, x2, y2 geom.MM, colour string, dash []float64) {
	for _, stroke := range []struct {
		colour string
		width  float64
	}{{edgeColour, 0.9}, {colour, 0.45}} {
		s.printf(`<line x1="%s" y1="%s" x2="%s" y2="%s" stroke="%s" stroke-width="%.3g"%s/>`,
			length(x1), length(y1), length(x2), length(y2), stroke.colour, stroke.width*s.unit, s.dashes(dash))
	}
}

// dashes is the attribute of a pattern in units; empty for a whole line.
func (s *svg) dashes(pattern []float64) string {
	if len(pattern) == 0 {
		return ""
	}
	parts := make([]string, len(pattern))
	for i, v := range pattern {
		parts[i] = strconv.FormatFloat(v*s.unit, 'f', 3, 64)
	}
	return ` stroke-dasharray="` + strings.Join(parts, " ") + `"`
}

func (s *svg) text(x, baseline geom.MM, anchor, colour, text string) {
	s.printf(`<text x="%s" y="%s" text-anchor="%s" font-size="%.3g" font-weight="600" fill="%s" stroke="%s" stroke-width="%.3g" stroke-linejoin="round" paint-order="stroke">%s</text>`,
		length(x), length(baseline), anchor, 3.4*s.unit, colour, edgeColour, 0.9*s.unit, escaped(text))
}

// look is how the place of a check is drawn: what is wrong catches the eye, what is
// right only shows where it was looked.
type look struct {
	colour string
	width  float64
	dash   []float64 // in units
}

func lookOf(o check.Outcome) look {
	return map[check.Outcome]look{
		check.Fail:        {"#ff5a52", 0.9, nil},
		check.Warn:        {"#ffb52e", 0.7, []float64{2, 1}},
		check.Declared:    {"#c3a6ff", 0.3, []float64{0.5, 1}},
		check.NotAssessed: {"#c9d4dc", 0.3, []float64{0.5, 1.5}},
		check.Pass:        {"#7ee2a0", 0.3, []float64{0.5, 1}},
	}[o]
}

// checks draws the places of the checks, those that fit first, so that what does not
// lies above.
func (s *svg) checks(checks []check.Check) {
	s.printf(`<g id="checks">`)
	for _, o := range []check.Outcome{check.NotAssessed, check.Pass, check.Declared, check.Warn, check.Fail} {
		for _, c := range checks {
			if c.Outcome == o && c.Place != nil {
				s.check(c)
			}
		}
	}
	s.printf(`</g>`)
}

func (s *svg) check(c check.Check) {
	l, p := lookOf(c.Outcome), *c.Place
	attributes := fmt.Sprintf(`id="check-%s" class="check %s" stroke="%s" stroke-width="%.3g"%s`, escaped(string(c.Name)), escaped(string(c.Outcome)), l.colour, l.width*s.unit, s.dashes(l.dash))
	title := "<title>" + escaped(c.Name.Title()+": "+c.Advice) + "</title>"
	left, top := geom.MM(p.Left), geom.MM(p.Top)
	if p.Left == p.Right || p.Top == p.Bottom {
		s.printf(`<line %s x1="%s" y1="%s" x2="%s" y2="%s">%s</line>`, attributes, length(left), length(top), length(geom.MM(p.Right)), length(geom.MM(p.Bottom)), title)
		return
	}
	s.printf(`<rect %s x="%s" y="%s" width="%s" height="%s">%s</rect>`, attributes, length(left), length(top), length(geom.MM(p.Right)-left), length(geom.MM(p.Bottom)-top), title)
}

// length writes millimetres to a thousandth.
func length(v geom.MM) string {
	return strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(float64(v), 'f', 3, 64), "0"), ".")
}

// escaped makes text safe as content and within double quotes.
func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a strings.Builder takes everything
	return b.String()
}
