package webui

import (
	"fmt"
	"io"
	"strings"
	"time"

	"rsc.io/qr"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/childreport"
	"github.com/passportphotogenie/passportphotogenie/internal/complaint"
	"github.com/passportphotogenie/passportphotogenie/internal/operator"
)

// SignedIn is whom a page for operators is for. Its name, the way to the other pages
// and a button to sign out stand at the top.
type SignedIn struct {
	Operator  operator.Operator
	FormToken string // of the session; each form that posts brings it back
	Here      string // the address, by which the way says where one is
	Pending   bool   // no other page is open to them yet
}

type barView struct {
	Name, Token string
	Links       []linkView
}

type linkView struct {
	Href, Label, What string
	Here              bool
}

// operatorPages are the pages that operators go to; the first lists the others.
func operatorPages() []linkView {
	return []linkView{
		{Href: "/ops", Label: "Overview"},
		{Href: "/ops/desk", Label: "Desk", What: "What waits for an answer, what is due next first; search, reports and requests that came by letter or phone."},
		{Href: "/ops/status", Label: "Status", What: "How the service does: photos, queues, workers, jobs."},
		{Href: "/ops/contests", Label: "Contests", What: "What people say against a check, and your decision."},
		{Href: "/ops/restrictions", Label: "Restricted photos", What: "Photos that are kept as their owners asked, with nothing done with them."},
		{Href: "/ops/child-reports", Label: "Reports about children", What: "Photos that somebody reported, to be decided on within 24 hours."},
		{Href: "/ops/processors", Label: "Processors", What: "Who works with personal data for us, as the privacy policy names them."},
		{Href: "/ops/breaches", Label: "Breaches", What: "Breaches of personal data, and the hours left to tell the authority."},
		{Href: "/ops/disclosures", Label: "Disclosures", What: "What third parties got for their own direct marketing: normally nothing."},
		{Href: "/ops/letters", Label: "Letters", What: "What was written to people, and whether it went out."},
		{Href: "/ops/complaints", Label: "Complaints", What: "What people complain about, and your answers."},
		{Href: "/ops/notes", Label: "Support notes", What: "What people asked in support, and what they were told."},
		{Href: "/ops/api-clients", Label: "API clients", What: "Organisations whose servers use the API with a key: their keys and quotas."},
		{Href: "/ops/queues", Label: "Queues", What: "What waits, runs and failed in the queues, by ID."},
		{Href: "/ops/privacy", Label: "What is kept", What: "Whether anything is kept longer than promised."},
	}
}

func (s SignedIn) bar() *barView {
	v := &barView{Name: s.Operator.Name + " (" + string(s.Operator.Role) + ")", Token: s.FormToken}
	if s.Pending {
		return v
	}
	v.Links = operatorPages()
	for i, l := range v.Links {
		v.Links[i].Here = s.Here == l.Href || i > 0 && strings.HasPrefix(s.Here, l.Href+"/")
	}
	return v
}

// Overview is what the first of the operators' pages shows.
type Overview struct {
	By       SignedIn
	Standing operator.Standing
	Urgent   Desk // what waits at the desk and ends next
	Now      time.Time
}

type overviewView struct {
	Title                           string
	Bar                             *barView
	Pages                           []linkView
	Decides                         bool
	FirstDay, Today, Yesterday, Now string
	Authenticator                   string
	Urgent                          []itemView
}

// Overview renders the first of the operators' pages.
func (p *Pages) Overview(w io.Writer, in Overview) error {
	now := in.Now.UTC()
	v := overviewView{
		Title: "Operators' pages", Bar: in.By.bar(), Pages: operatorPages()[1:], Decides: in.By.Operator.Decides(),
		FirstDay: now.AddDate(0, -1, 0).Format(time.DateOnly), Today: now.Format(time.DateOnly),
		Yesterday: now.AddDate(0, 0, -1).Format(time.RFC3339), Now: now.Format(time.RFC3339),
		Authenticator: codesLeft(in.Standing),
	}
	for _, i := range in.Urgent.Waiting {
		v.Urgent = append(v.Urgent, in.Urgent.item(i))
	}
	return p.render(w, "overview", v)
}

func codesLeft(s operator.Standing) string {
	switch {
	case s.SetUpAt.IsZero():
		return "You sign in with your password alone."
	case s.Codes == 0:
		return "You have no recovery codes left."
	case s.Codes == 1:
		return "You have 1 recovery code left."
	}
	return fmt.Sprintf("You have %d recovery codes left.", s.Codes)
}

// Login is what the page shows on which operators sign in.
type Login struct {
	Problem string // why the last try did not work
	Name    string // as it was given then
	Next    string // the address to go to; empty for the first page
	Again   bool   // the browser is to ask once more, from this page
}

type loginView struct {
	Title string
	Login
}

// Login renders the page on which operators sign in.
func (p *Pages) Login(w io.Writer, in Login) error {
	return p.render(w, "login", loginView{"Sign in", in})
}

