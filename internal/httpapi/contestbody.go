package httpapi

import (
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/check"
	"github.com/passportphotogenie/passportphotogenie/internal/contest"
)

// filingBody is what a person contests.
type filingBody struct {
	Checks  []string `json:"checks" nullable:"false" minItems:"1" maxItems:"50" doc:"names of checks in the photo's report" example:"[\"head_height\"]"`
	Message string   `json:"message,omitempty" maxLength:"2000" doc:"what you think is wrong, in plain text; kept with the contest, so name nobody in it"`
	MayOpen bool     `json:"may_open,omitempty" doc:"an officer may look at the photo, until it expires; each look is recorded, and you can take this back at any time"`
}

type filingInput struct {
	Visitor
	Body filingBody
}

type filedOutput struct {
	Location string `header:"Location"`
	Body     struct {
		ID        string           `json:"id"`
		Key       string           `json:"key" doc:"opens this contest, also when the photo is gone; it is shown once and can't be had again"`
		State     string           `json:"state" example:"received"`
		CreatedAt time.Time        `json:"created_at"`
		Links     contestLinksBody `json:"links"`
	}
}

type contestLinksBody struct {
	Self string `json:"self"`
}

// contestBody is a contest as the person sees it.
type contestBody struct {
	ID        string           `json:"id"`
	State     string           `json:"state" enum:"received,decided,withdrawn"`
	Document  string           `json:"document" example:"us-passport"`
	Verdict   string           `json:"verdict" doc:"of the contested report"`
	Checks    []contestedBody  `json:"checks" nullable:"false" doc:"all that was kept of the report"`
	Message   string           `json:"message"`
	MayOpen   bool             `json:"may_open"`
	OpenedAt  []time.Time      `json:"opened_at" nullable:"false" doc:"when an officer looked at the photo"`
	Decision  *decisionBody    `json:"decision" doc:"null until decided"`
	CreatedAt time.Time        `json:"created_at"`
	ClosedAt  *time.Time       `json:"closed_at" doc:"null while it is open"`
	Links     contestLinksBody `json:"links"`
}

type contestedBody struct {
	Name      string        `json:"name"`
	Stage     string        `json:"stage,omitempty"`
	Outcome   string        `json:"outcome" enum:"pass,warn,fail,not_assessed,declared"`
	Value     *float64      `json:"value" doc:"null when nothing was measured; in mm, %, px, degrees, or a ratio, others are not kept"`
	Unit      string        `json:"unit,omitempty"`
	Limits    *check.Limits `json:"limits,omitempty"`
	Certainty string        `json:"certainty,omitempty"`
}

// TransformSchema says that there may be no decision.
func (contestBody) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return orNull(s, "decision")
}

type decisionBody struct {
	Outcome   string    `json:"outcome" enum:"upheld,overturned" doc:"upheld: the checks stand"`
	Note      string    `json:"note" doc:"the officer's reasons"`
	DecidedAt time.Time `json:"decided_at"`
}

type contestOutput struct{ Body contestBody }

func contestBodyOf(c contest.Contest, events []audit.Event) contestBody {
	b := contestBody{
		ID: string(c.ID), State: string(c.State), Document: c.Document, Verdict: string(c.Verdict), Checks: checkBodies(c.Records),
		Message: c.Message, MayOpen: c.MayOpen, OpenedAt: []time.Time{}, CreatedAt: c.CreatedAt.UTC(),
		Links: contestLinksBody{contestPath(c.ID)},
	}
	for _, e := range events {
		if e.Action == audit.OpenPhoto && e.Outcome == audit.Allowed {
			b.OpenedAt = append(b.OpenedAt, e.At.UTC())
		}
	}
	if c.State == contest.Decided {
		b.Decision = &decisionBody{string(c.Ruling.Decision), c.Ruling.Note, c.Ruling.At.UTC()}
	}
	if c.State != contest.Received {
		closed := c.ClosedAt.UTC()
		b.ClosedAt = &closed
	}
	return b
}
