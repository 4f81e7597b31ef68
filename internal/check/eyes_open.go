package check

import (
	"slices"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
)

// eyePixels is the eye's width in its view, and irisPixels the iris': 11.7 mm of some
// 28 mm between the corners.
const (
	eyePixels  = eyeSide * 55 / 100
	irisPixels = eyePixels * 42 / 100
)

// opening is how much of the iris' height shows, as a share of the eye's width: the
// standard's distance between the lids, but read from the pixels, for the landmarks
// put an iris' height between the lids of closed eyes too. What is dark in a closed eye
// are the lashes.
func (v *eyeView) opening() float64 {
	limit := v.threshold()
	var heights []int
	for x := eyeSide/2 - irisPixels; x < eyeSide/2+irisPixels; x++ {
		longest, run := 0, 0
		for y := eyeSide/2 - eyePixels/4; y < eyeSide/2+eyePixels/4; y++ {
			run++
			if float64(v.green[y*eyeSide+x]) >= limit {
				run = 0
			}
			longest = max(longest, run)
		}
		heights = append(heights, longest)
	}
	slices.Sort(heights)
	// An iris is half as wide as the columns that were looked at.
	return float64(heights[len(heights)*3/4]) / eyePixels
}

func eyesOpen(in Input) Check {
	c := leastEyeOpening.reading(100*in.Traits.EyeOpening, Percent).check(EyesOpen, docspec.Baseline, map[Outcome]string{
		Pass: "Both eyes are open.",
		Warn: "An eye may not be open enough. If your eyes are open as wide as usual, nothing is wrong; else take another picture.",
		Fail: "An eye is closed, or hidden. Open both eyes, and take another picture.",
	})
	return c.relaxed(in.Baby()).at(in.around(in.eyePoints()))
}
