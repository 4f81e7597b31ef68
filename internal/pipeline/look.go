package pipeline

import (
	"errors"
	"fmt"
	"image"

	"github.com/passportphotogenie/passportphotogenie/internal/check"
	"github.com/passportphotogenie/passportphotogenie/internal/face"
	"github.com/passportphotogenie/passportphotogenie/internal/matte"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// seen is all that looking at an original tells. It depends on nothing but the
// original, so an edit can go by it. Points are in pixels of the copy that was
// looked at.
type seen struct {
	Width, Height int         // of the original, upright
	Shrink        int         // the copy is this many times smaller
	Copy          image.Point // size of the copy
	Landmarks     face.Landmarks
	Pose          face.Pose
	SecondFace    float64 // area over the largest face's, 0 if there is none
	Matte         matte.Matte
	Traits        check.Traits
}

func (s *seen) bounds() image.Rectangle { return image.Rectangle{Max: s.Copy} }

// look sees the original, or remembers what was seen before. The pixels are
// those that come with it.
func (w *work) look() (*seen, *window, error) {
	if len(w.given.Analysis) > 0 {
		s, pixels, err := recall(w.given.Analysis)
		if !errors.Is(err, errForeignAnalysis) {
			return s, pixels, err
		}
		w.given.Analysis = nil // of a version before ours: look again
	}
	if len(w.given.Original) == 0 {
		return nil, nil, errNeedsOriginal
	}
	s, pixels, err := w.decode()
	if err != nil {
		return nil, nil, fmt.Errorf("decode: %w", err)
	}
	if err := w.find(s, pixels); err != nil { // detect and landmarks
		return nil, nil, fmt.Errorf("find the face: %w", err)
	}
	w.examine(s, pixels)
	if err := w.matte(s, pixels); err != nil {
		return nil, nil, fmt.Errorf("matte: %w", err)
	}
	return s, pixels, nil
}

// matte tells the person from what is behind, and notes it in s.
func (w *work) matte(s *seen, pixels *window) error {
	if err := w.step(photo.StepMatte); err != nil {
		return err
	}
	l := &s.Landmarks
	m, err := matte.Look(pixels.pyramid, matte.Head{Centre: l.Centre(), Height: l.Height(), Roll: l.Roll()}, w.Networks)
	if err != nil {
		return err
	}
	s.Matte = *m
	return nil
}

// measure places the head's points, in the original's pixels. A head that the
// picture cuts off ends the work.
func (w *work) measure(s *seen) (face.Head, error) {
	young := w.job.AgeBand == photo.Under1 || w.job.AgeBand == photo.From1To5
	head := face.Measure(&s.Landmarks, &s.Matte, s.bounds(), young)
	if head.EyeHeight() <= 0 || head.InterEye() <= 0 {
		return face.Head{}, photo.NoFace
	}
	if head.CutOff(s.bounds()) {
		return face.Head{}, photo.FaceCutOff
	}
	return head.Scaled(float64(s.Shrink)), nil
}
