package pipeline

import (
	"encoding/json"
	"fmt"
	"image"

	"github.com/passportphotogenie/passportphotogenie/internal/check"
	"github.com/passportphotogenie/passportphotogenie/internal/crop"
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// assessed is what the original alone tells the checks.
type assessed struct {
	secondFace float64
	hairCut    bool
}

func (w *work) assess(spec docspec.Spec, plan crop.Plan, img *image.RGBA, a assessed) check.Report {
	_ = w.step(photo.StepCheck) // a cancelled context is seen by the next step
	return check.Assess(check.Input{
		Spec: spec, Plan: plan, Width: img.Rect.Dx(), Height: img.Rect.Dy(),
		SecondFace: a.secondFace, HairCut: a.hairCut,
	})
}

// quality keeps a photo of this size well under what offices allow and its
// artefacts out of sight; from 90 on libvips keeps full colour resolution.
const quality = 95

func (w *work) encode(img *image.RGBA, plan crop.Plan, report check.Report) (Result, error) {
	if err := w.step(photo.StepEncode); err != nil {
		return Result{}, err
	}
	jpeg, err := w.Encoder.EncodeJPEG(img, quality, plan.DPI)
	if err != nil {
		return Result{}, fmt.Errorf("encode: %w", err)
	}
	text, err := json.Marshal(report)
	if err != nil {
		return Result{}, fmt.Errorf("write the report: %w", err)
	}
	return Result{Picture: jpeg, Report: text}, nil
}
