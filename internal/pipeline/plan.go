package pipeline

import (
	"math"

	"github.com/passportphotogenie/passportphotogenie/internal/crop"
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/face"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// mostEnlarged is the enlargement beyond which nothing is left of a face that
// any office would take; up to it the report says how much was enlarged.
const mostEnlarged = 3

// placed is the plan with what led to it.
type placed struct {
	crop.Plan
	backdrop backdrop
	moveCut  bool // the person wanted it moved further than the original reaches
}

// plan places the photo in the original.
func (w *work) plan(spec docspec.Spec, s *seen, head face.Head) (placed, error) {
	if err := w.step(photo.StepPlan); err != nil {
		return placed{}, err
	}
	p := placed{backdrop: backdropFor(spec, w.job.Settings.Background)}
	original := crop.Original{Width: float64(s.Width), Height: float64(s.Height), Border: float64(s.Shrink)}
	if spec.Uncropped() {
		return placed{Plan: crop.Uncropped(spec, head, original)}, nil
	}
	if p.backdrop.replaced {
		original.Open = s.Matte.Clear(s.bounds())
	}
	p.Plan = crop.Solve(spec, head, original)
	if p.Scale > mostEnlarged && !w.job.Preview { // a preview is small, the photo need not be
		return placed{}, photo.FaceTooSmall
	}
	if set := w.job.Settings; set.Moves() {
		p.Plan, p.moveCut = p.Moved(crop.Move{
			Turn: set.TurnDeg * math.Pi / 180, Right: set.Right, Down: set.Down, Zoom: set.Zoom(),
		}, head, original)
	}
	return p, nil
}
