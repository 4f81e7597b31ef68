package crop

import (
	"math"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/face"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

// What an uncropped photo shows around the eyes at most, in units of T: the head
// with room, the shoulders and the upper body.
const (
	uncroppedAbove = 3
	uncroppedAside = 5
	uncroppedBelow = 7
)

// uncroppedSide is the longest side of an uncropped photo in pixels, where the
// office names no limit: more than any office keeps.
const uncroppedSide = 2400

// Uncropped is the plan for an office that crops by itself: the original turned
// upright by quarters, reduced to what the office takes, never enlarged, and cut
// only where it shows far more than the upper body.
func Uncropped(spec docspec.Spec, head face.Head, original Original) Plan {
	quarters := math.Round(-head.Roll() / (math.Pi / 2))
	upright := geom.Turn(geom.Point{}, quarters*math.Pi/2, 1)
	lo, hi := corners(upright, original)
	eyes, t := upright.Apply(head.EyeMid()), head.EyeHeight()
	lo = geom.Point{X: math.Max(lo.X, eyes.X-uncroppedAside*t), Y: math.Max(lo.Y, eyes.Y-uncroppedAbove*t)}
	hi = geom.Point{X: math.Min(hi.X, eyes.X+uncroppedAside*t), Y: math.Min(hi.Y, eyes.Y+uncroppedBelow*t)}
	size := hi.Sub(lo)
	scale := math.Min(1, uncroppedSide/math.Max(size.X, size.Y))
	if spec.Pixels != nil {
		scale = math.Min(scale, spec.Pixels.Value.Shrink(size.X, size.Y))
	}
	shift := geom.Similarity{A: scale, X: -lo.X * scale, Y: -lo.Y * scale}
	p := Plan{
		ToPhoto: upright.Then(shift), DPI: spec.PrintDPI(),
		Width: int(size.X * scale), Height: int(size.Y * scale),
		PerMM: geom.PixelsPerMM(float64(spec.PrintDPI())),
	}
	return p.measured(head)
}

// corners are the upright original's.
func corners(upright geom.Similarity, o Original) (lo, hi geom.Point) {
	a, b := upright.Apply(geom.Point{}), upright.Apply(geom.Point{X: o.Width, Y: o.Height})
	return geom.Point{X: math.Min(a.X, b.X), Y: math.Min(a.Y, b.Y)}, geom.Point{X: math.Max(a.X, b.X), Y: math.Max(a.Y, b.Y)}
}
