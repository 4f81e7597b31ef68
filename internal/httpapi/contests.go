package httpapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

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

// filingBytes is enough for any message: a character takes at most twelve bytes
// in JSON.
const filingBytes = 32 << 10

// routeContests adds what a person does with a contest.
func (a *API) routeContests(api huma.API) {
	huma.Register(api, keyed(huma.Operation{
		OperationID: "contest-photo", Method: http.MethodPost, Path: "/v1/photos/{id}/contest",
		Summary: "Contest what checks said", Tags: []string{"contests"}, DefaultStatus: http.StatusCreated, MaxBodyBytes: filingBytes,
		Description: "A verdict is advice of a program. Whoever does not agree gets the decision of a person, with reasons. Kept are outcomes and values of the contested checks and your words, nothing of the picture.",
	}, api, http.StatusConflict), a.fileContest)
	own := func(method, id, summary string, further ...int) huma.Operation {
		return withProblems(huma.Operation{
			OperationID: id, Method: method, Path: "/v1/contests/{id}", Summary: summary, Tags: []string{"contests"},
			Description: "The key is the contest's own, as a bearer.", Security: []map[string][]string{{"key": {}}}, MaxBodyBytes: filingBytes,
		}, api, further...)
	}
	huma.Register(api, own(http.MethodGet, "get-contest", "How a contest stands"), a.getContest)
	huma.Register(api, own(http.MethodPatch, "permit-contest", "Let an officer look at the photo, or not any more", http.StatusConflict, http.StatusGone), a.permitContest)
	withdraw := own(http.MethodDelete, "withdraw-contest", "Withdraw a contest; your words are forgotten", http.StatusConflict)
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
