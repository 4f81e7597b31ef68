package webui

import (
	"io"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/contest"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// Restrictions is what the operators' list of restrictions shows, in its order.
type Restrictions struct {
	InForce []photo.Restriction
	Most    int // that are listed at a time
	By      SignedIn
	Now     time.Time
}

type restrictionsView struct {
	Title   string
	Bar     *barView
	InForce []restrictionView
	Full    bool
}

type restrictionView struct {
	Title, ID                     string
	Bar                           *barView
	Ground, Since, ReviewBy, Told string
	Overdue, Decides              bool
	Problem, Note                 string
	MaxNote                       int
	Events                        []eventView
}

// Restrictions renders the list of restrictions.
func (p *Pages) Restrictions(w io.Writer, in Restrictions) error {
	v := restrictionsView{Title: "Restricted photos", Bar: in.By.bar(), Full: len(in.InForce) >= in.Most}
	for _, r := range in.InForce {
		v.InForce = append(v.InForce, viewOf(r, in.Now))
	}
	return p.render(w, "restrictions", v)
}

func viewOf(r photo.Restriction, now time.Time) restrictionView {
	v := restrictionView{
		ID: string(r.ID), Ground: groundLabel(r.Ground), Since: instant(r.Since), ReviewBy: instant(r.ReviewBy),
		Overdue: !now.Before(r.ReviewBy), Note: r.Note,
	}
	if !r.ToldAt.IsZero() {
		v.Told = instant(r.ToldAt)
	}
	return v
}

// Restriction is what an operator's page of one restriction shows.
type Restriction struct {
	Restriction photo.Restriction
	Events      []audit.Event
	By          SignedIn
	Now         time.Time
	// Of an action that was not taken: why, and what was written.
	Problem, Note string
}

// Restriction renders an operator's page of one restriction.
func (p *Pages) Restriction(w io.Writer, in Restriction) error {
	v := viewOf(in.Restriction, in.Now)
	v.Title, v.Bar, v.Decides, v.MaxNote = "Restricted: "+v.Ground, in.By.bar(), in.By.Operator.Decides(), contest.MaxWords
	if v.Problem = in.Problem; in.Note != "" {
		v.Note = in.Note
	}
	v.Events = eventViews(in.Events)
	return p.render(w, "restriction", v)
}

func groundLabel(g photo.Ground) string {
	return map[photo.Ground]string{
		photo.ContestsAccuracy: "the accuracy of what is held is contested", photo.ProcessedWrongly: "the processing is unlawful, and no erasure is wanted",
		photo.NeedsForClaim: "it is needed for a legal claim", photo.Objects: "the processing is objected to",
	}[g]
}
