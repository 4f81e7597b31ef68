package check

import (
	"math"
	"slices"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
)

// noiseOf is the standard deviation of the noise in a close-up, in steps of 255. What a
// mask that answers neither to planes nor to slopes makes of the picture is noise and
// fine detail, so the quieter half of 8 x 8 blocks is taken: skin has no fine detail.
//
// The mask is that of J. Immerkaer, "Fast Noise Variance Estimation", Computer Vision and
// Image Understanding 64(2), 1996.
func noiseOf(luma []float32) float64 {
	const blocks = sharpSide / blockSide
	var sums [blocks * blocks]float64
	for y := 1; y < blocks*blockSide-1; y++ {
		for x := 1; x < blocks*blockSide-1; x++ {
			i := y*sharpSide + x
			up, at, down := luma[i-sharpSide-1:][:3], luma[i-1:][:3], luma[i+sharpSide-1:][:3]
			v := up[0] - 2*up[1] + up[2] - 2*at[0] + 4*at[1] - 2*at[2] + down[0] - 2*down[1] + down[2]
			sums[y/blockSide*blocks+x/blockSide] += float64(abs32(v))
		}
	}
	return 255 * math.Sqrt(math.Pi/2) / 6 * quietHalf(sums[:]) / (blockSide * blockSide)
}

// quietHalf is the mean of the lower half of the values, which it sorts.
func quietHalf(values []float64) float64 {
	slices.Sort(values)
	sum := 0.0
	for _, v := range values[:len(values)/2] {
		sum += v
	}
	return sum / float64(len(values)/2)
}

func noise(in Input) Check {
	return mostNoise.reading(in.Traits.Noise, Ratio).check(Noise, docspec.Baseline, map[Outcome]string{
		Pass: "The picture has little grain.",
		Warn: "The picture is grainy. More light lets the camera take a cleaner one.",
		Fail: "The picture is so grainy that the face suffers. Take another one in more light.",
	}).at(in.around(in.facePoints()))
}
