package pipeline

import (
	"encoding/json"
	"fmt"
	"image"

	"github.com/passportphotogenie/passportphotogenie/internal/check"
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/face"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/raster"
)

// blockSide is that of the blocks that JPEG files are compressed in, px.
const blockSide = 8

// examine measures what only another picture can mend, and notes it in s.
func (w *work) examine(s *seen, pixels *window) {
	subject := check.Subject{Picture: pixels.pyramid, Landmarks: &s.Landmarks}
	if w.job.Format == photo.JPEG {
		subject.Blocks = blockSide / s.Shrink
	}
	s.Traits = check.Examine(subject)
	s.Traits.TakenAt = w.Pictures.TakenAt(w.given.Original, w.job.Format)
}

// product is a photo with the plan that it was made by.
type product struct {
	placed
	picture image.Image
	file    []byte
}

// assess judges the finished photo.
func (w *work) assess(spec docspec.Spec, s *seen, head face.Head, m product) ([]byte, error) {
	if err := w.step(photo.StepCheck); err != nil {
		return nil, err
	}
	landmarks := s.Landmarks.In(s.toPhoto(m.placed))
	report, err := json.Marshal(check.Assess(check.Input{
		Spec: spec, AgeBand: string(w.job.AgeBand), Traits: s.Traits, Plan: m.Plan, Landmarks: landmarks,
		SecondFace: s.SecondFace, Pose: s.Pose, HairCut: head.HairCut,
		Settings: w.job.Settings, MoveCut: m.moveCut, Now: w.Now(),
		Photo: w.inspect(s, m, landmarks),
	}))
	if err != nil {
		return nil, fmt.Errorf("write the report: %w", err)
	}
	return report, nil
}

// inspect measures what we made.
func (w *work) inspect(s *seen, m product, landmarks *face.Landmarks) check.Photo {
	p := check.Photo{Width: m.Width, Height: m.Height, Bytes: len(m.file), Replaced: m.backdrop.replaced}
	img, opaque := m.picture.(*image.RGBA)
	if !opaque {
		return p
	}
	pyramid := raster.NewPyramid(img)
	p.Background = check.ExamineBackground(pyramid, &s.Matte, s.toPhoto(m.placed))
	if w.job.Settings.Light() {
		p.Light = check.ExamineLight(check.Subject{Picture: pyramid, Landmarks: landmarks})
	}
	return p
}

// toPhoto maps the copy that was looked at to the photo.
func (s *seen) toPhoto(p placed) geom.Similarity {
	return geom.Similarity{A: float64(s.Shrink)}.Then(p.ToPhoto)
}
