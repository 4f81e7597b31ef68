package pipeline

import (
	"github.com/passportphotogenie/passportphotogenie/internal/face"
	"github.com/passportphotogenie/passportphotogenie/internal/matte"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// measure mattes the head and places its points, in the original's pixels. A
// head that the picture cuts off ends the work.
func (w *work) measure(src *source, f *found) (face.Head, error) {
	if err := w.step(photo.StepMatte); err != nil {
		return face.Head{}, err
	}
	l := f.landmarks
	m, err := matte.Look(src.work, matte.Head{Centre: l.Centre(), Height: l.Height(), Roll: l.Roll()}, w.Networks)
	if err != nil {
		return face.Head{}, err
	}
	young := w.job.AgeBand == photo.Under1 || w.job.AgeBand == photo.From1To5
	head := face.Measure(l, m, src.work.Bounds(), young)
	if head.EyeHeight() <= 0 || head.InterEye() <= 0 {
		return face.Head{}, photo.NoFace
	}
	if head.CutOff(src.work.Bounds()) {
		return face.Head{}, photo.FaceCutOff
	}
	return head.Scaled(float64(src.shrink)), nil
}
