package httpapi

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"runtime"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/tracing"
)

// observe counts and logs each request, by the route's template and nothing
// that came from the client.
func (a *API) observe(c *gin.Context) {
	start, method, route := a.Now(), knownMethod(c.Request.Method), c.FullPath()
	if route == "" {
		route = "none"
	}
	end := a.trace(c, method, route)
	c.Next()
	end()
	took := a.Now().Sub(start)
	a.Meter.Request(c.Request.Context(), method, route, c.Writer.Status(), took)
	a.Log.InfoContext(c.Request.Context(), "request", "method", method, "route", route,
		"status", c.Writer.Status(), "bytes", max(c.Writer.Size(), 0), "duration_ms", took.Milliseconds())
}

// trace begins the trace of a request; of probes there is none. What a client says of a
// trace of its own (traceparent) counts for nothing: a stranger could have all of its
// requests kept, or tie them to traces that it knows.
func (a *API) trace(c *gin.Context, method, route string) (end func()) {
	if isProbe(route) {
		return func() {}
	}
	ctx, span := a.Tracer.Serve(c.Request.Context(), method, route)
	c.Request = c.Request.WithContext(ctx)
	return func() {
		span.Note(tracing.Status(c.Writer.Status()))
		var err error
		if c.Writer.Status() >= http.StatusInternalServerError {
			err = errOurs
		}
		span.End(err)
	}
}

// errOurs marks the span of an answer that is our own fault.
var errOurs = errors.New("an answer of 500 or more")

// knownMethod keeps invented methods, which may say anything, out of logs and
// labels.
func knownMethod(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return m
	}
	return "OTHER"
}

// recover answers a panic with a problem. It logs where, and of the panic only
// its type: the value may hold anything.
func (a *API) recover(c *gin.Context) {
	defer func() {
		v := recover()
		if v == nil {
			return
		}
		if v == http.ErrAbortHandler { //nolint:errorlint // what a panic brings is compared, not unwrapped, as net/http does
			panic(v)
		}
		a.Log.Error("a handler panicked", "panic", fmt.Sprintf("%T", v), "where", panicSite())
		if c.Writer.Written() {
			panic(http.ErrAbortHandler) // too late to say anything but "broken off"
		}
		internalProblem().write(c.Writer)
		c.Abort()
	}()
	c.Next()
}

// panicSite lists our own functions on the panicking stack.
func panicSite() string {
	pc := make([]uintptr, 32)
	frames := runtime.CallersFrames(pc[:runtime.Callers(3, pc)])
	var sites []string
	for {
		f, more := frames.Next()
		if i := strings.Index(f.Function, "/internal/"); i >= 0 && strings.Contains(f.Function, "passportphotogenie") {
			sites = append(sites, fmt.Sprintf("%s:%d", f.Function[i+len("/internal/"):], f.Line))
		}
		if !more {
			return strings.Join(sites, " < ")
		}
	}
}

// contentPolicy lets pages load from this origin only, and be framed by nobody. A
// script of another site opens scripts and connections for that one origin.
func contentPolicy(script string) string {
	from := "'self'"
	if u, err := url.Parse(script); err == nil && script != "" {
		from += " " + u.Scheme + "://" + u.Host
	}
	return "default-src 'none'; img-src 'self'; style-src 'self'; script-src " + from + "; connect-src " + from +
		"; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
}

// secure sets the headers that hold for every answer. Answers are not stored
// anywhere unless a handler allows it.
func (a *API) secure(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("Content-Security-Policy", contentPolicy(""))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "private, no-store")
	if a.Production {
		h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	}
	c.Next()
}

// sameOrigin refuses writes that another site's page makes a browser send, unless the
// API is shared with that site. A request with a key in its header needs no such check:
// browsers never add that by themselves.
func (a *API) sameOrigin(c *gin.Context) {
	if _, ok := bearer(c.GetHeader("Authorization")); !ok && a.origin.Check(c.Request) != nil && !a.sharedWith(c.Request) {
		a.outOfPlace(c, problem(http.StatusForbidden, "cross_origin", "This request came from a page of another site. Use our own page, or the API with the photo's key in the Authorization header."))
		c.Abort()
		return
	}
	c.Next()
}

func (a *API) noRoute(c *gin.Context) {
	a.outOfPlace(c, problem(http.StatusNotFound, "no_such_address", "There is nothing at this address. Check how it is written; /openapi.json lists the addresses of the API."))
}

func (a *API) noMethod(c *gin.Context) {
	a.outOfPlace(c, problem(http.StatusMethodNotAllowed, "method_not_allowed", "This address does not take this method; the Allow header lists those that it takes."))
}

// outOfPlace says what is wrong with a request that belongs to no handler: on a page to
// browsers, but for the addresses of the API.
func (a *API) outOfPlace(c *gin.Context, p *Problem) {
	if asksForHTML(c) && !strings.HasPrefix(c.Request.URL.Path, "/v1/") {
		a.problemPage(c, p)
		return
	}
	p.write(c.Writer)
}
