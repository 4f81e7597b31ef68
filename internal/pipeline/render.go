package pipeline

import (
	"image"

	"github.com/passportphotogenie/passportphotogenie/internal/face"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/raster"
	"github.com/passportphotogenie/passportphotogenie/internal/tone"
)

// render draws the photo in one resampling of the original's pixels. Nothing
// else happens to them, the photo is the original cropped, levelled and scaled,
// unless the person asked for other light, or the background is replaced: where
// the document allows it, or the person asked for it. It returns the pixels it was
// drawn from as well.
func (w *work) render(s *seen, pixels *window, head face.Head, p placed) (image.Image, *window, error) {
	if err := w.step(photo.StepRender); err != nil {
		return nil, nil, err
	}
	if !pixels.serves(s, p.Plan) {
		var err error
		if pixels, err = w.decodeFor(s, head, p.Plan); err != nil {
			return nil, nil, err
		}
	}
	// Halves of whole pixels where there are twice as many as needed, as a JPEG
	// decoder makes them: docs/decisions/0005.
	from, toLevel := pixels.pyramid.LevelFor(p.Scale * float64(pixels.shrink))
	toPhoto := pixels.fromOriginal().Then(toLevel).Inverse().Then(p.ToPhoto)
	drawn := raster.Resample(from, toPhoto, p.Width, p.Height)
	picture, err := p.backdrop.lay(tone.Apply(drawn, w.job.Settings), s, p)
	return picture, pixels, err
}
