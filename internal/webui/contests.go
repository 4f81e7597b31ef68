package webui

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/check"
	"github.com/passportphotogenie/passportphotogenie/internal/contest"
)

// Contests is what the operators' list of open contests shows, in its order.
type Contests struct {
	Waiting []contest.Contest
	Most    int // that are listed at a time
	By      SignedIn
	Now     time.Time
}

type contestsView struct {
	Title   string
	Bar     *barView
	Waiting []waitingView
	Full    bool
}

type waitingView struct {
	ID, Checks, Document, Filed, Photo string
	Urgent                             bool // the photo's time is nearly over
}

// soon is when a photo's time is nearly over.
const soon = 12 * time.Hour

// Contests renders the list of open contests.
func (p *Pages) Contests(w io.Writer, in Contests) error {
	v := contestsView{Title: "Open contests", Bar: in.By.bar(), Full: len(in.Waiting) >= in.Most}
	for _, c := range in.Waiting {
		v.Waiting = append(v.Waiting, waitingView{
			ID: string(c.ID), Checks: checkLabels(c), Document: c.Document, Filed: span(in.Now.Sub(c.CreatedAt)) + " ago", Photo: photoOf(c, in.Now),
			Urgent: c.Photo.Lives(in.Now) && c.Photo.ExpiresAt.Sub(in.Now) < soon,
		})
	}
	return p.render(w, "contests", v)
}

// Contest is what an operator's page of one contest shows.
type Contest struct {
	Contest contest.Contest
	Events  []audit.Event
	By      SignedIn
	Opens   bool // the photo can be looked at
	Edited  bool // the photo lives, but not as it was contested
	Now     time.Time
	// Of a decision that was not taken: why, and what was written.
	Problem, Decision, Note string
}

type contestView struct {
	Title, ID                                string
	Bar                                      *barView
	Document, Verdict, State, Filed, Message string
	Photo                                    string
	Checks                                   []checkView
	Opens, Decides                           bool
	Ruling, RulingNote                       string
	Problem, Decision, Note                  string
	MaxNote                                  int
	Events                                   []eventView
}

// Contest renders an operator's page of one contest.
func (p *Pages) Contest(w io.Writer, in Contest) error {
	c := in.Contest
	v := contestView{
		Title: "Contest: " + checkLabels(c), Bar: in.By.bar(), ID: string(c.ID),
		Document: c.Document, Verdict: verdictLabel(c.Verdict), State: stateLabel(c.State), Filed: instant(c.CreatedAt), Message: c.Message,
		Photo: photoOf(c, in.Now), Opens: in.Opens, Decides: in.By.Operator.Decides() && c.State == contest.Received,
		Ruling: rulingLabel(c.Ruling.Decision), RulingNote: c.Ruling.Note,
		Problem: in.Problem, Decision: in.Decision, Note: in.Note, MaxNote: contest.MaxWords,
		Events: eventViews(in.Events),
	}
	if in.Edited {
		v.Photo = "The photo was edited since: there is nothing left of what was contested."
	}
	for _, r := range c.Records {
		was := r.Check()
		v.Checks = append(v.Checks, checkView{
			Label: was.Name.Title(), Outcome: was.Outcome.Words(), OutcomeClass: string(was.Outcome),
			Value: was.Measured(), Asked: was.Asked(), Advice: certaintyLabel(was),
		})
	}
	return p.render(w, "contest", v)
}

func checkLabels(c contest.Contest) string {
	labels := make([]string, len(c.Records))
	for i, r := range c.Records {
		labels[i] = r.Name.Title()
	}
	return strings.Join(labels, ", ")
}

// photoOf says what there is of the photo.
func photoOf(c contest.Contest, now time.Time) string {
	if !c.Photo.Lives(now) {
		return "The photo is deleted."
	}
	left := "The photo is deleted in " + span(c.Photo.ExpiresAt.Sub(now))
	switch {
	case c.State != contest.Received:
		return left + "."
	case c.MayOpen:
		return left + "; the person permits an officer to look at it."
	}
	return left + "; the person permits nobody to look at it."
}

func verdictLabel(v check.Verdict) string {
	return map[check.Verdict]string{
		check.ReadyToSubmit: "ready to submit", check.SubmitWithCare: "submit with care", check.TakeAnother: "take another",
	}[v]
}

func stateLabel(s contest.State) string {
	return map[contest.State]string{contest.Received: "open", contest.Decided: "decided", contest.Withdrawn: "withdrawn"}[s]
}

func rulingLabel(d contest.Decision) string {
	return map[contest.Decision]string{contest.Upheld: "The checks stand", contest.Overturned: "The checks were wrong"}[d]
}

func certaintyLabel(c check.Check) string {
	if c.Certainty == "" {
		return ""
	}
	return "How sure the limits are: " + string(c.Certainty)
}

func instant(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04") + " UTC" }

// span says a duration in its largest unit.
func span(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "a moment"
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 72*time.Hour:
		return fmt.Sprintf("%d h", int(d.Hours()))
	}
	return fmt.Sprintf("%d days", int(d.Hours()/24))
}
