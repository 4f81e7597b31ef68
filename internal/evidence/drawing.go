package evidence

import (
	"fmt"
	"math"

	"github.com/passportphotogenie/passportphotogenie/internal/check"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

// drawing is what is laid over the photo, in millimetres from its upper left corner.
// What lies outside the photo is left out.
type drawing struct {
	width, height geom.MM
	guides        []guide
	ranges        []span
	head          *arrow // nil where the head's height was not judged
}

// guide is a line over the whole photo.
type guide struct {
	id    string
	at    geom.MM // from the top edge; from the left one if it is upright
	label string
	dash  []float64 // in hundredths of the photo's longer side; none for a whole line
	// upright is true for the middle only.
	upright bool
}

// span is where the document wants a line to be.
type span struct {
	id       string
	from, to geom.MM // like a guide's place
	label    string
	side     side
}

// side is the edge along which a span is drawn.
type side int

const (
	left side = iota
	right
	bottom
)

// arrow is the head's height, from the crown that the document means to the chin.
type arrow struct {
	top, bottom geom.MM
	label       string
	asked       string
}

func (e Evidence) draw() drawing {
	g := e.Report.Guides
	d := drawing{width: geom.MM(e.Report.Size.Width), height: geom.MM(e.Report.Size.Height)}
	d.guide("hair-top", g.HairTop, fmt.Sprintf("Hair: %s from the top", mm(g.HairTop)), []float64{1, 1})
	d.guide("skull-top", g.SkullTop, fmt.Sprintf("Skull: %s from the top", mm(g.SkullTop)), []float64{3, 1.2})
	d.guide("eye-line", g.EyeLine, fmt.Sprintf("Eyes: %s above the bottom", mm(e.Report.Size.Height-g.EyeLine)), nil)
	d.guide("chin", g.Chin, fmt.Sprintf("Chin: %s above the bottom", mm(e.Report.Size.Height-g.Chin)), []float64{6, 1.6})
	if middle := geom.MM(g.Middle); middle > 0 && middle < d.width {
		d.guides = append(d.guides, guide{"middle", middle, "Middle of the eyes", []float64{4, 1.2, 0.8, 1.2}, true})
	}
	e.addRanges(&d)
	e.addHead(&d)
	return d
}

func (d *drawing) guide(id string, at float64, label string, dash []float64) {
	if at >= 0 && geom.MM(at) <= d.height {
		d.guides = append(d.guides, guide{id: id, at: geom.MM(at), label: label, dash: dash})
	}
}

// addRanges takes the ranges from the checks, so that nothing is drawn that was not
// held against the photo.
func (e Evidence) addRanges(d *drawing) {
	chin, height := geom.MM(e.Report.Guides.Chin), float64(d.height)
	if lo, hi, asked, ok := e.limits(check.HeadHeight, height); ok {
		d.span("crown-range", chin-geom.MM(hi), chin-geom.MM(lo), "Crown, asked: "+asked+" above the chin", left)
	}
	if lo, hi, asked, ok := e.limits(check.EyeLine, height); ok {
		d.span("eye-range", d.height-geom.MM(hi), d.height-geom.MM(lo), "Eyes, asked: "+asked, right)
	}
	if lo, hi, asked, ok := e.limits(check.HeadCentred, float64(d.width)); ok {
		d.span("middle-range", d.width/2+geom.MM(lo), d.width/2+geom.MM(hi), "Middle, asked: "+asked, bottom)
	}
}

// limits are those of a check that was made; an open end is far away.
func (e Evidence) limits(name check.Name, far float64) (lo, hi float64, asked string, ok bool) {
	c, found := e.find(name)
	if !found || c.Value == nil || c.Asked() == "" {
		return 0, 0, "", false
	}
	lo, hi = -far, far
	if c.Limits.Min != nil {
		lo = *c.Limits.Min
	}
	if c.Limits.Max != nil {
		hi = *c.Limits.Max
	}
	return lo, hi, c.Asked(), true
}

func (d *drawing) span(id string, from, to geom.MM, label string, s side) {
	end := d.height
	if s == bottom {
		end = d.width
	}
	from, to = max(from, 0), min(to, end)
	if from < to {
		d.ranges = append(d.ranges, span{id, from, to, label, s})
	}
}

func (e Evidence) addHead(d *drawing) {
	c, found := e.find(check.HeadHeight)
	if !found || c.Value == nil || c.Asked() == "" {
		return
	}
	chin := geom.MM(e.Report.Guides.Chin)
	if top := chin - geom.MM(*c.Value); top >= 0 && top < chin && chin <= d.height {
		d.head = &arrow{top, chin, c.Measured(), c.Asked()}
	}
}

// mm writes a length to a tenth.
func mm(v float64) string { return fmt.Sprintf("%g mm", math.Round(v*10)/10) }
