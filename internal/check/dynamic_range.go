package check

import "github.com/passportphotogenie/passportphotogenie/internal/docspec"

func dynamicRange(in Input) Check {
	return leastRange.reading(in.light().DynamicRange, Bits).check(DynamicRange, docspec.Baseline, map[Outcome]string{
		Pass: "The face shows all shades from light to dark.",
		Warn: "The face shows few shades. Soft light from the front, such as a window, shows more.",
		Fail: "The face shows too few shades. Take another picture in soft light from the front, such as a window's.",
	}).at(in.around(in.facePoints()))
}
