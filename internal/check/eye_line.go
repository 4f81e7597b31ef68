package check

import (
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

// eyeReading is by how much the eye centres' height is uncertain, in mm: two
// pixels of a 300 DPI photo.
const eyeReading geom.MM = 0.2

func eyeLine(in Input) Check {
	fact := in.Spec.EyeLine
	if fact == nil {
		value := round(float64(in.Plan.Head.EyeLine))
		return Check{Name: EyeLine, Stage: Finished, Outcome: NotAssessed, Value: &value, Unit: Millimetres,
			Advice: "The office says nothing of the height of the eyes, so it was not judged."}.at(in.across(in.eyesFromTop()))
	}
	return mmReading(in.Plan.Head.EyeLine, eyeReading, fact.Value).check(EyeLine, in.Spec.Certainty(fact.Source), map[Outcome]string{
		Pass: "The eyes are at the right height.",
		Warn: "The eyes are at the very edge of the allowed height. A picture with more space around the head leaves more room.",
		Fail: "The eyes can't be brought to the right height in this picture. Step back so that more space is around the head, and take another picture.",
	}).finished().at(in.across(in.eyesFromTop()))
}
