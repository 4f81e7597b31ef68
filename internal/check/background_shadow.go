package check

import "github.com/passportphotogenie/passportphotogenie/internal/docspec"

func backgroundShadow(in Input) Check {
	b := in.background()
	return in.reading(b.Shadow, mostShadow, Percent).check(BackgroundShadow, docspec.Baseline, map[Outcome]string{
		Pass:        "There is no shadow on the background.",
		Warn:        "The background is darker in one place. Step away from the wall, so that your shadow falls on the floor" + in.orReplace() + ".",
		Fail:        "There is a shadow on the background, or something dark. Step half a metre away from the wall, with the light from the front, and take another picture" + in.orReplace() + ".",
		NotAssessed: noBackground,
	}).finished().at(in.around(b.ShadowAt))
}
