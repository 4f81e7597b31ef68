package crop

import (
	"math"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/face"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

// Weights of a millimetre of excess. Staying inside the original comes first,
// because what lies outside does not exist and may not be invented; then the
// two figures that offices measure, and a little distance to their limits; then
// the margins. The wishes for the middle are too small to trade a violation for.
const (
	insideOriginal = 1000
	binding        = 30
	comfortable    = 25
	margin         = 10
	centring       = 3
	otherCrown     = 0.3
	toMiddle       = 0.01
	toCentre       = 0.2
)

// comfort is the distance to a limit that keeps a photo right when someone else
// measures it; at most a quarter of the range.
const comfort geom.MM = 0.7

// leastClear is what must remain above the hair so that it does not touch the
// photo's edge, where the document says nothing of it.
const leastClear geom.MM = 1

// problem is one document, one head and one original.
type problem struct {
	terms         []term
	width, height geom.MM
	photoPerMM    float64
	halfX, halfY  float64 // half extent of the turned crop per mm, in the original's axes
	sin, cos      float64
	eyes          geom.Point
	original      Original
	headPx        float64 // reference head height, sets the range of scales
}

// term is one range: the measured millimetres times the scale are
// fixed + perMM*k + down*v for the scale k and the centre's place v.
type term struct {
	fixed, perScale, down float64
	limits                docspec.Range
	weight                float64
	middle                bool // also wish for the middle
}

func newProblem(spec docspec.Spec, head face.Head, original Original) *problem {
	w, h := spec.Width.Value, spec.Height.Value
	_, pixels := spec.PixelSize()
	sin, cos := math.Sincos(head.Roll())
	p := &problem{
		width: w, height: h,
		// Whole pixels make up the height: with the nominal resolution it would
		// be some hundredths of a millimetre off.
		photoPerMM: float64(pixels) / float64(h),
		halfX:      (float64(w)*math.Abs(cos) + float64(h)*math.Abs(sin)) / 2,
		halfY:      (float64(w)*math.Abs(sin) + float64(h)*math.Abs(cos)) / 2,
		sin:        sin, cos: cos,
		eyes: head.EyeMid(), original: original,
		headPx: head.Hair.Height,
	}
	p.crowns(spec, head)
	if spec.EyeLine != nil {
		p.bind(term{perScale: float64(h) / 2, down: 1, limits: spec.EyeLine.Value, weight: 1, middle: true})
	}
	if spec.SpaceBelow != nil {
		p.add(term{fixed: -head.EyeHeight(), perScale: float64(h) / 2, down: 1, limits: spec.SpaceBelow.Value, weight: margin})
	}
	clear := leastClear
	p.add(above(head, head.Hair, float64(h), docspec.Range{Min: &clear}, margin))
	if spec.EyeLine == nil && (spec.SpaceAbove == nil || spec.SpaceAbove.Value.Max == nil) {
		p.centreHead(head)
	}
	return p
}

// crowns adds what is measured to the top of the head: to the crown that the
// document names, to both where it names none. The other crown is kept in
// range as well where that costs nothing, for offices measure by eye.
func (p *problem) crowns(spec docspec.Spec, head face.Head) {
	hair, skull := 1.0, 1.0
	switch spec.CrownReference.Value {
	case docspec.Skull:
		hair, p.headPx = otherCrown, head.Skull.Height
	case docspec.Hair:
		skull = otherCrown
	}
	for _, c := range []struct {
		crown face.Crown
		share float64
	}{{head.Hair, hair}, {head.Skull, skull}} {
		p.bind(term{fixed: c.crown.Height, limits: spec.HeadHeight.Value, weight: c.share, middle: c.share == 1})
		if spec.SpaceAbove != nil {
			p.add(above(head, c.crown, float64(p.height), spec.SpaceAbove.Value, margin*c.share))
		}
	}
}

// above is the space from a crown to the top edge.
func above(head face.Head, crown face.Crown, height float64, limits docspec.Range, weight float64) term {
	return term{fixed: head.EyeHeight() - crown.Height, perScale: height / 2, down: -1, limits: limits, weight: weight}
}

// centreHead wishes for as much space above the head as below, where the
// document says nothing of its place, or no more than the least space above it.
func (p *problem) centreHead(head face.Head) {
	middle := p.height / 2
	p.add(term{
		fixed: head.Hair.Height/2 - head.EyeHeight(), perScale: float64(p.height) / 2, down: 1,
		limits: docspec.Range{Min: &middle, Max: &middle}, middle: true,
	})
}

func (p *problem) add(t term) { p.terms = append(p.terms, t) }

// bind adds a range that offices measure, with some comfort inside it.
func (p *problem) bind(t term) {
	share, inner := t.weight, t
	t.weight = binding * share
	p.add(t)
	inner.limits, inner.weight, inner.middle = inset(t.limits), comfortable*share, false
	p.add(inner)
}

func inset(r docspec.Range) docspec.Range {
	by := comfort
	if r.Min != nil && r.Max != nil {
		by = min(by, (*r.Max-*r.Min)/4)
	}
	if r.Min != nil {
		v := *r.Min + by
		r.Min = &v
	}
	if r.Max != nil {
		v := *r.Max - by
		r.Max = &v
	}
	return r
}

// cost is convex in the placement. Lengths are in pixels of the original over
// the nominal scale, so that excesses compare as millimetres do.
func (p *problem) cost(at placement, nominal float64) float64 {
	sum := 0.0
	for _, t := range p.terms {
		sum += t.cost(at, nominal)
	}
	off := math.Abs(at.across)
	sum += centring * math.Max(0, off-CentreTolerance*float64(p.width)*at.perMM) / nominal
	sum += toCentre * sq(off/nominal)
	return sum + insideOriginal*p.outside(at)/nominal
}

func (t term) cost(at placement, nominal float64) float64 {
	v := t.fixed + t.perScale*at.perMM + t.down*at.down
	sum := 0.0
	if t.limits.Min != nil {
		sum += t.weight * math.Max(0, float64(*t.limits.Min)*at.perMM-v) / nominal
	}
	if t.limits.Max != nil {
		sum += t.weight * math.Max(0, v-float64(*t.limits.Max)*at.perMM) / nominal
	}
	if mid, ok := t.limits.Middle(); ok && t.middle {
		sum += toMiddle * sq((v-float64(mid)*at.perMM)/nominal)
	}
	return sum
}

// outside is by how many pixels the crop leaves the original.
func (p *problem) outside(at placement) float64 {
	x := p.eyes.X + at.across*p.cos - at.down*p.sin
	y := p.eyes.Y + at.across*p.sin + at.down*p.cos
	ex, ey := p.halfX*at.perMM, p.halfY*at.perMM
	return p.original.lacks(geom.Point{X: x - ex, Y: y - ey}, geom.Point{X: x + ex, Y: y + ey}).sum()
}

// lack is by how many pixels a rectangle leaves the original on each side.
type lack struct{ left, top, right, bottom float64 }

func (o Original) lacks(lo, hi geom.Point) lack {
	over := func(v float64, open bool) float64 {
		if open {
			return 0
		}
		return math.Max(0, v+o.Border)
	}
	return lack{
		left: over(-lo.X, o.Open.Left), right: over(hi.X-o.Width, o.Open.Right),
		top: over(-lo.Y, o.Open.Top), bottom: over(hi.Y-o.Height, false),
	}
}

func (l lack) sum() float64 { return l.left + l.top + l.right + l.bottom }

func sq(v float64) float64 { return v * v }
