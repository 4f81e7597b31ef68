package check

func coveringQuestion(in Input) declaration {
	return declaration{
		text:      "Is there nothing on the head: no hat, scarf, headphones or large hair band?",
		otherwise: "Nothing may be worn on the head. Take it off, and take another picture.",
		exception: true, certainty: certaintyOf(in.Spec, in.Spec.HeadCovering),
	}
}

func noHeadCoverings(in Input) Check {
	return in.declare(NoHeadCoverings, in.Settings.Declared.HeadCovering, coveringQuestion(in))
}
