package httpapi

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/operator"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/webui"
)

// Gate lets operators in and out, with the errors of package operator.
type Gate interface {
	SignIn(ctx context.Context, k operator.Knock) (secret.Key, operator.Session, error)
	Who(ctx context.Context, token secret.Key) (operator.Session, error)
	SignOut(ctx context.Context, s operator.Session, everywhere bool) error
	enrolling
}

type enrolling interface {
	Standing(ctx context.Context, s operator.Session) (operator.Standing, error)
	Confirm(ctx context.Context, s operator.Session, code string) (secret.Key, []string, error)
	Replace(ctx context.Context, s operator.Session, k operator.Knock) error
}

// The operators' pages that have to do with signing in.
const (
	opsPath           = "/ops"
	loginPath         = "/ops/login"
	signOutPath       = "/ops/sign-out"
	authenticatorPath = "/ops/authenticator"
)

// sessionField is where guard leaves the session for the handlers.
const sessionField = "session"

// opsFormBytes bounds the forms of operators' pages: a refusal has three texts of up to
// 5000 characters, each of at most twelve bytes in a form.
const opsFormBytes = 256 << 10

// guard lets only operators who are signed in to anything under /ops, also to
// addresses at which there is nothing, and takes only forms of their own pages. It goes
// by the path that is routed by.
func (a *API) guard(c *gin.Context) {
	path := c.Request.URL.Path
	if path == loginPath || path != opsPath && !strings.HasPrefix(path, opsPath+"/") {
		c.Next()
		return
	}
	s, err := a.Gate.Who(c.Request.Context(), a.sessionToken(c.Request))
	if err == nil {
		c.Set(sessionField, s)
		err = a.admit(c, s)
	}
	if err != nil {
		c.Abort()
		a.turnAway(c, err)
		return
	}
	c.Next()
}

// admit says why a signed-in operator's request is not taken; nil if it is.
func (a *API) admit(c *gin.Context, s operator.Session) error {
	if path := c.Request.URL.Path; s.Pending && path != authenticatorPath && path != signOutPath {
		return authenticatorNeeded()
	}
	if m := c.Request.Method; m == http.MethodGet || m == http.MethodHead {
		return nil
	}
	if isQueuesPath(c.Request.URL.Path) {
		return a.admitToQueues(c)
	}
	form, err := formOf(c, opsFormBytes)
	if err != nil {
		return err
	}
	if !operator.IsFormToken(a.sessionToken(c.Request), form.Get("form_token")) {
		return foreignForm()
	}
	return nil
}

// turnAway sends people to the page that opens what they asked for, and tells programs
// what is wrong.
func (a *API) turnAway(c *gin.Context, err error) {
	p := a.problemOf(err)
	asksForPage := (c.Request.Method == http.MethodGet || c.Request.Method == http.MethodHead) && asksForHTML(c)
	switch {
	case p.Code == "operators_only" && asksForPage:
		c.Redirect(http.StatusSeeOther, loginPath+"?"+url.Values{"next": {c.Request.URL.RequestURI()}}.Encode())
	case p.Code == "authenticator_needed" && asksForPage:
		c.Redirect(http.StatusSeeOther, authenticatorPath)
	default:
		a.opsProblem(c, p)
	}
}

// asksForHTML tells browsers from programs.
func asksForHTML(c *gin.Context) bool { return strings.Contains(c.GetHeader("Accept"), "text/html") }

// operatorSession is what operators' pages want.
const operatorSession = `Session realm="operators"`

// opsProblem says a problem to operators: as a page to browsers, else as JSON.
func (a *API) opsProblem(c *gin.Context, err error) {
	p := a.problemOf(err)
	p.headers(c.Writer)
	if !asksForHTML(c) {
		p.write(c.Writer)
		return
	}
	m := webui.Message{Title: p.Title, Detail: p.Detail, Back: opsPath, BackText: "To the overview"}
	if p.Status == http.StatusUnauthorized {
		m.Back, m.BackText = loginPath, "Sign in"
	}
	if _, is := c.Get(sessionField); is {
		by := a.signedIn(c)
		m.By = &by
	}
	a.page(c, p.Status, func(w io.Writer) error { return a.pages.Message(w, m) })
}

// sessionOf is for handlers behind guard. Anywhere else it panics: a page that is
// not guarded must not be served.
func sessionOf(c *gin.Context) operator.Session {
	return c.MustGet(sessionField).(operator.Session)
}

func operatorOf(c *gin.Context) operator.Operator { return sessionOf(c).Operator }

// signedIn is what each operators' page shows of whom it is for.
func (a *API) signedIn(c *gin.Context) webui.SignedIn {
	s := sessionOf(c)
	return webui.SignedIn{
		Operator: s.Operator, FormToken: operator.FormToken(a.sessionToken(c.Request)),
		Here: c.Request.URL.Path, Pending: s.Pending,
	}
}

func authenticatorNeeded() *Problem {
	return problem(http.StatusForbidden, "authenticator_needed", "Set up your authenticator first, at "+authenticatorPath+".")
}

func foreignForm() *Problem {
	return problem(http.StatusForbidden, "foreign_form", "This form is not of a page that you opened since you signed in. Go back, copy what you wrote, reload the page and send it again.")
}

// operatorProblem knows the errors of the gate; nil for any other.
func operatorProblem(err error) *Problem {
	var often operator.TooOftenError
	switch {
	case errors.Is(err, operator.ErrSignedOut):
		return wanting(operatorSession, problem(http.StatusUnauthorized, "operators_only", "This page is for operators of the service, and you are not signed in, or not any more. If you were writing something, your browser's back button brings it back: copy it before you sign in again."))
	case errors.Is(err, operator.ErrUnknown):
		return wanting(operatorSession, problem(http.StatusUnauthorized, "sign_in_refused", "The name, the password or the code is wrong. A code can be used once: wait for the next one."))
	case errors.Is(err, operator.ErrWrongCode):
		return problem(http.StatusUnprocessableEntity, "wrong_code", "The code is wrong or was used before. Wait for the next one; if that is wrong too, compare the clock of your device.")
	case errors.Is(err, operator.ErrNoAuthenticator):
		return problem(http.StatusConflict, "no_authenticator", "You have no authenticator yet. Reload the page to set one up.")
	case errors.As(err, &often):
		return retry(problem(http.StatusTooManyRequests, "too_many_attempts", "There were too many wrong passwords or codes for this name. Wait a quarter of an hour."), often.After)
	case errors.Is(err, operator.ErrBusy):
		return retry(problem(http.StatusServiceUnavailable, "busy", "Too many are signing in at once. Please try again."), comeBackSoon)
	}
	return nil
}
