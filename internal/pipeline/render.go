package pipeline

import (
	"image"

	"golang.org/x/image/draw"
	"golang.org/x/image/math/f64"

	"github.com/passportphotogenie/passportphotogenie/internal/face"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
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
	dst := image.NewRGBA(image.Rect(0, 0, p.Width, p.Height))
	draw.CatmullRom.Transform(dst, affine(toPhoto), from, from.Bounds(), draw.Src, nil)
	picture, err := p.backdrop.lay(tone.Apply(dst, w.job.Settings), s, p)
	return picture, pixels, err
}

func affine(t geom.Similarity) f64.Aff3 {
	return f64.Aff3{t.A, -t.B, t.X, t.B, t.A, t.Y}
}
