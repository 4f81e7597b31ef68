package pipeline

import (
	"fmt"
	"image"
	"slices"

	"github.com/passportphotogenie/passportphotogenie/internal/face"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/raster"
)

// A look is one try of the detector: the long side it is given, and by how many
// quarter turns the picture is turned first. The detector knows upright faces
// of at least 80 pixels only. A camera held wrong, or a baby photographed from
// above, shows in one of the other three turns. A preview gets one look: it must
// be quick, and whoever takes it can turn the camera.
type look struct{ longSide, quarters int }

func (w *work) looks() []look {
	upright := []look{{640, 0}}
	if w.job.Preview {
		return upright
	}
	return append(upright, look{1280, 0}, look{640, 1}, look{640, 3}, look{640, 2})
}

// severalFrom is the share of the largest face's area from which a second face
// makes the picture one of several people.
const severalFrom = 1.0 / 3

// find looks until the landmark network confirms a face, and notes it in s.
func (w *work) find(s *seen, pixels *window) error {
	img, _ := pixels.pyramid.Level(0)
	for _, l := range w.looks() {
		if err := w.step(photo.StepDetect); err != nil {
			return err
		}
		candidates, err := w.detect(img, l)
		if err != nil {
			return err
		}
		if len(candidates) == 0 {
			continue
		}
		if err := w.step(photo.StepLandmarks); err != nil {
			return err
		}
		confirmed, err := w.confirm(s, pixels.pyramid, candidates)
		if confirmed || err != nil {
			return err
		}
	}
	return photo.NoFace
}

// detect returns the candidates of one look in working pixels, largest first.
func (w *work) detect(img *image.RGBA, l look) ([]face.Candidate, error) {
	turned, back := raster.Quarter(img, l.quarters)
	jpeg, width, _, err := w.Encoder.Shrink(turned, l.longSide)
	if err != nil {
		return nil, fmt.Errorf("copy for the detector: %w", err)
	}
	candidates, err := w.Detector.Detect(jpeg)
	if err != nil {
		return nil, fmt.Errorf("detector: %w", err)
	}
	scale := float64(turned.Rect.Dx()) / float64(width)
	toWork := geom.Similarity{A: scale}.Then(back)
	for i := range candidates {
		c := &candidates[i]
		c.RightEye, c.LeftEye = toWork.Apply(c.RightEye), toWork.Apply(c.LeftEye)
	}
	slices.SortFunc(candidates, func(a, b face.Candidate) int {
		return int(b.Box.Area() - a.Box.Area())
	})
	return candidates, nil
}