// Authenticator is what an operator's page of the authenticator shows.
type Authenticator struct {
	By       SignedIn
	Standing operator.Standing
	Problem  string
}

type authenticatorView struct {
	Title, Problem  string
	Bar             *barView
	Pending         bool
	SetUp, Codes    string
	Square          int    // modules on a side of the code, its margin included
	Modules, Secret string // the dark ones, as an SVG path
}

// Authenticator renders the page on which an authenticator is set up.
func (p *Pages) Authenticator(w io.Writer, in Authenticator) error {
	s := in.Standing
	v := authenticatorView{Title: "Your authenticator", Problem: in.Problem, Bar: in.By.bar(), Pending: in.By.Pending}
	if !s.SetUpAt.IsZero() {
		v.SetUp, v.Codes = instant(s.SetUpAt), codesLeft(s)
	}
	if s.Proposal != nil {
		var err error
		if v.Square, v.Modules, err = drawn(s.Proposal.Address); err != nil {
			return err
		}
		v.Secret = grouped(s.Proposal.Secret)
	}
	return p.render(w, "authenticator", v)
}

// quiet is the margin that readers want around a code, in modules.
const quiet = 4

// drawn is the text as a QR code: its size and the dark modules as an SVG path.
func drawn(text string) (square int, path string, err error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return 0, "", fmt.Errorf("draw a QR code: %w", err)
	}
	var b strings.Builder
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) {
				fmt.Fprintf(&b, "M%d %dh1v1h-1z", x+quiet, y+quiet)
			}
		}
	}
	return code.Size + 2*quiet, b.String(), nil
}

// grouped sets groups of four apart, for whoever has to type them.
func grouped(s string) string {
	var b strings.Builder
	for i, r := range s {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

type recoveryView struct {
	Title string
	Bar   *barView
	Codes []string
}

// Recovery renders the one page that shows recovery codes.
func (p *Pages) Recovery(w io.Writer, by SignedIn, codes []string) error {
	return p.render(w, "recovery", recoveryView{"Recovery codes", by.bar(), codes})
}

type eventView struct{ At, Actor, What string }

// eventViews says what operators did.
func eventViews(events []audit.Event) (views []eventView) {
	for _, e := range events {
		views = append(views, eventView{instant(e.At), actorLabel(e.Actor), eventLabel(e)})
	}
	return views
}

// actorLabel names an operator, or who is none.
func actorLabel(actor string) string {
	switch actor {
	case audit.Person:
		return "The person"
	case audit.Client:
		return "The client itself"
	case audit.Service:
		return "The service"
	}
	return actor
}

func eventLabel(e audit.Event) string {
	switch e.Action {
	case audit.DecideContest:
		return "decided: " + string(e.Outcome)
	case audit.KeepRestriction:
		return "kept the restriction"
	case audit.TellOfLifting:
		return "told the person that it will be lifted"
	case audit.LiftRestriction:
		return "lifted the restriction"
	case complaint.Close:
		return "closed it: " + closingLabel(complaint.Closing(e.Outcome))
	case childreport.File:
		return childFiledLabel(e.Outcome)
	case childreport.Confirm:
		return "confirmed the e-mail address"
	case childreport.Tell:
		return "wrote to whoever reported"
	case childreport.Decide, childreport.PhotoGone:
		return "closed it: " + childStateLabel(childreport.State(e.Outcome))
	case audit.RetryLetter:
		return "had the letter sent again"
	case audit.OpenPhoto:
		if e.Outcome == audit.Allowed {
			return "looked at the photo"
		}
		return "was refused the photo"
	}
	if words, known := complaintWords()[e.Action]; known {
		return words
	}
	if words, known := registerWords()[e.Action]; known {
		return words
	}
	if words, known := requestWords(e); known {
		return words
	}
	return strings.ReplaceAll(string(e.Action), "_", " ") + ": " + string(e.Outcome)
}

// registerWords say what was done in the registers.
func registerWords() map[audit.Action]string {
	return map[audit.Action]string{
		audit.AddProcessor: "entered it", audit.ChangeProcessor: "changed it", audit.EndProcessor: "ended it",
		audit.AddDisclosure: "entered it", audit.ChangeDisclosure: "changed it", audit.RemoveDisclosure: "removed it",
		audit.EnterBreach: "entered it", audit.CorrectBreach: "corrected the account",
		audit.DecideBreachNotice: "decided about the authority", audit.DecideBreachPersons: "decided about the persons",
		audit.AddAPIClient: "entered it and made a key", audit.ChangeAPIClient: "changed it",
		audit.IssueAPIKey: "made another key", audit.RevokeAPIClient: "revoked it",
		audit.SetWebhook: "set the webhook", audit.RemoveWebhook: "removed the webhook",
		audit.CloseBreach: "closed it", audit.ReopenBreach: "opened it again",
	}
}
