package check

import (
	"math"

	"github.com/lucasb-eyer/go-colorful"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
)

// The colours that skin has, in CIELAB (ISO/IEC 29794-5).
const (
	leastA, mostA = 5, 25
	leastB, mostB = 5, 35
)

// offSkin is how far the mean colour of both cheeks lies from any skin's, in units
// of CIELAB; a picture without colours, whose cheeks have none, is 100 off, as the
// standard has it for a negative mean. NaN where a cheek is not in the picture.
func offSkin(a *aligned) float64 {
	right, left := a.cheeks()
	if !right.inside() || !left.inside() {
		return math.NaN()
	}
	const n = alignedSide * alignedSide
	var sumA, sumB, count float64
	for _, q := range []square{right, left} {
		q.each(func(i int) {
			_, ca, cb := colorful.Color{R: float64(a.planes[i]), G: float64(a.planes[n+i]), B: float64(a.planes[2*n+i])}.Lab()
			sumA, sumB, count = sumA+100*ca, sumB+100*cb, count+1
		})
	}
	meanA, meanB := sumA/count, sumB/count
	if math.Hypot(meanA, meanB) < 1 {
		return 100 // greyscale
	}
	return math.Hypot(outside(meanA, leastA, mostA), outside(meanB, leastB, mostB))
}

func outside(v, least, most float64) float64 { return math.Max(math.Max(least-v, v-most), 0) }

func naturalColour(in Input) Check {
	return mostOffSkin.reading(in.light().OffSkin, Ratio).check(NaturalColour, docspec.Baseline, map[Outcome]string{
		Pass: "The colours of the skin are natural.",
		Warn: "The colours may be off. Daylight, or one kind of lamp alone, gives natural colours.",
		Fail: "The colours are not natural. Take another picture in daylight, without coloured lamps, filters or a black and white setting.",
	}).at(in.around(in.facePoints()))
}
