package check

import "github.com/passportphotogenie/passportphotogenie/internal/docspec"

// mostAdvice is how many sentences on faults a summary begins with. More of them
// nobody reads; the checks have them all.
const mostAdvice = 3

// sumUp weighs the checks that bind. What fails means another picture, or another
// photo of the same; what may be wrong, or was neither measured nor declared, means
// care. An office that takes no self-made photo is never promised one.
func sumUp(in Input, checks []Check) (Verdict, []string) {
	verdict := ReadyToSubmit
	var fails, warns []string
	open := false
	for _, c := range checks {
		if !c.Binding {
			continue
		}
		switch c.Outcome {
		case Fail:
			fails = append(fails, c.Advice)
		case Warn:
			warns = append(warns, c.Advice)
		case NotAssessed:
			open = open || isQuestion(c.Name)
			verdict = SubmitWithCare
		}
	}
	advice := append(fails, warns...)
	if len(advice) > 0 || !in.Spec.AcceptsSelfMade() {
		verdict = SubmitWithCare
	}
	if len(fails) > 0 {
		verdict = TakeAnother
	}
	advice = advice[:min(len(advice), mostAdvice)]
	if len(advice) == 0 {
		advice = append(advice, "Everything that could be measured is as the office asks.")
	}
	if open {
		advice = append(advice, "Please answer the questions: what they ask for can't be measured.")
	}
	return verdict, append(advice, in.circumstances()...)
}

// circumstances are what a person must know whatever the checks say.
func (in Input) circumstances() []string {
	var all []string
	if in.MoveCut {
		all = append(all, "The photo was moved only as far as your picture reaches.")
	}
	if !in.Spec.AcceptsSelfMade() {
		all = append(all, selfMade(in.Spec))
	}
	if in.Spec.Uncropped() {
		all = append(all, "This office crops the picture itself: send it one that shows head, shoulders and upper body.")
	}
	return all
}

// selfMade says what to do where the office takes no self-made photo.
func selfMade(spec docspec.Spec) string {
	who := map[docspec.PhotoSource]string{
		docspec.Professional:     "This office wants a photo taken by a professional: show this one as an example, or use it elsewhere.",
		docspec.ApprovedProvider: "This office takes photos only from approved providers or makes them itself: use this one elsewhere.",
		docspec.AtOffice:         "This office takes the photo itself: use this one elsewhere.",
	}[spec.PhotoSource.Value]
	if who == "" {
		who = "We found no rule on whether this office accepts a photo that you took yourself: ask before you submit it."
	}
	return who
}
