package check

import "github.com/passportphotogenie/passportphotogenie/internal/docspec"

func hairQuestion(Input) declaration {
	return declaration{
		text:      "Are both eyes free of hair?",
		otherwise: "Hair must not cover the eyes. Tie or clip it back, and take another picture.",
		certainty: docspec.Baseline,
	}
}

func hairOverEyes(in Input) Check {
	return in.declare(HairOverEyes, in.Settings.Declared.Hair, hairQuestion(in)).at(in.around(in.eyePoints()))
}
