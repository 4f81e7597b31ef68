package httpapi

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/breach"
	"github.com/passportphotogenie/passportphotogenie/internal/docket"
	"github.com/passportphotogenie/passportphotogenie/internal/register"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/webui"
)

// BreachDesk is the register of breaches. Each step and its line in the audit trail
// are one.
type BreachDesk interface {
	Open(ctx context.Context, after docket.Place, limit int) ([]breach.Breach, error)
	Closed(ctx context.Context, before docket.Place, limit int) ([]breach.Breach, error)
	breachBook
	breachActions
}

type breachBook interface {
	Find(ctx context.Context, id breach.ID) (breach.Breach, error)
	Versions(ctx context.Context, id breach.ID) ([]breach.Saved, error)
}

type breachActions interface {
	Enter(ctx context.Context, b breach.Breach, e audit.Event) error
	Save(ctx context.Context, b breach.Breach, e audit.Event) (breach.Breach, error)
}

const breachesPath = "/ops/breaches"

// breachesListed is how many open and how many closed breaches a page lists.
const breachesListed = 50

// routeBreaches adds the officers' pages of breaches.
func (a *API) routeBreaches() {
	a.engine.GET(breachesPath, a.breachesPage)
	a.engine.GET(breachesPath+"/:id", a.breachPage)
	a.engine.GET(breachesPath+"/:id/:draft", a.breachDraft)
	a.engine.POST(breachesPath+"/:id/:action", a.decideBreach)
}

// breachesPage is GET /ops/breaches.
func (a *API) breachesPage(c *gin.Context) {
	after, before := placeOf(c.Query("after")), placeOf(c.Query("closed_before"))
	open, err := a.Breaches.Open(c.Request.Context(), after, breachesListed)
	if err != nil {
		a.opsProblem(c, err)
		return
	}
	closed, err := a.Breaches.Closed(c.Request.Context(), before, breachesListed)
	if err != nil {
		a.opsProblem(c, err)
		return
	}
	view := webui.Breaches{Open: open, Closed: closed, By: a.signedIn(c), Zone: a.Zone, Now: a.Now()}
	if len(open) == breachesListed {
		last := open[len(open)-1]
		view.MoreOpen = breachesPath + "?after=" + placeText(last.Due(), last.ID)
	}
	if len(closed) == breachesListed {
		last := closed[len(closed)-1]
		view.MoreClosed = breachesPath + "?closed_before=" + placeText(last.ClosedAt, last.ID)
	}
	a.page(c, http.StatusOK, func(w io.Writer) error { return a.pages.Breaches(w, view) })
}

// placeText is where a page ended, in its address.
func placeText[ID ~string](at time.Time, id ID) string {
	return strconv.FormatInt(at.UnixMilli(), 10) + "." + string(id)
}

// placeOf reads placeText; what is none is the beginning.
func placeOf(text string) docket.Place {
	millis, id, _ := strings.Cut(text, ".")
	n, err := strconv.ParseInt(millis, 10, 64)
	if err != nil || !secret.IsName(id) {
		return docket.Place{}
	}
	return docket.Place{Due: time.UnixMilli(n), ID: id}
}

// breachPage is GET /ops/breaches/:id, of a new one too.
func (a *API) breachPage(c *gin.Context) { a.showBreach(c, http.StatusOK, webui.Tried{}) }

// showBreach shows a breach, with a form that was not taken as it was sent.
func (a *API) showBreach(c *gin.Context, status int, tried webui.Tried) {
	view := webui.Breach{Tried: tried, By: a.signedIn(c), Zone: a.Zone, Now: a.Now()}
	if c.Param("id") != "new" {
		var err error
		if view.Breach, err = a.breachAt(c); err == nil {
			view.Versions, err = a.Breaches.Versions(c.Request.Context(), view.Breach.ID)
		}
		if err != nil {
			a.opsProblem(c, err)
			return
		}
		writer := a.breachWriter()
		view.Notice, view.Message = writer.Notice(view.Breach), writer.Message(view.Breach)
	}
	a.page(c, status, func(w io.Writer) error { return a.pages.Breach(w, view) })
}

func (a *API) breachAt(c *gin.Context) (breach.Breach, error) {
	id, valid := breach.ParseID(c.Param("id"))
	if !valid {
		return breach.Breach{}, noEntry()
	}
	b, err := a.Breaches.Find(c.Request.Context(), id)
	if errors.Is(err, register.ErrNotFound) {
		return b, noEntry()
	}
	return b, err
}

func noEntry() *Problem {
	return problem(http.StatusNotFound, "no_such_entry", "There is no such entry in the register, or not any more.")
}

// decideBreach is POST /ops/breaches/:id/:action: add (to the entry "new"), correct,
// authority, persons, close or reopen.
func (a *API) decideBreach(c *gin.Context) {
	if !operatorOf(c).Decides() {
		a.opsProblem(c, officersOnly())
		return
	}
	sent := c.Request.PostForm
	id, err := a.actOnBreach(c, sent)
	var field register.FieldError
	tried := webui.Tried{ID: c.Param("id"), Action: c.Param("action"), Sent: sent}
	switch {
	case err == nil:
		c.Redirect(http.StatusSeeOther, breachesPath+"/"+string(id))
	case errors.As(err, &field):
		tried.Field, tried.Problem = field.Field, field.Detail
		a.showBreach(c, http.StatusUnprocessableEntity, tried)
	case errors.Is(err, register.ErrChanged):
		tried.Quicker = true
		a.showBreach(c, http.StatusConflict, tried)
	case errors.Is(err, breach.ErrClosed):
		tried.Problem = "It is closed. Open it again first; nothing was saved."
		a.showBreach(c, http.StatusConflict, tried)
	case errors.Is(err, breach.ErrUnsettled):
		tried.Problem = "It can't be closed yet: first write down what was decided about the authority and the persons."
		a.showBreach(c, http.StatusConflict, tried)
	default:
		a.opsProblem(c, err)
	}
}

// actOnBreach takes the step on the version that the form is of.
func (a *API) actOnBreach(c *gin.Context, sent url.Values) (breach.ID, error) {
	ctx, now := c.Request.Context(), a.Now()
	e := audit.Event{At: now, Actor: operatorOf(c).Name, Outcome: audit.Allowed}
	if action := c.Param("action"); c.Param("id") == "new" {
		if action != "add" {
			return "", noEntry()
		}
		account, err := a.accountOf(sent)
		if err != nil {
			return "", err
		}
		b, err := breach.New(account, now)
		if err != nil {
			return "", err
		}
		e.Action = audit.EnterBreach
		return b.ID, a.Breaches.Enter(ctx, b, e)
	}
	b, err := a.breachAt(c)
	if err != nil {
		return "", err
	}
	if sent.Get("version") != strconv.Itoa(b.Version) {
		return "", register.ErrChanged
	}
	b, e.Action, err = a.stepOfBreach(c.Param("action"), b, sent)
	if err != nil {
		return "", err
	}
	_, err = a.Breaches.Save(ctx, b, e)
	return b.ID, err
}
