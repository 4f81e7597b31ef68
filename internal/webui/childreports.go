package webui

import (
	"io"
	"strconv"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/childreport"
	"github.com/passportphotogenie/passportphotogenie/internal/docket"
)

// ChildReports is what the operators' list of reports about children shows, in its
// order: what waits for a decision, or what a search has found.
type ChildReports struct {
	Reports     []childreport.Report
	Text, State string // that were searched for
	Searched    bool
	More        string // where this page ended; empty on the last
	By          SignedIn
	Now         time.Time
}

type childReportsView struct {
	Title, Text string
	Bar         *barView
	States      []choiceView
	Searched    bool
	Reports     []childRowView
	More, State string
}

type childRowView struct {
	Path, Ground, State, Filed, Left, Class string
}

// ChildReports renders it.
func (p *Pages) ChildReports(w io.Writer, in ChildReports) error {
	v := childReportsView{Title: "Reports about children", Text: in.Text, State: in.State, More: in.More, Searched: in.Searched, Bar: in.By.bar()}
	for _, s := range childreport.States() {
		v.States = append(v.States, choiceView{string(s), childStateLabel(s), in.State == string(s)})
	}
	for _, r := range in.Reports {
		left, class := hoursLeft(r, in.Now)
		v.Reports = append(v.Reports, childRowView{
			Path: childreport.DeskPath(r.ID), Ground: childGroundLabel(r.Ground), State: childStateLabel(r.State), Filed: instant(r.FiledAt), Left: left, Class: class,
		})
	}
	return p.render(w, "childreports", v)
}

// ChildReport is what an operator's page of one report shows.
type ChildReport struct {
	Report childreport.Report
	Events []audit.Event
	By     SignedIn
	Now    time.Time
	// Of a decision that was not taken: why, and what was written.
	Problem, Decision, Reason string
	Field                     []childreport.FieldError
}

type childReportView struct {
	Title, ID, Version, Problem            string
	Bar                                    *barView
	Ground, Words, State, Filed, Due, Left string
	LeftClass, Address                     string
	There, Froze, Decides                  bool
	Document, AgeBand, Statement, Uploaded string
	Expires                                string
	Others, MaxWords                       int
	Decisions                              []choiceView
	Reason, Receipt, Said, Because         string
	Closed                                 string
	Events                                 []eventView
	Wrong                                  map[string]string
}

// ChildReport renders it.
func (p *Pages) ChildReport(w io.Writer, in ChildReport) error {
	r := in.Report
	v := childReportView{
		Title: "Report about a child", ID: string(r.ID), Version: strconv.Itoa(r.Version), Problem: in.Problem, Bar: in.By.bar(),
		Ground: childGroundLabel(r.Ground), Words: r.Words, State: childStateLabel(r.State), Filed: instant(r.FiledAt), Due: instant(r.DueAt),
		Address: childAddress(r), There: r.Photo.ID != "", Froze: r.Froze, Others: r.Photo.Others, MaxWords: childreport.MaxWords,
		Decides: in.By.Operator.Decides() && r.State == childreport.Received, Reason: in.Reason,
		Receipt: r.Receipt, Events: eventViews(in.Events), Wrong: map[string]string{},
	}
	v.Left, v.LeftClass = hoursLeft(r, in.Now)
	if v.There {
		v.Document, v.AgeBand, v.Uploaded, v.Expires = r.Photo.Document, childAge(r.Photo), instant(r.Photo.UploadedAt), instant(r.Photo.ExpiresAt)
		v.Statement = childStatement(r.Photo)
	}
	if !r.ClosedAt.IsZero() {
		v.Closed, v.Said, v.Because = instant(r.ClosedAt), childOutcome(r.State), r.Reason
	}
	for _, s := range []childreport.State{childreport.Upheld, childreport.Rejected, childreport.Ended} {
		if fits := s == childreport.Rejected || (s == childreport.Upheld) == v.There; fits {
			v.Decisions = append(v.Decisions, choiceView{string(s), decisionLabel(s, v.There), in.Decision == string(s)})
		}
	}
	for _, f := range in.Field {
		v.Wrong[f.Field], v.Problem = f.Detail, ""
	}
	return p.render(w, "childreport", v)
}

// hoursLeft says how long there is until the decision is due, and its colour.
func hoursLeft(r childreport.Report, now time.Time) (words, class string) {
	if r.State != childreport.Received {
		return "", ""
	}
	if docket.UrgencyOf(r.DueAt, now) == docket.Overdue {
		return "Overdue for " + span(now.Sub(r.DueAt)), "fail"
	}
	if r.DueAt.Sub(now) <= soon {
		class = "warn"
	}
	return span(r.DueAt.Sub(now)) + " left", class
}

func childAge(p childreport.Photo) string {
	if label := map[string]string{"under_1": "under 1 year", "1_5": "1 to 5 years", "6_10": "6 to 10 years", "adult": "11 years or older, or not asked"}[string(p.AgeBand)]; label != "" {
		return label
	}
	return string(p.AgeBand)
}

func childStatement(p childreport.Photo) string {
	if !p.Statement.Person {
		return "The uploader made no statement."
	}
	return "The uploader stated to be 13 or older, and that the picture shows them or a person they may act for."
}

func childAddress(r childreport.Report) string {
	switch {
	case r.Link.Until.IsZero():
		return "No e-mail address was given: the answer is read with the report's key."
	case r.Confirmed():
		return "An e-mail address was given and confirmed: a letter tells of the decision."
	case !r.Link.ConfirmedAt.IsZero():
		return "The e-mail address is forgotten."
	}
	return "An e-mail address was given and is not confirmed: no letter goes there until it is."
}

func decisionLabel(s childreport.State, there bool) string {
	switch s {
	case childreport.Upheld:
		return "uphold it: the photo is deleted now and for good"
	case childreport.Ended:
		return "close it: there is no such photo"
	}
	if there {
		return "reject it: the photo goes on as before"
	}
	return "reject it"
}

func childStateLabel(s childreport.State) string {
	return map[childreport.State]string{
		childreport.Received: "waits for a decision", childreport.Upheld: "upheld, photo deleted", childreport.Rejected: "rejected", childreport.Ended: "closed, no photo",
	}[s]
}

func childFiledLabel(o audit.Outcome) string {
	return map[audit.Outcome]string{
		childreport.FrozePhoto: "reported a photo, which froze it", childreport.NotAgain: "reported a photo again that was looked at before, which did not freeze it",
		childreport.NoPhoto: "reported a photo that we do not have",
	}[o]
}
