package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/check"
	"github.com/passportphotogenie/passportphotogenie/internal/contest"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/privacydesk"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
	"github.com/passportphotogenie/passportphotogenie/internal/vault"
)

// asked is what a person asks for, by a form or by the API.
type asked struct {
	Kind    subjectrequest.Kind
	Photo   *photo.Photo // whose key was shown; nil without one
	Email   string       // without a photo
	Message string
	Ground  photo.Ground // of a restriction with a photo
	// Checks are contested, of the photo's report; all that did not pass if there are
	// none. MayOpen lets an officer look at the photo for that.
	Checks  []string
	MayOpen bool
}

// ask takes in what a person asks for.
func (a *API) ask(ctx context.Context, q asked) (privacydesk.Filed, error) {
	f := privacydesk.Filing{Actor: audit.Person, Ground: q.Ground}
	f.Kind, f.Message = q.Kind, q.Message
	switch {
	case q.Kind == subjectrequest.Rectification && strings.TrimSpace(q.Message) == "":
		return privacydesk.Filed{}, messageMissing()
	case q.Photo == nil:
		f.Channel, f.Email = subjectrequest.ByEmail, q.Email
		filed, err := a.Desk.File(ctx, f)
		return filed, toAddress(err)
	case q.Kind == subjectrequest.ShineTheLight:
		return privacydesk.Filed{}, byEmailOnly()
	}
	f.Channel, f.Photo = subjectrequest.PhotoKey, *q.Photo
	if q.Kind == subjectrequest.AutomatedDecision {
		id, err := a.contestFor(ctx, q)
		if err != nil {
			return privacydesk.Filed{}, err
		}
		f.Contest = id
	}
	filed, err := a.Desk.File(ctx, f)
	if err != nil && f.Contest != "" { // nobody would get its decision
		if gone := a.Contests.Withdraw(ctx, f.Contest, a.Now()); gone != nil {
			a.Log.Warn("a contest stays without its request", "error", gone)
		}
	}
	return filed, err
}

// contestFor files the contest as which a person decides about the checks. It is empty
// where there is nothing to contest in that way: the photo has no report, all has
// passed, or the same is contested already. The officer then goes by the person's words.
func (a *API) contestFor(ctx context.Context, q asked) (contest.ID, error) {
	if q.Photo.Status != photo.Ready || q.Photo.Stopped() != nil {
		return "", nil
	}
	report, err := a.result(ctx, *q.Photo, vault.Report)
	if err != nil {
		return "", err
	}
	if len(q.Checks) == 0 {
		if q.Checks, err = notPassed(report); err != nil || len(q.Checks) == 0 {
			return "", err
		}
	}
	c, _, err := contest.New(contest.Filing{
		Photo: *q.Photo, Report: report, Checks: q.Checks, Message: q.Message, MayOpen: q.MayOpen, Now: a.Now(),
	})
	if err == nil {
		err = a.Contests.File(ctx, c)
	}
	if errors.Is(err, contest.ErrDuplicate) || errors.Is(err, contest.ErrTooMany) {
		return "", nil
	}
	return c.ID, err
}

// notPassed names the checks of a report that are held against the photo.
func notPassed(report []byte) (names []string, err error) {
	var r check.Report
	if err := json.Unmarshal(report, &r); err != nil {
		return nil, fmt.Errorf("read report: %w", err)
	}
	for _, c := range contestable(r) {
		names = append(names, string(c.Name))
	}
	return names, nil
}

// contestable are the checks of a report that count and did not pass.
func contestable(r check.Report) (checks []check.Check) {
	for _, c := range r.Checks {
		if c.Binding && c.Outcome != check.Pass && c.Outcome != check.Declared {
			checks = append(checks, c)
		}
	}
	return checks
}

// withdraw closes an open request for its person, and the contest that it goes with.
// It succeeds also for a request that was withdrawn before.
func (a *API) withdraw(ctx context.Context, r subjectrequest.Request) error {
	if r.Closing == subjectrequest.Withdrawn {
		return nil
	}
	if !r.State.Open() {
		return subjectrequest.ErrOver
	}
	_, err := a.Desk.Act(ctx, privacydesk.Deed{
		Request: r.ID, Version: r.Version, Action: subjectrequest.Close, Closing: subjectrequest.Withdrawn, Actor: audit.Person,
	})
	if err != nil || r.Contest == "" {
		return err
	}
	if err := a.Contests.Withdraw(ctx, r.Contest, a.Now()); err != nil && !errors.Is(err, contest.ErrClosed) && !errors.Is(err, contest.ErrNotFound) {
		return err
	}
	return nil
}

func messageMissing() *Problem {
	p := problem(http.StatusUnprocessableEntity, "message_missing", "Please say what is wrong, and what would be right.")
	p.Errors = []Error{{"body.message", "is missing"}}
	return p
}

func byEmailOnly() *Problem {
	p := problem(http.StatusUnprocessableEntity, "by_email_only", "This right does not go with a photo: give an e-mail address instead of a photo's key.")
	p.Errors = []Error{{"body.email", "is missing"}}
	return p
}
