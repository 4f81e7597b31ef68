// Package crop decides which part of the original becomes the photo. All
// arithmetic is in millimetres on the finished print; the plan ends in the one
// transform that renders it.
//
// A plan has three unknowns: the scale and the place of the crop's centre. The
// document's ranges, the wish to be in their middle and the original's edges
// are all linear in them once each is multiplied by the scale, so their
// weighted excess is convex and has one best answer, which a nested search
// finds. When the ranges can't all be kept, the answer is the least violation.
package crop

import (
	"math"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/face"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
	"github.com/passportphotogenie/passportphotogenie/internal/matte"
)

// Original is the picture to crop from: its size in pixels, and how much of its
// edge to stay clear of because the resampling can't reach it.
type Original struct {
	Width, Height, Border float64
	// Open are the edges beyond which the photo may go on, because only
	// background lies there and it will be replaced.
	Open matte.Edges
}

// Plan is where the photo lies in the original, and what it then measures.
type Plan struct {
	ToPhoto geom.Similarity // from original pixels to photo pixels
	Width   int             // of the photo, px
	Height  int
	DPI     int
	PerMM   float64 // pixels of the photo per millimetre

	Head  Head
	Turn  float64 // radians the original is turned by to level the eyes
	Scale float64 // photo pixels per original pixel: above 1 the original is enlarged
}

// Head is the finished photo's geometry in millimetres.
type Head struct {
	HeightHair, HeightSkull           geom.MM // chin to each crown
	UncertaintyHair, UncertaintySkull geom.MM
	EyeLine                           geom.MM // above the bottom edge
	Middle                            geom.MM // eye midpoint from the left edge
	OffCentre                         geom.MM // eye midpoint right of the photo's middle
	AboveHair, AboveSkull             geom.MM // crown to top edge
	Below                             geom.MM // chin to bottom edge
	Width                             geom.MM // between the temples
	InterEye                          float64 // px of the photo
}

// CentreTolerance is how far the eye midpoint may lie from the middle, as a
// share of the photo's width: ISO/IEC 19794-5 asks for 0.45 to 0.55 of it.
const CentreTolerance = 0.05

// Solve returns the best plan for the document. The head must have a positive
// eye height and lie in the original.
func Solve(spec docspec.Spec, head face.Head, original Original) Plan {
	p := newProblem(spec, head, original)
	scale, across, down := p.best()
	return p.plan(spec, head, placement{scale, across, down})
}

// placement is one candidate: the scale in original pixels per millimetre and
// the crop's centre relative to the eye midpoint, in levelled original pixels.
type placement struct{ perMM, across, down float64 }

func (p *problem) plan(spec docspec.Spec, head face.Head, at placement) Plan {
	w, h := spec.PixelSize()
	scale := p.photoPerMM / at.perMM
	level := geom.Turn(head.EyeMid(), -head.Roll(), scale)
	middle := head.EyeMid().Add(geom.Point{X: at.across, Y: at.down}.Times(scale))
	shift := geom.Similarity{A: 1, X: float64(w)/2 - middle.X, Y: float64(h)/2 - middle.Y}
	plan := Plan{ToPhoto: level.Then(shift), Width: w, Height: h, DPI: spec.PrintDPI(), PerMM: p.photoPerMM}
	return plan.measured(head)
}

// measured says what the plan comes to on the print, by putting the head's
// points through it.
func (p Plan) measured(head face.Head) Plan {
	at := func(q geom.Point) geom.Point { return p.ToPhoto.Apply(q).Times(1 / p.PerMM) }
	width, height := geom.MM(float64(p.Width)/p.PerMM), geom.MM(float64(p.Height)/p.PerMM)
	eyes, chin := at(head.EyeMid()), at(head.Chin)
	hair, skull := at(head.Top(head.Hair)), at(head.Top(head.Skull))
	mm := func(px float64) geom.MM { return geom.MM(px * p.ToPhoto.Scale() / p.PerMM) }
	p.Scale = p.ToPhoto.Scale()
	p.Turn = geom.Point{X: p.ToPhoto.A, Y: p.ToPhoto.B}.Angle()
	p.Head = Head{
		HeightHair: geom.MM(chin.Y - hair.Y), HeightSkull: geom.MM(chin.Y - skull.Y),
		UncertaintyHair: mm(head.Hair.Uncertainty), UncertaintySkull: mm(head.Skull.Uncertainty),
		EyeLine: height - geom.MM(eyes.Y), Middle: geom.MM(eyes.X), OffCentre: geom.MM(eyes.X) - width/2,
		AboveHair: geom.MM(hair.Y), AboveSkull: geom.MM(skull.Y),
		Below: height - geom.MM(chin.Y), Width: mm(head.Width),
		InterEye: head.InterEye() * p.Scale,
	}
	return p
}

// Region returns the smallest rectangle of the original that the photo is made
// of, as left, top, right, bottom in original pixels.
func (p Plan) Region() (lo, hi geom.Point) {
	back := p.ToPhoto.Inverse()
	lo = geom.Point{X: math.Inf(1), Y: math.Inf(1)}
	hi = geom.Point{X: math.Inf(-1), Y: math.Inf(-1)}
	for _, c := range []geom.Point{{}, {X: float64(p.Width)}, {Y: float64(p.Height)}, {X: float64(p.Width), Y: float64(p.Height)}} {
		q := back.Apply(c)
		lo = geom.Point{X: math.Min(lo.X, q.X), Y: math.Min(lo.Y, q.Y)}
		hi = geom.Point{X: math.Max(hi.X, q.X), Y: math.Max(hi.Y, q.Y)}
	}
	return lo, hi
}
