package httpapi

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/rs/cors"
)

// preflightAge is how long browsers may remember what a preflight said.
const preflightAge = time.Hour

// sharing is what pages of the named origins may do: use the API, never with cookies.
// An origin is compared as it stands: browsers write it in one way.
func sharing(origins []string) *cors.Cors {
	return cors.New(cors.Options{
		AllowOriginFunc: func(origin string) bool { return slices.Contains(origins, origin) },
		AllowedMethods:  []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPatch, http.MethodPut, http.MethodDelete},
		// An API key belongs on a server, so its header is not among these.
		AllowedHeaders: []string{"Authorization", "Content-Type", "Idempotency-Key", visitorHeader},
		ExposedHeaders: []string{"Location", "Retry-After", "Erasure-Receipt", "Content-Disposition", visitorHeader},
		MaxAge:         int(preflightAge.Seconds()),
	})
}

// share tells browsers which pages of other sites may use the API, and answers their
// preflights. Pages and all of /ops are for nobody else.
func (a *API) share(c *gin.Context) {
	if len(a.CORSOrigins) == 0 || !isAPI(c.Request) {
		c.Next()
		return
	}
	a.cors.HandlerFunc(c.Writer, c.Request)
	if c.Request.Method == http.MethodOptions && c.GetHeader("Access-Control-Request-Method") != "" {
		c.Abort()
		return
	}
	c.Next()
}

// isAPI reports whether a request is for the API rather than for a page.
func isAPI(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/v1/") }

// sharedWith reports whether a request is what a page of a named origin may send: to the
// API, and without the cookies in which browsers keep what opens photos.
func (a *API) sharedWith(r *http.Request) bool {
	origins := r.Header.Values("Origin")
	return isAPI(r) && len(origins) == 1 && slices.Contains(a.CORSOrigins, origins[0]) && len(r.Header.Values("Cookie")) == 0
}
