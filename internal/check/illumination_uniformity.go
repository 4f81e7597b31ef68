package check

import (
	"math"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
)

// cheekLikeness is the sum of the minima of both cheeks' normalised luminance
// histograms, 0..1 (ISO/IEC 29794-5); NaN where a cheek is not in the picture.
func cheekLikeness(a *aligned) float64 {
	right, left := a.cheeks()
	if !right.inside() || !left.inside() {
		return math.NaN()
	}
	var counts [2][256]int
	for k, q := range []square{right, left} {
		q.each(func(i int) { counts[k][a.luminance[i]]++ })
	}
	same := 0
	for v := range counts[0] {
		same += min(counts[0][v], counts[1][v])
	}
	return float64(same) / (cheekSide * cheekSide)
}

func illuminationUniformity(in Input) Check {
	quality := 100 * math.Pow(in.light().Uniformity, 0.3) // the standard's own mapping
	return leastUniformity.reading(quality, Ratio).check(IlluminationUniformity, docspec.Baseline, map[Outcome]string{
		Pass: "The light is even on both sides of the face.",
		Warn: "One side of the face is darker than the other. Face a window or a lamp, so that both sides get the same light.",
		Fail: "One side of the face lies in shadow. Face a window or a lamp, so that both sides get the same light, and take another picture.",
	}).at(in.around(in.facePoints()))
}
