package check

import "github.com/passportphotogenie/passportphotogenie/internal/docspec"

// luminanceMean has wide limits, and never fails: how bright a face is says as much
// of its skin as of the light, and a dark face in good light is right as it is.
func luminanceMean(in Input) Check {
	c := meanLuminance.reading(in.light().Mean, Ratio).check(LuminanceMean, docspec.Baseline, map[Outcome]string{
		Pass: "The face is neither too dark nor too bright.",
		Warn: "The face is rather dark or bright. Compare it with how you look in daylight; more light from the front helps.",
	})
	if c.Outcome == Fail {
		c.Outcome, c.Advice = Warn, "The face is very dark or very bright. Compare it with how you look in daylight, and take another picture facing a window."
	}
	return c.at(in.around(in.facePoints()))
}
