package httpapi

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/contest"
	"github.com/passportphotogenie/passportphotogenie/internal/webui"
)

// contestDesk is the officers' side of the contests.
type contestDesk interface {
	Waiting(ctx context.Context, now time.Time, limit int) ([]contest.Contest, error)
	Decide(ctx context.Context, id contest.ID, r contest.Ruling, e audit.Event) error
}

// AuditTrail keeps what operators did, and tells it.
type AuditTrail interface {
	Append(ctx context.Context, e audit.Event) error
	About(ctx context.Context, subject string) ([]audit.Event, error)
}

// mostWaiting is how many contests a page lists; those below wait for those above.
const mostWaiting = 100

// contestsPage is GET /ops/contests.
func (a *API) contestsPage(c *gin.Context) {
	now := a.Now()
	waiting, err := a.Contests.Waiting(c.Request.Context(), now, mostWaiting)
	if err != nil {
		a.opsProblem(c, err)
		return
	}
	a.page(c, http.StatusOK, func(w io.Writer) error {
		return a.pages.Contests(w, webui.Contests{Waiting: waiting, Most: mostWaiting, By: a.signedIn(c), Now: now})
	})
}

// contestPage is GET /ops/contests/:id.
func (a *API) contestPage(c *gin.Context) {
	found, err := a.contestAt(c)
	if err != nil {
		a.opsProblem(c, err)
		return
	}
	a.showContest(c, http.StatusOK, webui.Contest{Contest: found})
}

func (a *API) contestAt(c *gin.Context) (contest.Contest, error) {
	id, valid := contest.ParseID(c.Param("id"))
	if !valid {
		return contest.Contest{}, contest.ErrNotFound
	}
	return a.Contests.Find(c.Request.Context(), id)
}

// showContest shows a contest with what else belongs on its page.
func (a *API) showContest(c *gin.Context, status int, view webui.Contest) {
	var err error
	view.By, view.Now = a.signedIn(c), a.Now()
	view.Events, err = a.Audit.About(c.Request.Context(), string(view.Contest.ID))
	if err != nil {
		a.opsProblem(c, err)
		return
	}
	_, refusal := a.contested(c.Request.Context(), view.By.Operator, view.Contest)
	view.Opens = refusal == nil
	view.Edited = errors.Is(refusal, contest.ErrPhotoGone) && view.Contest.Photo.Lives(view.Now)
	a.page(c, status, func(w io.Writer) error { return a.pages.Contest(w, view) })
}

// formOf reads a small form of a page, of at most so many bytes.
func formOf(c *gin.Context, most int64) (url.Values, error) {
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, most)
	if err := c.Request.ParseForm(); err != nil {
		return nil, formNotRead()
	}
	return c.Request.PostForm, nil
}

func formNotRead() *Problem {
	return problem(http.StatusRequestEntityTooLarge, "form_not_read", "The form is too large or was cut off. Shorten the note and send it again.")
}

func officersOnly() *Problem {
	return problem(http.StatusForbidden, "officers_only", "Your role lets you read here and nothing else.")
}

// decideContest is POST /ops/contests/:id/decide.
func (a *API) decideContest(c *gin.Context) {
	found, err := a.contestAt(c)
	if err == nil && !operatorOf(c).Decides() {
		err = officersOnly()
	}
	if err != nil {
		a.opsProblem(c, err)
		return
	}
	decision, note := c.Request.PostForm.Get("decision"), c.Request.PostForm.Get("note")
	ruling, err := contest.NewRuling(decision, note, a.Now())
	if err == nil {
		event := a.event(c, audit.DecideContest, found.ID)
		event.Outcome = audit.Outcome(ruling.Decision)
		err = a.Contests.Decide(c.Request.Context(), found.ID, ruling, event)
	}
	if err != nil {
		a.undecided(c, err, webui.Contest{Decision: decision, Note: note})
		return
	}
	c.Redirect(http.StatusSeeOther, "/ops/contests/"+string(found.ID))
}

// undecided shows the contest as it stands now, with why the decision was not
// taken, and what the officer had written.
func (a *API) undecided(c *gin.Context, why error, view webui.Contest) {
	p := a.problemOf(why)
	found, err := a.contestAt(c)
	if err != nil {
		a.opsProblem(c, err)
		return
	}
	view.Contest, view.Problem = found, p.Detail
	a.showContest(c, p.Status, view)
}

func (a *API) event(c *gin.Context, action audit.Action, id contest.ID) audit.Event {
	return audit.Event{At: a.Now(), Actor: operatorOf(c).Name, Action: action, Subject: string(id)}
}

// rulingProblem knows the errors of a decision; nil for any other.
func rulingProblem(err error) *Problem {
	switch {
	case errors.Is(err, contest.ErrNoDecision):
		return problem(http.StatusUnprocessableEntity, "no_decision", "Choose whether the checks stand or were wrong.")
	case errors.Is(err, contest.ErrNoNote):
		return problem(http.StatusUnprocessableEntity, "no_note", "Give the person your reasons: a decision without them helps nobody.")
	}
	return nil
}
