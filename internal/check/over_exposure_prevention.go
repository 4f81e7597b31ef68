package check

import "github.com/passportphotogenie/passportphotogenie/internal/docspec"

func overExposure(in Input) Check {
	return mostOver.reading(100*in.light().Over, Percent).check(OverExposure, docspec.Baseline, map[Outcome]string{
		Pass: "No part of the face is lost in the light.",
		Warn: "Some of the face is white. Step away from the lamp, or out of the sun.",
		Fail: "Much of the face is white. Step away from the lamp, or out of the sun, and take another picture.",
	}).at(in.around(in.facePoints()))
}
