package httpapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/check"
	"github.com/passportphotogenie/passportphotogenie/internal/contest"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/vault"
)

// Contests keeps what people contest; contest.ErrNotFound for none. One side of
// it is the person's, the other the officers'.
type Contests interface {
	Find(ctx context.Context, id contest.ID) (contest.Contest, error)
	ownContests
	contestDesk
}

type ownContests interface {
	File(ctx context.Context, c contest.Contest) error
	Withdraw(ctx context.Context, id contest.ID, now time.Time) error
	Permit(ctx context.Context, id contest.ID, may bool, now time.Time) error
}

func contestPath(id contest.ID) string { return "/v1/contests/" + string(id) }

// filingBody is what a person contests. A message in JSON takes at most twelve
// bytes per character.
type filingBody struct {
	Checks  []string `json:"checks" nullable:"false" minItems:"1" maxItems:"50" doc:"names of checks in the photo's report" example:"[\"head_height\"]"`
	Message string   `json:"message,omitempty" maxLength:"2000" doc:"what you think is wrong, in plain text; kept with the contest, so name nobody in it"`
	MayOpen bool     `json:"may_open,omitempty" doc:"an officer may look at the photo, until it expires; each look is recorded, and you can take this back at any time"`
}

const filingBytes = 32 << 10

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

type decisionBody struct {
	Outcome   string    `json:"outcome" enum:"upheld,overturned" doc:"upheld: the checks stand"`
	Note      string    `json:"note" doc:"the officer's reasons"`
	DecidedAt time.Time `json:"decided_at"`
}

type contestOutput struct{ Body contestBody }

// Contestant is whoever asks for a contest, as huma reads it from the request.
type Contestant struct {
	ID            string `path:"id" doc:"the contest's ID" example:"mzsx6ytboa2dcmzsgq2dgnrugu"`
	Authorization string `header:"Authorization" hidden:"true"`
}

type permitInput struct {
	Contestant
	Body struct {
		MayOpen bool `json:"may_open" doc:"false takes the permission back, at any time; true gives it while the contest is open and the photo lives"`
	}
}

// routeContests adds what a person does with a contest.
func (a *API) routeContests(api huma.API) {
	huma.Register(api, keyed(huma.Operation{
		OperationID: "contest-photo", Method: http.MethodPost, Path: "/v1/photos/{id}/contest",
		Summary: "Contest what checks said", Tags: []string{"contests"}, DefaultStatus: http.StatusCreated, MaxBodyBytes: filingBytes,
		Description: "A verdict is advice of a program. Whoever does not agree gets the decision of a person, with reasons. Kept are outcomes and values of the contested checks and your words, nothing of the picture.",
	}, api), a.fileContest)
	own := func(method, id, summary string) huma.Operation {
		return withProblems(huma.Operation{
			OperationID: id, Method: method, Path: "/v1/contests/{id}", Summary: summary, Tags: []string{"contests"},
			Description: "The key is the contest's own, as a bearer.", Security: []map[string][]string{{"key": {}}}, MaxBodyBytes: filingBytes,
		}, api)
	}
	huma.Register(api, own(http.MethodGet, "get-contest", "How a contest stands"), a.getContest)
	huma.Register(api, own(http.MethodPatch, "permit-contest", "Let an officer look at the photo, or not any more"), a.permitContest)
	withdraw := own(http.MethodDelete, "withdraw-contest", "Withdraw a contest; your words are forgotten")
	withdraw.DefaultStatus = http.StatusNoContent
	huma.Register(api, withdraw, a.withdrawContest)
}

func (a *API) fileContest(ctx context.Context, in *filingInput) (*filedOutput, error) {
	p, err := a.open(ctx, in.Visitor)
	if err != nil {
		return nil, a.problemOf(err)
	}
	report, err := a.result(ctx, p, vault.Report)
	if err != nil {
		return nil, a.problemOf(err)
	}
	c, key, err := contest.New(contest.Filing{
		Photo: p, Report: report, Checks: in.Body.Checks, Message: in.Body.Message, MayOpen: in.Body.MayOpen, Now: a.Now(),
	})
	if err == nil {
		err = a.Contests.File(ctx, c)
	}
	if err != nil {
		return nil, a.problemOf(err)
	}
	out := &filedOutput{Location: contestPath(c.ID)}
	out.Body.ID, out.Body.Key, out.Body.State = string(c.ID), key.Reveal(), string(c.State)
	out.Body.CreatedAt, out.Body.Links.Self = c.CreatedAt.UTC(), out.Location
	return out, nil
}

