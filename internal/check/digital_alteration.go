package check

import (
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
)

// digitalAlteration tells what was done to the picture beside cropping, levelling
// and scaling, from the record of what the person asked for and what we did. Its
// value is the number of such changes.
func digitalAlteration(in Input) Check {
	none, count := 0.0, 0.0
	what := ""
	if in.Settings.Light() {
		count, what = 1, "its light was changed"
	}
	if in.Photo.Replaced {
		count++
		what = map[bool]string{true: "its light was changed and its background replaced", false: "its background was replaced"}[count > 1]
	}
	fact := in.Spec.Alteration
	c := Check{Name: DigitalAlteration, Stage: Finished, Binding: true, Outcome: Pass, Value: &count, Limits: &Limits{Max: &none}, Certainty: in.Spec.Certainty(fact.Source)}
	switch {
	case count == 0:
		c.Advice = "The picture was cropped, levelled and scaled, and nothing else was done to it."
	case fact.Value == docspec.FormatOnly:
		c.Outcome = Fail
		c.Advice = "This photo was altered: " + what + ". The office refuses altered pictures. Undo that, and take the picture in good light before a plain wall."
	case in.Settings.Light():
		c.Outcome = Warn
		c.Advice = "This photo was altered: " + what + ". Some offices count other light as altering the picture: one taken in better light is safer."
	case c.Certainty == docspec.Baseline:
		c.Outcome = Warn
		c.Advice = "This photo was altered: " + what + ". We found no rule of this office against that: ask, or take the picture before a plain wall and keep its own background."
	default:
		c.Advice = "The office allows a replaced background, and " + what + ". Nothing else was done to the picture but cropping, levelling and scaling."
	}
	return c
}
