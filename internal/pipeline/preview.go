package pipeline

import (
	"encoding/json"
	"fmt"

	"github.com/passportphotogenie/passportphotogenie/internal/check"
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/face"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/raster"
)

// sketchSide is the long side in pixels of what is drawn of a preview's photo, for its
// background to be measured.
const sketchSide = 320

// preview ends the work on a preview: it is judged by where the photo would be,
// and no photo is made.
func (w *work) preview(spec docspec.Spec, s *seen, pixels *window, head face.Head, p placed) (Result, error) {
	if err := w.step(photo.StepCheck); err != nil {
		return Result{}, err
	}
	report, err := json.Marshal(check.AssessPreview(check.Input{
		Spec: spec, AgeBand: string(w.job.AgeBand), Traits: s.Traits, Plan: p.Plan,
		SecondFace: s.SecondFace, Pose: s.Pose, HairCut: head.HairCut, Now: w.Now(), Photo: s.sketch(pixels, p),
	}))
	if err != nil {
		return Result{}, fmt.Errorf("write the report of a preview: %w", err)
	}
	return Result{Report: report}, nil
}

// sketch draws the photo small and measures its background, unless another one will
// be put there.
func (s *seen) sketch(pixels *window, p placed) check.Photo {
	if p.backdrop.replaced {
		return check.Photo{Replaced: true}
	}
	k := min(1, sketchSide/float64(max(p.Width, p.Height)))
	small := s.toPhoto(p).Then(geom.Similarity{A: k})
	from, toLevel := pixels.pyramid.LevelFor(small.Scale())
	img := raster.Resample(from, toLevel.Inverse().Then(small), max(1, int(k*float64(p.Width))), max(1, int(k*float64(p.Height))))
	return check.Photo{Background: check.ExamineBackground(raster.NewPyramid(img), &s.Matte, small)}
}
