package webui

import (
	"io"
	"strconv"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/operator"
)

// Letters is what the operators' list of letters shows, in its order.
type Letters struct {
	Letters []letter.Record
	State   letter.State // of all of them; empty for any
	Most    int          // that are listed at a time
	By      SignedIn
}

type lettersView struct {
	Title, Older string
	Bar          *barView
	States       []linkView
	Letters      []letterView
}

// letterView is what the block "letters" shows of each; see letterViews.
type letterView struct {
	ID, Subject, Written, Stands string
	To                           string // empty for those who may not see it
	Failed                       bool
}

// Letters renders the list of letters.
func (p *Pages) Letters(w io.Writer, in Letters) error {
	v := lettersView{Title: "Letters", Bar: in.By.bar(), Letters: letterViews(in.Letters, in.By.Operator)}
	for _, s := range append([]letter.State{""}, letter.States()...) {
		v.States = append(v.States, linkView{Href: lettersAddress(s, nil), Label: lettersLabel(s), Here: s == in.State})
	}
	if n := len(in.Letters); n > 0 && n >= in.Most {
		v.Older = lettersAddress(in.State, &in.Letters[n-1])
	}
	return p.render(w, "letters", v)
}

// lettersAddress is the list of those in a state, from after one on.
func lettersAddress(s letter.State, after *letter.Record) string {
	address, glue := "/ops/letters", "?"
	if s != "" {
		address, glue = address+"?state="+string(s), "&"
	}
	if after != nil {
		address += glue + "after=" + strconv.FormatInt(after.Written.UnixMilli(), 10) + "-" + string(after.ID)
	}
	return address
}

func lettersLabel(s letter.State) string {
	return map[letter.State]string{"": "All", letter.Waiting: "Waiting", letter.Sent: "Sent", letter.Failed: "Failed"}[s]
}

// letterViews are letters for the block "letters" of a page: whoever decides sees the
// addresses.
func letterViews(records []letter.Record, by operator.Operator) (views []letterView) {
	for _, r := range records {
		v := letterView{
			ID: string(r.ID), Subject: r.Subject, Written: instant(r.Written), Stands: stands(r), Failed: r.State == letter.Failed,
		}
		if by.Decides() {
			v.To = r.To.Reveal()
		}
		views = append(views, v)
	}
	return views
}

// stands says what has become of a letter.
func stands(r letter.Record) string {
	switch {
	case r.State == letter.Sent:
		return "sent " + instant(r.Closed)
	case r.State == letter.Failed:
		return "failed " + instant(r.Closed) + ": " + whyNotSent(r.Reason)
	case r.Reason != "":
		return "waits: " + whyNotSent(r.Reason) + "; next try " + instant(r.Next)
	}
	return "waits to be sent"
}

func whyNotSent(r letter.Reason) string {
	words, known := map[letter.Reason]string{
		letter.Unreachable:  "the mail server could not be reached",
		letter.NotEncrypted: "the connection to the mail server could not be encrypted",
		letter.LoginRefused: "the mail server does not take our name and password",
		letter.Deferred:     "the mail server asked to come back later",
		letter.Unwelcome:    "the mail server takes no mail from us",
		letter.Refused:      "the mail server refused this letter or its address for good",
		letter.SecretLost:   "its link is gone, as after a restored backup",
		letter.Undelivered:  "it was tried for as long as it made sense",
	}[r]
	if !known {
		return string(r)
	}
	return words
}

// Letter is what an operator's page of one letter shows.
type Letter struct {
	Letter  letter.Record
	Events  []audit.Event
	Others  []letter.Record // about the same
	By      SignedIn
	Now     time.Time
	Problem string // why it is not sent again
}

type letterPageView struct {
	Title, Problem, Text string
	Bar                  *barView
	Letter               letterView
	Tries                int
	Decides, Again       bool
	Events               []eventView
	Letters              []letterView
}

// Letter renders an operator's page of one letter. Its text may name a person, so it is
// for those who decide.
func (p *Pages) Letter(w io.Writer, in Letter) error {
	v := letterPageView{
		Title: in.Letter.Subject, Problem: in.Problem, Bar: in.By.bar(), Tries: in.Letter.Tries, Decides: in.By.Operator.Decides(),
		Letter: letterViews([]letter.Record{in.Letter}, in.By.Operator)[0], Events: eventViews(in.Events),
		Letters: letterViews(in.Others, in.By.Operator),
	}
	if v.Decides {
		v.Text = in.Letter.Shown()
		_, err := in.Letter.Again(in.Now)
		v.Again = err == nil
	}
	return p.render(w, "letter", v)
}
