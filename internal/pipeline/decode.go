package pipeline

import (
	"image"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/raster"
)

// workingSide is the long side that the working copy keeps at least: enough
// for detection, landmarks and, mostly, for the photo itself.
const workingSide = 1000

// source is the decoded original at the working scale.
type source struct {
	width, height int // of the original, upright
	shrink        int // the working copy is this many times smaller
	work          *raster.Pyramid
}

// decode makes the working copy at the smallest scale that will do.
func (w *work) decode() (*source, error) {
	if err := w.step(photo.StepDecode); err != nil {
		return nil, err
	}
	width, height, err := w.Pictures.Size(w.original, w.job.Format)
	if err != nil {
		return nil, err
	}
	shrink := 1
	for w.job.Format == photo.JPEG && shrink < 8 && max(width, height)/(2*shrink) >= workingSide {
		shrink *= 2
	}
	img, err := w.Pictures.Decode(w.original, w.job.Format, shrink, image.Rectangle{})
	if err != nil {
		return nil, err
	}
	return &source{width, height, shrink, raster.NewPyramid(img)}, nil
}
