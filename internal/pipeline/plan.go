package pipeline

import (
	"github.com/passportphotogenie/passportphotogenie/internal/crop"
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/face"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// mostEnlarged is the enlargement beyond which nothing is left of a face that
// any office would take; up to it the report says how much was enlarged.
const mostEnlarged = 3

// plan places the photo in the original.
func (w *work) plan(spec docspec.Spec, src *source, head face.Head) (crop.Plan, error) {
	if err := w.step(photo.StepPlan); err != nil {
		return crop.Plan{}, err
	}
	p := crop.Solve(spec, head, crop.Original{
		Width: float64(src.width), Height: float64(src.height), Border: float64(src.shrink),
	})
	if p.Scale > mostEnlarged {
		return crop.Plan{}, photo.FaceTooSmall
	}
	return p, nil
}
