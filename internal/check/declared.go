package check

import (
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/edit"
)

// Question is what only the person can tell. Its answers are those of package edit;
// Exception stands for "worn, and this office allows it": why is never asked.
type Question struct {
	Check   Name          `json:"check"`
	Text    string        `json:"text"`
	Answers []edit.Answer `json:"answers"`
}

// declare makes a check of an answer. Without one the check is not assessed, and the
// question is asked.
func (in Input) declare(name Name, answer edit.Answer, q declaration) Check {
	c := Check{Name: name, Stage: Original, Outcome: NotAssessed, Binding: true, Certainty: q.certainty, Advice: q.text}
	switch answer {
	case edit.Met:
		c.Outcome, c.Advice = Declared, "You told us that this is as the office asks."
	case edit.Exception:
		c.Outcome, c.Advice = Declared, "You told us that the office allows you an exception. Have its permission with you."
	case edit.NotMet:
		c.Outcome, c.Advice = Fail, q.otherwise
	}
	return c
}

type declaration struct {
	text      string // the question
	otherwise string // what to do when the answer is no
	exception bool   // offices grant some
	certainty docspec.Certainty
}

func (q declaration) answers() []edit.Answer {
	if q.exception {
		return []edit.Answer{edit.Met, edit.NotMet, edit.Exception}
	}
	return []edit.Answer{edit.Met, edit.NotMet}
}

func certaintyOf(spec docspec.Spec, f *docspec.Fact[string]) docspec.Certainty {
	if f == nil {
		return docspec.Baseline
	}
	return spec.Certainty(f.Source)
}
