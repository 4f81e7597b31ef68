package httpapi

import (
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/accesslog"
	"github.com/passportphotogenie/passportphotogenie/internal/policy"
)

// AccessRecorder takes in what the access log is made of, without waiting.
type AccessRecorder interface {
	Record(s accesslog.Seen)
}

// The anonymous user's ID comes in a cookie or, from clients without cookies, in a
// header.
const (
	visitorCookie = policy.VisitorCookie
	visitorHeader = "Anonymous-ID"
	visitorField  = "visitor" // where an upload leaves a fresh one
)

// access notes each request but the probes, which are no visits. It works however
// the handler ends.
func (a *API) access(c *gin.Context) {
	if a.AccessLog != nil && !isProbe(c.FullPath()) {
		defer a.note(c, a.Now())
	}
	c.Next()
}

func isProbe(route string) bool { return route == "/healthz" || route == "/readyz" }

func (a *API) note(c *gin.Context, at time.Time) {
	route, id := c.FullPath(), ""
	switch {
	case route == "":
		route = "none"
	case strings.HasPrefix(route, "/v1/photos/:id"), strings.HasPrefix(route, "/photos/:id"):
		id = c.Param("id")
	}
	a.AccessLog.Record(accesslog.Seen{
		At: at, IP: a.addressOf(c), Method: knownMethod(c.Request.Method), Route: route, Query: c.Request.URL.RawQuery,
		Photo: id, Visitor: visitorID(c), UserAgent: c.Request.UserAgent(), Referrer: c.Request.Referer(),
		Status: c.Writer.Status(), Bytes: int64(max(c.Writer.Size(), 0)),
	})
}

// visitorID is what the client gives as its anonymous ID, or what its upload was
// given.
func visitorID(c *gin.Context) string {
	if fresh := c.GetString(visitorField); fresh != "" {
		return fresh
	}
	if h := c.GetHeader(visitorHeader); h != "" {
		return h
	}
	if cookie, err := c.Request.Cookie(visitorCookie); err == nil {
		return cookie.Value
	}
	return ""
}

// giveVisitor gives an uploader an anonymous ID, unless they have one: before the
// first upload nobody has. A browser forgets it after VisitorLife, which later
// uploads don't prolong.
func (a *API) giveVisitor(c *gin.Context) {
	if _, has := accesslog.ParseVisitor(visitorID(c)); has || a.AccessLog == nil {
		return
	}
	id := accesslog.NewVisitor()
	c.Set(visitorField, id)
	c.Header(visitorHeader, id)
	http.SetCookie(c.Writer, &http.Cookie{
		Name: visitorCookie, Value: id, Path: "/", MaxAge: int(accesslog.VisitorLife.Seconds()),
		HttpOnly: true, Secure: true, SameSite: http.SameSiteStrictMode,
	})
}
