package check

import "github.com/passportphotogenie/passportphotogenie/internal/docspec"

func underExposure(in Input) Check {
	return mostUnder.reading(100*in.light().Under, Percent).check(UnderExposure, docspec.Baseline, map[Outcome]string{
		Pass: "No part of the face is lost in the dark.",
		Warn: "Some of the face is nearly black. More light from the front helps: face a window.",
		Fail: "Much of the face is black. Face a window or switch on more light, and take another picture.",
	}).at(in.around(in.facePoints()))
}
