package check

import (
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
)

// digitalAlteration tells what was done to the picture beside cropping, levelling
// and scaling, from the record of what the person asked for and what we did. Its value is the
// number of such changes.
func digitalAlteration(in Input) Check {
	none, count := 0.0, 0.0
	if in.Settings.Light() {
		count++
	}
	c := Check{Name: DigitalAlteration, Outcome: Pass, Value: &count, Limits: &Limits{Max: &none},
		Certainty: in.Spec.Certainty(in.Spec.Alteration.Source),
		Advice:    "The picture was cropped, levelled and scaled, and nothing else was done to it."}
	switch {
	case count == 0:
	case in.Spec.Alteration.Value == docspec.FormatOnly:
		c.Outcome = Fail
		c.Advice = "You had the light of this photo changed. This office refuses pictures that were altered: undo that, and take the picture in better light."
	default:
		c.Outcome = Warn
		c.Advice = "You had the light of this photo changed. Some offices count that as altering the picture: a picture taken in better light is safer."
	}
	return c
}
