package webui

import (
	"io"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/docket"
	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// Drafts are what an officer finds in the fields of a request's forms, to be changed.
type Drafts struct {
	Answer, Question, Extension string
	Refusal                     subjectrequest.Refusal
}

// DeskRequest is what an operator's page of one request shows.
type DeskRequest struct {
	Request  subjectrequest.Request
	Drafts   Drafts
	Events   []audit.Event
	Letters  []letter.Record
	Tried    Tried
	Calendar subjectrequest.Calendar
	Zone     *time.Location
	By       SignedIn
	Now      time.Time
}

type deskRequestView struct {
	deskHead
	ID, State, Problem       string
	Urgency, Left, Due, Wait string
	Facts                    []factView
	Message                  string
	Said                     []factView // by officers to the person
	Contest, Receipt         string
	Next                     *deedView
	Others                   []deedView
	Lost                     []factView // of a form that does not fit any more
	Letters                  []letterView
	Events                   []eventView
}

// DeskRequest renders an operator's page of one request.
func (p *Pages) DeskRequest(w io.Writer, in DeskRequest) error {
	r := in.Request
	v := deskRequestView{
		deskHead: in.By.deskHead(raised(letter.Matter(r.Kind).AtDesk())), ID: string(r.ID), State: raised(stateWords(r.State)),
		Wait: in.waits(), Facts: in.facts(), Message: r.Message, Said: in.said(), Contest: string(r.Contest), Receipt: r.Answer.Receipt,
		Letters: letterViews(in.Letters, in.By.Operator),
	}
	if due := r.Due(); !due.IsZero() {
		item := docket.Item{Due: in.Calendar.End(due), Expires: r.Photo.ExpiresAt}
		v.Due, v.Left, v.Urgency = dayWords(due), daysLeft(in.Calendar.DaysLeft(due, in.Now)), string(item.Urgency(in.Now))
	}
	for _, e := range in.Events {
		v.Events = append(v.Events, eventView{onTheClock(e.At, in.Zone), actorLabel(e.Actor), eventLabel(e)})
	}
	if in.Tried.Quicker {
		v.Problem = "Somebody else has acted on this request meanwhile. It now stands as below. Nothing of what you sent was done; what you wrote is still here: look at it again before you send it."
	} else if in.Tried.Field == "" {
		v.Problem = in.Tried.Problem
	}
	if v.Decides {
		v.Next, v.Others = in.deeds()
		v.Lost = in.lost(v.Next, v.Others)
	}
	return p.render(w, "deskrequest", v)
}

// waits says what happens next without an officer, and until when.
func (in DeskRequest) waits() string {
	r := in.Request
	switch {
	case r.State == subjectrequest.Received && !r.Identified() && in.Now.Before(r.Link.Until):
		return "It waits until the mailed link is followed, which can be done until " + onTheClock(r.Link.Until, in.Zone) + ". The time to answer runs on meanwhile."
	case r.State == subjectrequest.Received && !r.Identified():
		return "The mailed link was not followed and opens nothing any more. The time to answer runs on."
	case r.State == subjectrequest.IdentityPending:
		return "The person was asked on " + dayWords(r.Question.AskedOn) + " to show that they may ask. The law's time stands still until they answer; the promised date does not move."
	case r.Contest != "" && r.State.Open():
		return "The answer is the decision of the contest, and goes out by itself when that is made. If the person withdraws the contest, answer here."
	case (r.State == subjectrequest.Accepted || r.State == subjectrequest.Extended) && byItself(r):
		return "A program does what is asked for and answers by itself, within minutes as a rule. Answer yourself only if that does not happen."
	case r.State == subjectrequest.Fulfilled || r.State == subjectrequest.Refused:
		return "The person can read the answer until " + dayWords(r.ReadableUntil()) + ". Then the request closes by itself, and who asked is forgotten."
	case r.State == subjectrequest.Closed:
		return "Nothing more happens: " + closingWords(r.Closing) + ". Only dates and outcomes are kept."
	}
	return ""
}

// byItself reports whether a program answers a request that is taken on.
func byItself(r subjectrequest.Request) bool {
	switch r.Kind {
	case subjectrequest.Access, subjectrequest.Portability:
		return true
	case subjectrequest.Erasure, subjectrequest.Restriction, subjectrequest.Objection:
		return r.Channel == subjectrequest.PhotoKey
	}
	return false
}

// facts are all that is known of the request but words.
func (in DeskRequest) facts() (all []factView) {
	r := in.Request
	add := func(label, text string) {
		if text != "" {
			all = append(all, factView{Label: label, Text: text})
		}
	}
	left := func(text string, days int) string {
		if text == "" || !r.State.Open() {
			return text
		}
		if r.State == subjectrequest.IdentityPending {
			return text + " (stands still)"
		}
		return text + " (" + daysLeft(days) + ")"
	}
	add("Arrived", dayWords(r.ArrivedOn)+", "+channelWords(r.Channel))
	if in.Calendar.Day(r.FiledAt) != r.ArrivedOn {
		add("Entered", onTheClock(r.FiledAt, in.Zone))
	}
	add("The law's date", left(dayWords(r.Dates.Law), in.Calendar.DaysLeft(r.Dates.Law, in.Now)))
	promised := dayWords(r.Dates.Promised)
	if r.State.Open() {
		promised += " (" + daysLeft(in.Calendar.DaysLeft(r.Dates.Promised, in.Now)) + ")"
	}
	add("The promised date", promised)
	if !r.Dates.Notice.IsZero() && r.State.Open() {
		add("Extend or refuse by", left(dayWords(r.Dates.Notice), in.Calendar.DaysLeft(r.Dates.Notice, in.Now)))
	}
	if !r.AnsweredOn.IsZero() {
		late := ", in time"
		if r.Late() {
			late = ", late"
		}
		add("Answered", dayWords(r.AnsweredOn)+late)
	}
	add("Photo", in.photo())
	add("E-mail", in.address())
	if r.Repeated {
		add("Asked before", "The person has asked for this in the same calendar year already; the law gives one answer a year.")
	}
	return all
}

// photo says what there is of the photo.
func (in DeskRequest) photo() string {
	switch e := in.Request.Photo.ExpiresAt; {
	case in.Request.Channel != subjectrequest.PhotoKey:
		return "No photo's key was shown, so no photo is known."
	case in.Request.Photo.ID == "":
		return "Its link to the photo is gone: the photo is deleted, or the request closed."
	case in.Now.Before(e):
		return "Lives until " + onTheClock(e, in.Zone) + ", " + span(e.Sub(in.Now)) + " from now."
	}
	return "Its time is over; it is kept only if it is restricted."
}

func (in DeskRequest) address() string {
	switch r := in.Request; {
	case r.Email == (email.Address{}):
		return "None. The person reads state and answer with the key they were given."
	case !in.By.Operator.Decides():
		return "hidden (officers see it)"
	case r.Channel == subjectrequest.ByEmail && r.Link.ConfirmedAt.IsZero():
		return r.Email.Reveal() + ", not proved yet"
	case r.Channel == subjectrequest.ByEmail:
		return r.Email.Reveal() + ", proved " + onTheClock(r.Link.ConfirmedAt, in.Zone)
	default:
		return r.Email.Reveal()
	}
}

// said is what officers have written to the person.
func (in DeskRequest) said() (all []factView) {
	r := in.Request
	asked := "Question about the identity"
	if !r.Question.AnsweredOn.IsZero() {
		asked += ", answered " + dayWords(r.Question.AnsweredOn)
	}
	for _, f := range [][2]string{
		{asked, r.Question.Text}, {"Reasons of the extension", r.Extension}, {"Reasons of the refusal", r.Refusal.Reason},
		{"Authority that was named", r.Refusal.Authority}, {"Judicial remedy that was named", r.Refusal.Remedy}, {"Answer", r.Answer.Note},
	} {
		if f[1] != "" {
			all = append(all, factView{Label: f[0], Text: f[1]})
		}
	}
	return all
}

// onTheClock says a moment as the zone's clock shows it.
func onTheClock(t time.Time, zone *time.Location) string {
	return t.In(zone).Format("2 January 2006, 15:04 MST")
}
