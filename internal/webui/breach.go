package webui

import (
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/breach"
)

// Breach is what an operator's page of one breach shows; without an ID a new one's.
type Breach struct {
	Breach          breach.Breach
	Versions        []breach.Saved // from the first on
	Notice, Message string         // as they are drafted
	Tried           Tried
	By              SignedIn
	Zone            *time.Location
	Now             time.Time
}

type breachView struct {
	Title, ID, State, Left, Urgent, Due  string
	Bar                                  *barView
	Decides, Closed, CanClose            bool
	Problem                              string
	Facts                                []factView
	Missing                              string // what is not known yet
	Notice, Message                      string
	Account, Authority, Persons, Closing formView
	Versions                             []versionView
}

// factView is one thing that is known, or Gap.
type factView struct {
	Label, Text string
	Gap         bool
}

type versionView struct {
	Number   int
	At, What string
	Changed  []factView
}

// Breach renders an operator's page of one breach.
func (p *Pages) Breach(w io.Writer, in Breach) error {
	b := in.Breach
	v := breachView{
		Title: "Breach", Bar: in.By.bar(), ID: string(b.ID), Decides: in.By.Operator.Decides(),
		Notice: in.Notice, Message: in.Message, Problem: in.Tried.Problem,
	}
	if v.ID == "" {
		v.ID, v.Title = "new", "Enter a breach"
		v.Account = in.account("add")
		return p.render(w, "breach", v)
	}
	s := b.State()
	v.State, v.Closed, v.CanClose = breachState(s), s == breach.Closed, s == breach.Settled
	v.Left, v.Urgent = timeLeft(b.Due(), in.Now)
	v.Due = inZone(b.Due(), in.Zone)
	if in.Tried.Quicker {
		v.Problem = "Another officer has saved this breach meanwhile. It now reads as below; what you wrote is still in the form and is not saved. Send it again if it should replace that."
	} else if in.Tried.Field != "" {
		v.Problem = "" // it stands beside the field
	}
	v.Facts, v.Missing = in.facts(b), in.missing(b)
	v.Account, v.Authority, v.Persons, v.Closing = in.account("correct"), in.authority(), in.persons(), in.closing()
	v.Versions = in.versions()
	return p.render(w, "breach", v)
}

// versions are the saved ones, the last first, each with what it changed.
func (b Breach) versions() (all []versionView) {
	before := map[string]string{}
	for _, saved := range b.Versions {
		v := versionView{
			Number: saved.Version, At: inZone(saved.SavedAt, b.Zone),
			What: saved.Actor + " " + eventLabel(audit.Event{Action: saved.Action, Outcome: audit.Allowed}),
		}
		for _, f := range b.facts(saved.Breach) {
			if f.Text != before[f.Label] {
				v.Changed = append(v.Changed, f)
			}
			before[f.Label] = f.Text
		}
		all = append([]versionView{v}, all...)
	}
	return all
}

// missing names what is not known of a breach yet.
func (b Breach) missing(of breach.Breach) string {
	var labels []string
	for _, f := range b.facts(of)[:accountFacts] {
		if f.Gap {
			labels = append(labels, f.Label)
		}
	}
	return strings.Join(labels, "; ")
}

// accountFacts is how many of the facts are of the account, which come first.
const accountFacts = 12

// facts are all that a version says.
func (b Breach) facts(of breach.Breach) (all []factView) {
	a, d, p := of.Account, of.Authority, of.Persons
	for _, f := range [][2]string{
		{"What happened", a.Happened}, {"It began", inZone(a.Began, b.Zone)}, {"We became aware", inZone(a.Aware, b.Zone)},
		{"The 72 hours end", inZone(of.NoticeDue(), b.Zone)},
		{"Kinds of data", a.Data}, {"Whose data", a.Who}, {"Persons, about", count(a.People)}, {"Records, about", count(a.Records)},
		{"Likely consequences", a.Consequences}, {"Measures", a.Measures}, {"Risk", riskWords(a.Risk)}, {"Reasons of the risk", a.Reasons},
		{"The authority", authorityWords(d)}, {"Notice sent", inZone(d.Sent, b.Zone)}, {"Reasons of the delay", d.Delay}, {"Reasons not to tell the authority", d.Reasons},
		{"The persons", personsWords(p)}, {"Persons told", inZone(p.Told, b.Zone)}, {"Reasons about the persons", p.Reasons},
		{"Closed", inZone(of.ClosedAt, b.Zone)}, {"Words at the closing or opening again", of.Words},
	} {
		all = append(all, factView{f[0], f[1], f[1] == ""})
	}
	return all
}

func count(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}

func riskWords(r breach.Risk) string {
	return map[breach.Risk]string{breach.Unlikely: "a risk is unlikely", breach.Likely: "a risk is likely", breach.High: "a high risk is likely"}[r]
}

func authorityWords(d breach.ToAuthority) string {
	switch {
	case d.At.IsZero():
		return ""
	case d.Needed:
		return "was told"
	}
	return "need not be told"
}

func personsWords(d breach.ToPersons) string {
	switch {
	case d.At.IsZero():
		return ""
	case !d.Needed:
		return "are not told"
	case d.Told.IsZero():
		return "are to be told"
	}
	return "were told"
}
