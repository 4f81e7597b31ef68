package pipeline

import (
	"encoding/json"
	"fmt"

	"github.com/passportphotogenie/passportphotogenie/internal/check"
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/face"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// assess judges the finished file.
func (w *work) assess(spec docspec.Spec, s *seen, head face.Head, p placed, file []byte) ([]byte, error) {
	if err := w.step(photo.StepCheck); err != nil {
		return nil, err
	}
	report, err := json.Marshal(check.Assess(check.Input{
		Spec: spec, Plan: p.Plan, Width: p.Width, Height: p.Height,
		SecondFace: s.SecondFace, Pose: s.Pose, HairCut: head.HairCut, FileBytes: len(file),
		Settings: w.job.Settings, MoveCut: p.moveCut, BackgroundReplaced: p.backdrop.replaced,
	}))
	if err != nil {
		return nil, fmt.Errorf("write the report: %w", err)
	}
	return report, nil
}
