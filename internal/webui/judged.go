package webui

import (
	"strings"

	"github.com/passportphotogenie/passportphotogenie/internal/check"
	"github.com/passportphotogenie/passportphotogenie/internal/edit"
)

// judgedView is a report, sorted by what the person can do about it.
type judgedView struct {
	Verdict, VerdictClass string
	Summary               []string
	Changed               string

	Look      []checkView // fails, warns, or could not be measured
	Questions []questionView
	Fits      []checkView
	Unbound   []checkView // measured, but it counts for nothing here
	Answered  []string    // names of the questions that were answered
}

type checkView struct{ Label, Outcome, OutcomeClass, Value, Asked, Advice string }

type questionView struct {
	Name, Text string
	Answers    []answerView
}

type answerView struct{ Value, Label string }

func judge(r check.Report, declared edit.Declared) *judgedView {
	v := &judgedView{
		Verdict: r.Verdict.Words(), Summary: r.Summary, Changed: strings.Join(r.Formatting.Words(), " "),
		VerdictClass: map[check.Verdict]string{
			check.ReadyToSubmit: "pass", check.SubmitWithCare: "warn", check.TakeAnother: "fail",
		}[r.Verdict],
	}
	open := map[check.Name]bool{}
	for _, q := range r.Questions {
		open[q.Check] = true
		v.Questions = append(v.Questions, questionOf(q))
	}
	for _, c := range r.Checks {
		v.sort(c, open[c.Name])
	}
	for _, a := range []struct {
		name   check.Name
		answer edit.Answer
	}{
		{check.GlassesPresent, declared.Glasses}, {check.HairOverEyes, declared.Hair},
		{check.NoHeadCoverings, declared.HeadCovering}, {check.PhotoAge, declared.Age},
	} {
		if a.answer != edit.Unanswered {
			v.Answered = append(v.Answered, string(a.name))
		}
	}
	return v
}

func (v *judgedView) sort(c check.Check, open bool) {
	shown := checkView{
		Label: c.Name.Title(), Outcome: c.Outcome.Words(), OutcomeClass: string(c.Outcome),
		Value: c.Measured(), Asked: c.Asked(), Advice: c.Advice,
	}
	switch {
	case !c.Binding:
		v.Unbound = append(v.Unbound, shown)
	case open: // it is among the questions
	case c.Outcome == check.Pass || c.Outcome == check.Declared:
		v.Fits = append(v.Fits, shown)
	default:
		v.Look = append(v.Look, shown)
	}
}

// questionOf offers the answers in words. Why there is an exception is never asked.
func questionOf(q check.Question) questionView {
	v := questionView{Name: string(q.Check), Text: q.Text}
	words := map[edit.Answer]string{edit.Met: "Yes", edit.NotMet: "No", edit.Exception: "No, but this office allows it"}
	for _, a := range q.Answers {
		v.Answers = append(v.Answers, answerView{string(a), words[a]})
	}
	return v
}
