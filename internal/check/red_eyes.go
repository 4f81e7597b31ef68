package check

import "github.com/passportphotogenie/passportphotogenie/internal/docspec"

// A pixel of the iris is red when its red exceeds green and blue by this many times
// what the person's own skin has, and is not next to black.
const (
	redFactor = 1.5
	leastRed  = 0.25
)

// red is the share of the iris that is red.
func (v *eyeView) red() float64 {
	const n = eyeSide * eyeSide
	centre, radius := v.iris(), irisPixels/2.0
	red, count := 0, 0
	for y := range eyeSide {
		for x := range eyeSide {
			dx, dy := float64(x)+0.5-centre, float64(y)+0.5-eyeSide/2.0
			if dx*dx+dy*dy > radius*radius {
				continue
			}
			count++
			i := y*eyeSide + x
			r, g, b := float64(v.planes[i]), float64(v.planes[n+i]), float64(v.planes[2*n+i])
			if k := redFactor * max(v.redness, 1); r >= leastRed && r > k*g && r > k*b {
				red++
			}
		}
	}
	return float64(red) / float64(count)
}

func redEyes(in Input) Check {
	return mostRed.reading(100*in.Traits.RedEyes, Percent).check(RedEyes, docspec.Baseline, map[Outcome]string{
		Pass: "The eyes are not red from a flash.",
		Warn: "The eyes may be red from a flash. Take another picture in daylight, without a flash.",
		Fail: "The eyes are red from a flash. Take another picture in daylight, without a flash.",
	}).at(in.around(in.eyePoints()))
}
