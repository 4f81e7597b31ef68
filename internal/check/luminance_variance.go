package check

import "github.com/passportphotogenie/passportphotogenie/internal/docspec"

// luminanceVariance counts for nothing: what makes it small, too little or too much
// light, shows in the exposure checks, which say what to do.
func luminanceVariance(in Input) Check {
	return leastVariance.reading(in.light().Variance, Ratio).check(LuminanceVariance, docspec.Baseline, map[Outcome]string{
		Pass: "Light and dark differ enough in the face.",
		Warn: "Light and dark hardly differ in the face.",
		Fail: "Light and dark do not differ in the face: it looks flat.",
	}).at(in.around(in.facePoints())).unbound()
}
