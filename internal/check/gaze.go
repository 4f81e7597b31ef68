package check

import (
	"math"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
)

// iris returns the column of the view in which the iris stands: the middle of the
// stretch as wide as an iris that is darkest.
func (v *eyeView) iris() float64 {
	limit := v.threshold()
	var sums [eyeSide + 1]float64 // darkness of all columns up to this one
	for x := range eyeSide {
		sums[x+1] = sums[x]
		for y := eyeSide/2 - eyePixels/6; y < eyeSide/2+eyePixels/6; y++ {
			sums[x+1] += max(limit-float64(v.green[y*eyeSide+x]), 0)
		}
	}
	best, at := -1.0, 0.0
	from := (eyeSide - eyePixels) / 2
	for x := from; x+irisPixels <= from+eyePixels; x++ {
		switch dark := sums[x+irisPixels] - sums[x]; {
		case dark > best:
			best, at = dark, float64(x)
		case dark == best:
			at += 0.5 // in the middle of equals
		}
	}
	return at + irisPixels/2.0
}

// aside is how far the iris stands beside the middle between the eye's corners, as a
// share of the eye's width, positive to the picture's right.
func (v *eyeView) aside() float64 { return (v.iris() - eyeSide/2.0) / eyePixels }

// gaze is read from both irises' mean place: when a person looks aside, both move to
// the same side. It says nothing of eyes that look up or down.
func gaze(in Input) Check {
	return mostAside.reading(100*math.Abs(in.Traits.Gaze), Percent).check(Gaze, docspec.Baseline, map[Outcome]string{
		Pass: "The eyes look at the camera, as far as can be measured.",
		Warn: "The eyes may look to the side. Look straight into the lens, not at the screen.",
		Fail: "The eyes look to the side. Look straight into the lens, not at the screen, and take another picture.",
	}).relaxed(in.Small()).at(in.around(in.eyePoints()))
}
