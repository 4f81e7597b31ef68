package check

import (
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
	"github.com/passportphotogenie/passportphotogenie/internal/raster"
)

// sharpSide is the side in pixels of the view from the brows to the mouth in which
// sharpness is measured, at the size that ISO/IEC 29794-5 gives the aligned face:
// about that of a finished photo.
const sharpSide = 220

// smoothing is the length of the box that the face is blurred with, px.
const smoothing = 9

// measureDetail looks at the face in a finished photo's size: how sharp it is, and how
// noisy.
func measureDetail(s Subject, a *aligned) (sharpness, noise float64) {
	luma := closeUp(s, a)
	return sharpnessOf(luma), noiseOf(luma)
}

// closeUp is the luma of the view from the brows to the mouth.
func closeUp(s Subject, a *aligned) []float32 {
	centre := a.toPicture.Apply(geom.Point{X: 154, Y: 165})
	turn := geom.Point{X: a.toPicture.A, Y: a.toPicture.B}.Angle()
	view := raster.Square(centre, a.toPicture.Scale()*sharpSide/2, turn, sharpSide)
	const n = sharpSide * sharpSide
	planes := make([]float32, 3*n)
	s.Picture.Planes(view, planes)
	luma := make([]float32, n)
	red, green, blue := planes[:n], planes[n:2*n], planes[2*n:]
	for i := range luma {
		luma[i] = 0.299*red[i] + 0.587*green[i] + 0.114*blue[i]
	}
	return luma
}

// sharpnessOf returns how much of the change from pixel to pixel is lost when
// the face is blurred: 0 where it was blurred already, 1 where every pixel stands
// alone. Of the two directions the worse counts, so that a moved camera shows.
//
// It is one less the measure of F. Crété-Roffet, T. Dolmiere, P. Ladret, M. Nicolas,
// "The blur effect: perception and estimation with a new no-reference perceptual
// blur metric", Human Vision and Electronic Imaging XII, 2007.
func sharpnessOf(luma []float32) float64 {
	return min(detail(luma, 1, sharpSide), detail(luma, sharpSide, 1))
}

// detail measures along lines whose pixels are step apart and which begin next
// apart.
func detail(luma []float32, step, next int) float64 {
	var changes, lost float64
	for line := range sharpSide {
		at := luma[line*next:]
		for k := smoothing; k < sharpSide; k++ {
			// Two boxes beside each other differ by the pixels at their ends.
			blurred := abs32(at[k*step] - at[(k-smoothing)*step])
			middle := k - smoothing/2
			change := abs32(at[middle*step] - at[(middle-1)*step])
			changes += float64(change)
			lost += float64(max(change-blurred/smoothing, 0))
		}
	}
	if changes == 0 {
		return 0
	}
	return lost / changes
}

func abs32(v float32) float32 { return max(v, -v) }

func sharpness(in Input) Check {
	return leastSharpness.reading(100*in.Traits.Sharpness, Percent).check(Sharpness, docspec.Baseline, map[Outcome]string{
		Pass: "The face is sharp.",
		Warn: "The face is a little soft. Hold the camera still, tap on the face to focus, and clean the lens.",
		Fail: "The face is blurred. Hold the camera still, tap on the face to focus, and take another picture.",
	}).at(in.around(in.facePoints()))
}
