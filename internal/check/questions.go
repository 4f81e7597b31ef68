package check

// asked are the questions by the check that they belong to.
func asked() map[Name]func(Input) declaration {
	return map[Name]func(Input) declaration{
		GlassesPresent: glassesQuestion, HairOverEyes: hairQuestion, NoHeadCoverings: coveringQuestion, PhotoAge: ageQuestion,
	}
}

func isQuestion(name Name) bool { return asked()[name] != nil }

// questions lists what the person has still to answer, in the order of the checks.
func questions(in Input, checks []Check) []Question {
	open := []Question{}
	for _, c := range checks {
		if ask := asked()[c.Name]; ask != nil && c.Outcome == NotAssessed {
			q := ask(in)
			open = append(open, Question{c.Name, q.text, q.answers()})
		}
	}
	return open
}
