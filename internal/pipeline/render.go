package pipeline

import (
	"image"
	"math"

	"golang.org/x/image/draw"
	"golang.org/x/image/math/f64"

	"github.com/passportphotogenie/passportphotogenie/internal/crop"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/raster"
)

// render draws the photo in one resampling of the original's pixels. Nothing
// else happens to them: the result is the original cropped, levelled and scaled.
func (w *work) render(src *source, plan crop.Plan) (*image.RGBA, error) {
	if err := w.step(photo.StepRender); err != nil {
		return nil, err
	}
	from, toPhoto, err := w.pixelsFor(src, plan)
	if err != nil {
		return nil, err
	}
	dst := image.NewRGBA(image.Rect(0, 0, plan.Width, plan.Height))
	t := f64.Aff3{toPhoto.A, -toPhoto.B, toPhoto.X, toPhoto.B, toPhoto.A, toPhoto.Y}
	draw.CatmullRom.Transform(dst, t, from, from.Bounds(), draw.Src, nil)
	return dst, nil
}

// pixelsFor returns pixels that are at least as fine as the photo needs, where
// the original has them, and the transform from them to the photo. The working
// copy mostly is; a large JPEG with a small head is decoded once more, finer,
// around the crop.
func (w *work) pixelsFor(src *source, plan crop.Plan) (*image.RGBA, geom.Similarity, error) {
	shrink := src.shrink
	for shrink > 1 && plan.Scale*float64(shrink) > 1 {
		shrink /= 2
	}
	if shrink == src.shrink {
		toWork := geom.Similarity{A: 1 / float64(shrink)}
		img, toLevel := src.work.LevelFor(plan.Scale * float64(shrink))
		return img, toWork.Then(toLevel).Inverse().Then(plan.ToPhoto), nil
	}
	region := regionOf(src, plan, shrink)
	img, err := w.Pictures.Decode(w.original, w.job.Format, shrink, region)
	if err != nil {
		return nil, geom.Similarity{}, err
	}
	toOriginal := geom.Similarity{A: float64(shrink), X: float64(region.Min.X * shrink), Y: float64(region.Min.Y * shrink)}
	level, toLevel := raster.NewPyramid(img).LevelFor(plan.Scale * float64(shrink))
	return level, toLevel.Inverse().Then(toOriginal).Then(plan.ToPhoto), nil
}

// kernelReach is how many pixels around the crop the resampling looks at.
const kernelReach = 6

func regionOf(src *source, plan crop.Plan, shrink int) image.Rectangle {
	lo, hi := plan.Region()
	k := float64(shrink)
	r := image.Rect(
		int(math.Floor(lo.X/k))-kernelReach, int(math.Floor(lo.Y/k))-kernelReach,
		int(math.Ceil(hi.X/k))+kernelReach, int(math.Ceil(hi.Y/k))+kernelReach)
	return r.Intersect(image.Rect(0, 0, src.width/shrink, src.height/shrink))
}
