package check

import (
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
)

// Enlarging never adds detail: up to a quarter it is hard to see on a print,
// beyond that the photo is soft.
const mostEnlarged = 125

func resolutionGained(in Input) Check {
	whole := 100.0
	value := round(in.Plan.Scale * 100)
	c := Check{Name: ResolutionGained, Stage: Finished, Binding: true, Outcome: Pass, Value: &value, Unit: Percent, Limits: &Limits{Max: &whole},
		Certainty: docspec.Baseline, Advice: "The original has all the pixels that the photo needs."}
	switch {
	case value > mostEnlarged:
		c.Outcome, c.Advice = Fail, "The face is too small in the original, so the photo had to be enlarged and is not sharp. Go closer to the camera, and take another picture."
	case value > whole:
		c.Outcome, c.Advice = Warn, "The original had to be enlarged a little. A picture taken from closer by would be sharper."
	}
	return c
}
