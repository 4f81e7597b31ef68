package check

// glassesQuestion depends on whether the office takes glasses at all. Glare on the
// lenses belongs to it: nothing of ours can see it.
func glassesQuestion(in Input) declaration {
	q := declaration{
		text:      "Are the glasses off?",
		otherwise: "This office takes no glasses. Take them off, and take another picture.",
		exception: true, certainty: certaintyOf(in.Spec, in.Spec.Glasses),
	}
	if in.Spec.GlassesAllowed() {
		q.text = "Are you without glasses, or are both eyes clear to see: no tint, no glare, no frame over an eye?"
		q.otherwise = "Glasses must not be tinted, reflect light, or hide any part of the eyes. Take them off, and take another picture."
	}
	return q
}

func glassesPresent(in Input) Check {
	return in.declare(GlassesPresent, in.Settings.Declared.Glasses, glassesQuestion(in)).at(in.around(in.eyePoints()))
}
