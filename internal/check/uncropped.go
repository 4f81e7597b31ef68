package check

import (
	"fmt"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
)

// uncropped takes the judgement from every check of the head's place: the office
// crops by itself, so where the head stands in this file says nothing.
func uncropped(checks []Check) []Check {
	for i, c := range checks {
		switch c.Name {
		case HeadHeight, EyeLine, HeadCentred, SpaceAbove:
			checks[i] = Check{Name: c.Name, Outcome: NotAssessed, Unit: c.Unit,
				Advice: "The office wants the picture uncropped and crops it by itself, so this was not judged."}
		}
	}
	return checks
}

// uncroppedSize holds the picture against the pixels that the office takes, if it
// says so.
func uncroppedSize(in Input) Check {
	value := float64(in.Height)
	c := Check{Name: PhotoSize, Outcome: Pass, Value: &value, Unit: Pixels, Certainty: docspec.Baseline,
		Advice: fmt.Sprintf("The office crops by itself, so the photo is your whole picture: %d x %d pixels.", in.Width, in.Height)}
	fact := in.Spec.Pixels
	if fact == nil {
		return c
	}
	c.Certainty = in.Spec.Certainty(fact.Source)
	c.Limits = openAtZero(float64(fact.Value.MinHeight), float64(fact.Value.MaxHeight))
	if !fact.Value.Contains(in.Width, in.Height) {
		c.Outcome = Fail
		c.Advice = fmt.Sprintf("Your picture has %d x %d pixels, which the office does not take. Take another one with the camera's full resolution.", in.Width, in.Height)
	}
	return c
}
