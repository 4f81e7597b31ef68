package pipeline

import (
	"image"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/raster"
)

// workingSide is the long side that the working copy keeps at least: enough
// for detection, landmarks and, mostly, for the photo itself.
const workingSide = 1000

// decode makes the working copy, all of the original at the smallest scale that
// will do.
func (w *work) decode() (*seen, *window, error) {
	if err := w.step(photo.StepDecode); err != nil {
		return nil, nil, err
	}
	width, height, err := w.Pictures.Size(w.given.Original, w.job.Format)
	if err != nil {
		return nil, nil, err
	}
	shrink := 1
	for w.job.Format == photo.JPEG && shrink < 8 && max(width, height)/(2*shrink) >= workingSide {
		shrink *= 2
	}
	img, err := w.Pictures.Decode(w.given.Original, w.job.Format, shrink, image.Rectangle{})
	if err != nil {
		return nil, nil, err
	}
	return &seen{Width: width, Height: height, Shrink: shrink, Copy: img.Rect.Size()},
		&window{shrink, img.Rect, raster.NewPyramid(img)}, nil
}
