package httpapi

import (
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/operator"
	"github.com/passportphotogenie/passportphotogenie/internal/policy"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/webui"
)

// sessionCookie is the name of the cookie with a session's token. Browsers take one
// with the prefix only from this very host over TLS, which development has not.
func (a *API) sessionCookie() string {
	if a.Production {
		return policy.OperatorCookie
	}
	return "operator"
}

// sessionToken is what the browser shows; empty if nothing.
func (a *API) sessionToken(r *http.Request) secret.Key {
	return secret.Key(cookieValue(r, a.sessionCookie()))
}

// giveSession hands the token to the browser, which keeps it until it is closed. A
// browser sends it from our own pages alone, not even when a link leads here.
func (a *API) giveSession(w http.ResponseWriter, token secret.Key) {
	http.SetCookie(w, &http.Cookie{ // #nosec G124 -- secure but in development
		Name: a.sessionCookie(), Value: token.Reveal(), Path: "/",
		HttpOnly: true, Secure: a.Production, SameSite: http.SameSiteStrictMode,
	})
}

func (a *API) takeSession(w http.ResponseWriter) {
	http.SetCookie(w, &http.Cookie{ // #nosec G124 -- secure but in development
		Name: a.sessionCookie(), Path: "/", MaxAge: -1,
		HttpOnly: true, Secure: a.Production, SameSite: http.SameSiteStrictMode,
	})
}

// nextOf is an address of ours to go to after signing in; empty for any other.
func nextOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.IsAbs() || u.Host != "" || strings.ContainsAny(address, "\\\r\n\t") {
		return ""
	}
	if u.Path != opsPath && !strings.HasPrefix(u.Path, opsPath+"/") || u.Path == loginPath {
		return ""
	}
	return u.RequestURI()
}

// loginPage is GET /ops/login. A link from another site, such as one in a mail, comes
// without the cookie even of who is signed in: the page then asks once more by itself,
// as our own page, and goes on.
func (a *API) loginPage(c *gin.Context) {
	next := nextOf(c.Query("next"))
	token := a.sessionToken(c.Request)
	if token != "" {
		if _, err := a.Gate.Who(c.Request.Context(), token); err == nil {
			c.Redirect(http.StatusSeeOther, orOverview(next))
			return
		}
	}
	again := token == "" && c.GetHeader("Sec-Fetch-Site") == "cross-site"
	a.showLogin(c, http.StatusOK, webui.Login{Next: next, Again: again})
}

func (a *API) showLogin(c *gin.Context, status int, view webui.Login) {
	a.page(c, status, func(w io.Writer) error { return a.pages.Login(w, view) })
}

func orOverview(next string) string {
	if next == "" {
		return opsPath
	}
	return next
}

// signIn is POST /ops/login.
func (a *API) signIn(c *gin.Context) {
	form, err := formOf(c, opsFormBytes)
	if err != nil {
		a.opsProblem(c, err)
		return
	}
	next := nextOf(form.Get("next"))
	token, s, err := a.Gate.SignIn(c.Request.Context(), operator.Knock{
		Name: strings.TrimSpace(form.Get("name")), Password: strings.TrimRight(form.Get("password"), "\r\n"), Code: form.Get("code"),
		Client: networkOf(a.addressOf(c)), Former: a.sessionToken(c.Request),
	})
	switch {
	case err != nil && asksForHTML(c):
		p := a.problemOf(err)
		p.headers(c.Writer)
		a.showLogin(c, p.Status, webui.Login{Problem: p.Detail, Name: form.Get("name"), Next: next})
	case err != nil:
		a.opsProblem(c, err)
	default:
		a.giveSession(c.Writer, token)
		if s.Pending {
			next = authenticatorPath
		}
		c.Redirect(http.StatusSeeOther, orOverview(next))
	}
}

// signOut is POST /ops/sign-out.
func (a *API) signOut(c *gin.Context) {
	everywhere := c.Request.PostForm.Get("everywhere") != ""
	if err := a.Gate.SignOut(c.Request.Context(), sessionOf(c), everywhere); err != nil {
		a.opsProblem(c, err)
		return
	}
	a.takeSession(c.Writer)
	c.Redirect(http.StatusSeeOther, loginPath)
}

// overviewPage is GET /ops.
func (a *API) overviewPage(c *gin.Context) {
	s := sessionOf(c)
	s.MayEnrol = false // nothing is proposed here
	standing, err := a.Gate.Standing(c.Request.Context(), s)
	now := a.Now()
	urgent := webui.Desk{Calendar: a.Calendar, Zone: a.Zone, Now: now}
	if err == nil {
		urgent.Waiting, err = a.urgent(c.Request.Context(), now)
	}
	if err != nil {
		a.opsProblem(c, err)
		return
	}
	a.page(c, http.StatusOK, func(w io.Writer) error {
		return a.pages.Overview(w, webui.Overview{By: a.signedIn(c), Standing: standing, Urgent: urgent, Now: now})
	})
}

// authenticatorPage is GET /ops/authenticator.
func (a *API) authenticatorPage(c *gin.Context) { a.showAuthenticator(c, http.StatusOK, "") }

func (a *API) showAuthenticator(c *gin.Context, status int, why string) {
	standing, err := a.Gate.Standing(c.Request.Context(), sessionOf(c))
	if err != nil {
		a.opsProblem(c, err)
		return
	}
	a.page(c, status, func(w io.Writer) error {
		return a.pages.Authenticator(w, webui.Authenticator{By: a.signedIn(c), Standing: standing, Problem: why})
	})
}

// confirmAuthenticator is POST /ops/authenticator. Its answer is the only one that ever
// shows the recovery codes.
func (a *API) confirmAuthenticator(c *gin.Context) {
	token, codes, err := a.Gate.Confirm(c.Request.Context(), sessionOf(c), c.Request.PostForm.Get("code"))
	if err != nil {
		a.notSetUp(c, err)
		return
	}
	a.giveSession(c.Writer, token)
	by := a.signedIn(c)
	by.Pending, by.FormToken = false, operator.FormToken(token)
	a.page(c, http.StatusOK, func(w io.Writer) error { return a.pages.Recovery(w, by, codes) })
}

// replaceAuthenticator is POST /ops/authenticator/replace.
func (a *API) replaceAuthenticator(c *gin.Context) {
	s := sessionOf(c)
	err := a.Gate.Replace(c.Request.Context(), s, operator.Knock{Name: s.Operator.Name, Code: c.Request.PostForm.Get("code"), Client: networkOf(a.addressOf(c))})
	if err != nil {
		a.notSetUp(c, err)
		return
	}
	c.Redirect(http.StatusSeeOther, authenticatorPath)
}

func (a *API) notSetUp(c *gin.Context, err error) {
	p := a.problemOf(err)
	if p.Code != "wrong_code" {
		a.opsProblem(c, p)
		return
	}
	a.showAuthenticator(c, p.Status, p.Detail)
}
