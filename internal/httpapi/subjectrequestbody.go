package httpapi

import (
	"time"

	"cloud.google.com/go/civil"

	"github.com/danielgtaylor/huma/v2"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// askBody is what a person asks for.
type askBody struct {
	Kind    string   `json:"kind" enum:"access,rectification,erasure,restriction,portability,objection,automated_decision,shine_the_light" doc:"Articles 15 to 18 and 20 to 22 GDPR, and California's Civil Code 1798.83"`
	PhotoID string   `json:"photo_id,omitempty" doc:"the photo that it is about, whose key is the bearer; not with shine_the_light"`
	Email   string   `json:"email,omitempty" maxLength:"254" doc:"without a photo: where the link and the answer go"`
	Message string   `json:"message,omitempty" maxLength:"5000" doc:"in plain text, needed with rectification; at most 2000 characters with automated_decision. Send no copy of an identity document"`
	Ground  string   `json:"ground,omitempty" enum:"accuracy,unlawful,legal_claim,objection" doc:"needed with restriction and a photo"`
	Checks  []string `json:"checks,omitempty" maxItems:"50" doc:"with automated_decision and a photo: names of checks in its report; left out, all that count and did not pass"`
	MayOpen bool     `json:"may_open,omitempty" doc:"with checks: an officer may look at the photo for this; each look is recorded, and withdrawing the request takes it back"`
}

type askInput struct {
	Authorization string `header:"Authorization" hidden:"true"`
	Body          askBody
}

// RequestDates are days in the controller's time zone; huma describes embedded structs
// only when they are exported.
type RequestDates struct {
	ReceivedOn civil.Date `json:"received_on" format:"date"`
	Due        dueBody    `json:"due"`
}

type dueBody struct {
	Law      civil.Date `json:"law" format:"date" doc:"the last day that the law gives for the answer"`
	Promised civil.Date `json:"promised" format:"date" doc:"the last day that the privacy policy promises"`
}

func datesOf(r subjectrequest.Request) RequestDates {
	return RequestDates{r.ArrivedOn, dueBody{r.Dates.Law, r.Dates.Promised}}
}

type askedBody struct {
	ID    string `json:"id"`
	Key   string `json:"key,omitempty" doc:"opens this request, its answer too; it is shown once and can't be had again. Absent with an e-mail address: the answer is mailed as a link"`
	State string `json:"state" enum:"received,accepted,fulfilled"`
	RequestDates
	Links requestLinksBody `json:"links"`
}

type askedOutput struct {
	Status   int
	Location string `header:"Location"`
	Body     askedBody
}

type requestLinksBody struct {
	Self    string `json:"self"`
	Archive string `json:"archive,omitempty" doc:"the ZIP that answers access or portability, while there is one"`
	Receipt string `json:"receipt,omitempty" doc:"proof of the deletion, if something was deleted"`
}

// requestBody is a request as its person sees it.
type requestBody struct {
	ID      string `json:"id"`
	Kind    string `json:"kind"`
	State   string `json:"state" enum:"received,identity_pending,accepted,extended,refused,fulfilled,closed"`
	Message string `json:"message" doc:"your words; forgotten when the request is closed"`
	RequestDates
	Question      string           `json:"question,omitempty" doc:"while identity_pending: what has to be answered first, by mail"`
	Extension     string           `json:"extension,omitempty" doc:"why the answer takes longer"`
	Answer        string           `json:"answer,omitempty" doc:"when fulfilled"`
	Refusal       *refusalBody     `json:"refusal" doc:"null unless refused"`
	AnsweredOn    *civil.Date      `json:"answered_on" format:"date" doc:"null until fulfilled or refused"`
	ReadableUntil *civil.Date      `json:"readable_until" format:"date" doc:"the last day on which the answer can be read for certain; null until there is one"`
	ArchiveUntil  *time.Time       `json:"archive_until" doc:"when the archive goes, its pictures with the photo; null without one"`
	ClosedAt      *time.Time       `json:"closed_at"`
	Closing       string           `json:"closing,omitempty" enum:"answered,withdrawn,redirected,merged" doc:"why it is closed"`
	History       []stepBody       `json:"history" nullable:"false" doc:"every step, the first one first"`
	Links         requestLinksBody `json:"links"`
}

// TransformSchema says that there may be no refusal.
func (requestBody) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return orNull(s, "refusal")
}

type refusalBody struct {
	Reason    string `json:"reason"`
	Authority string `json:"authority,omitempty" doc:"where to complain"`
	Remedy    string `json:"remedy,omitempty" doc:"before which court"`
}

type stepBody struct {
	At    time.Time `json:"at"`
	Actor string    `json:"actor" enum:"person,officer,service"`
	Step  string    `json:"step" example:"accept_request"`
	State string    `json:"state" doc:"afterwards; of a closed request, why"`
}

type requestOutput struct{ Body requestBody }

func requestBodyOf(r subjectrequest.Request, events []audit.Event, archiveUntil time.Time) requestBody {
	b := requestBody{
		ID: string(r.ID), Kind: string(r.Kind), State: string(r.State), Message: r.Message, RequestDates: datesOf(r),
		Extension: r.Extension, Answer: r.Answer.Note, AnsweredOn: dayOrNil(r.AnsweredOn), ReadableUntil: dayOrNil(r.ReadableUntil()),
		ArchiveUntil: instantOrNil(archiveUntil), ClosedAt: instantOrNil(r.ClosedAt), Closing: string(r.Closing),
		History: []stepBody{}, Links: requestLinksBody{Self: requestPath(r.ID)},
	}
	if r.State == subjectrequest.IdentityPending {
		b.Question = r.Question.Text
	}
	if r.Refusal != (subjectrequest.Refusal{}) {
		b.Refusal = &refusalBody{r.Refusal.Reason, r.Refusal.Authority, r.Refusal.Remedy}
	}
	if !archiveUntil.IsZero() {
		b.Links.Archive = b.Links.Self + "/archive"
	}
	if r.Answer.Receipt != "" {
		b.Links.Receipt = receiptPath(r.Answer.Receipt)
	}
	for _, e := range events {
		b.History = append(b.History, stepBody{e.At.UTC(), actorOf(e), string(e.Action), string(e.Outcome)})
	}
	return b
}

// actorOf names no officer.
func actorOf(e audit.Event) string {
	switch e.Actor {
	case audit.Person:
		return "person"
	case audit.Service:
		return "service"
	}
	return "officer"
}

func dayOrNil(d civil.Date) *civil.Date {
	if d.IsZero() {
		return nil
	}
	return &d
}