// ownContest returns the contest that the key opens. As with photos, a wrong key
// and an unknown ID get the same answer for the same work.
func (a *API) ownContest(ctx context.Context, in Contestant) (contest.Contest, error) {
	id, valid := contest.ParseID(in.ID)
	if !valid {
		return contest.Contest{}, unknownContest()
	}
	c, err := a.Contests.Find(ctx, id)
	missing := errors.Is(err, contest.ErrNotFound)
	if err != nil && !missing {
		return contest.Contest{}, fmt.Errorf("open contest: %w", err)
	}
	key, _ := bearer(in.Authorization)
	if opens := c.KeyHash.Opens(secret.Key(key)); missing || !opens {
		return contest.Contest{}, unknownContest()
	}
	return c, nil
}

func (a *API) getContest(ctx context.Context, in *Contestant) (*contestOutput, error) {
	c, err := a.ownContest(ctx, *in)
	if err != nil {
		return nil, a.problemOf(err)
	}
	events, err := a.Audit.About(ctx, string(c.ID))
	if err != nil {
		return nil, a.problemOf(err)
	}
	return &contestOutput{contestBodyOf(c, events)}, nil
}

func (a *API) permitContest(ctx context.Context, in *permitInput) (*contestOutput, error) {
	c, err := a.ownContest(ctx, in.Contestant)
	if err == nil {
		err = a.Contests.Permit(ctx, c.ID, in.Body.MayOpen, a.Now())
	}
	if err != nil {
		return nil, a.problemOf(err)
	}
	return a.getContest(ctx, &in.Contestant)
}

// withdrawContest succeeds also for a contest that was withdrawn before.
func (a *API) withdrawContest(ctx context.Context, in *Contestant) (*struct{}, error) {
	c, err := a.ownContest(ctx, *in)
	if err == nil && c.State != contest.Withdrawn {
		err = a.Contests.Withdraw(ctx, c.ID, a.Now())
	}
	if err != nil {
		return nil, a.problemOf(err)
	}
	return nil, nil
}

func contestBodyOf(c contest.Contest, events []audit.Event) contestBody {
	b := contestBody{
		ID: string(c.ID), State: string(c.State), Document: c.Document, Verdict: string(c.Verdict), Checks: []contestedBody{},
		Message: c.Message, MayOpen: c.MayOpen, OpenedAt: []time.Time{}, CreatedAt: c.CreatedAt.UTC(),
		Links: contestLinksBody{contestPath(c.ID)},
	}
	for _, r := range c.Records {
		was := r.Check()
		b.Checks = append(b.Checks, contestedBody{
			string(was.Name), r.Stage, string(was.Outcome), was.Value, string(was.Unit), was.Limits, string(was.Certainty),
		})
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

// contestProblem knows the errors of contests; nil for any other.
func contestProblem(err error) *Problem {
	var unknown contest.UnknownCheckError
	switch {
	case errors.As(err, &unknown):
		p := problem(http.StatusUnprocessableEntity, "unknown_check", "The photo's report has no such check. GET the report: the checks are listed there.")
		p.Errors = []Error{{fmt.Sprintf("body.checks[%d]", int(unknown)), "is not in the report"}}
		return p
	case errors.Is(err, contest.ErrWords):
		return problem(http.StatusUnprocessableEntity, "invalid_text", "The text must be plain text of at most 2000 characters, without control characters.")
	case errors.Is(err, contest.ErrDuplicate):
		return problem(http.StatusConflict, "already_contested", "These checks of this photo are contested already. The answer to that contest gave its ID and its key.")
	case errors.Is(err, contest.ErrTooMany):
		return problem(http.StatusConflict, "too_many_contests", "This photo was contested too often. Wait for the decisions, or contest another photo.")
	case errors.Is(err, contest.ErrClosed):
		return problem(http.StatusConflict, "contest_closed", "This contest has been decided or withdrawn, and can't be changed any more.")
	case errors.Is(err, contest.ErrPhotoGone):
		return photoGone()
	case errors.Is(err, contest.ErrNotFound):
		return unknownContest()
	}
	return nil
}

func unknownContest() *Problem {
	return problem(http.StatusNotFound, "unknown_contest", "There is no such contest, or the key does not open it. Check the ID and the key against the answer to the contest.")
}

func photoGone() *Problem {
	return problem(http.StatusGone, "photo_gone", "The contested photo can't be looked at any more: it has been deleted, is about to be, or was edited since.")
}
