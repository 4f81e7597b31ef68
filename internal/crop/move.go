package crop

import (
	"math"

	"github.com/passportphotogenie/passportphotogenie/internal/face"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

// Move is how a person wants the photo placed otherwise than planned.
type Move struct {
	Turn        float64 // radians beyond level, positive clockwise
	Right, Down geom.MM // of the head in the photo
	Zoom        float64 // factor by which the head grows
}

// Moved returns the plan with the move made, about the photo's middle. A move
// that would leave the original is made as far as the original reaches; the
// answer tells whether that was less than wanted.
func (p Plan) Moved(m Move, head face.Head, original Original) (moved Plan, cut bool) {
	middle := geom.Point{X: float64(p.Width) / 2, Y: float64(p.Height) / 2}
	turn := geom.Turn(middle, m.Turn, m.Zoom)
	shift := geom.Similarity{A: 1, X: float64(m.Right) * p.PerMM, Y: float64(m.Down) * p.PerMM}
	p.ToPhoto = p.ToPhoto.Then(turn).Then(shift)
	p, cut = p.keptInside(original)
	return p.measured(head), cut
}

// slack is by how many pixels of the original a plan may leave it unnoticed.
const slack = 0.5

// keptInside moves the crop back into the original, and where it is larger than
// the original enlarges the head until it is not.
func (p Plan) keptInside(original Original) (Plan, bool) {
	was := p.ToPhoto
	middle := geom.Point{X: float64(p.Width) / 2, Y: float64(p.Height) / 2}
	lo, hi := p.Region()
	if over := math.Max(original.spill(hi.X-lo.X, hi.Y-lo.Y), 1); over > 1 {
		p.ToPhoto = p.ToPhoto.Then(geom.Turn(middle, 0, over))
		lo, hi = p.Region()
	}
	l := original.lacks(lo, hi)
	back := geom.Point{X: l.right - l.left, Y: l.bottom - l.top}
	p.ToPhoto = geom.Similarity{A: 1, X: back.X, Y: back.Y}.Then(p.ToPhoto)
	return p, l.sum() > slack || p.ToPhoto.Scale() > was.Scale()*(1+1e-6)
}

// spill is how many times as large as the original a region is, in the worse
// direction; an open edge has room without end.
func (o Original) spill(width, height float64) float64 {
	across, down := width/(o.Width-2*o.Border), height/(o.Height-2*o.Border)
	if o.Open.Left || o.Open.Right {
		across = 0
	}
	if o.Open.Top {
		down = 0
	}
	return math.Max(across, down)
}
