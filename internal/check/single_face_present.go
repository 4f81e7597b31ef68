package check

import (
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
)

func singleFacePresent(in Input) Check {
	zero := 0.0
	share := round(in.SecondFace * 100)
	c := Check{Name: SingleFacePresent, Stage: Original, Binding: true, Outcome: Pass, Value: &share, Unit: Percent, Limits: &Limits{Max: &zero},
		Certainty: docspec.Baseline, Advice: "There is one face in the picture."}
	if in.SecondFace > 0 {
		c.Outcome = Warn
		c.Advice = "There may be a second, smaller face in the picture. Make sure that nobody else can be seen."
	}
	return c
}
