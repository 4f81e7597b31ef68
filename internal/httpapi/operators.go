package httpapi

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/operator"
)

// Door tells which operator knocks, with the errors of package operator.
type Door interface {
	Open(ctx context.Context, k operator.Knock) (operator.Operator, error)
}

// operatorField is where guard leaves the operator for the handlers.
const operatorField = "operator"

// guard lets only operators to anything under /ops, also to addresses at which
// there is nothing. It goes by the path that is routed by.
func (a *API) guard(c *gin.Context) {
	if path := c.Request.URL.Path; path != "/ops" && !strings.HasPrefix(path, "/ops/") {
		c.Next()
		return
	}
	o, err := a.enter(c.Request)
	if err != nil {
		c.Abort()
		c.Header("WWW-Authenticate", `Basic realm="operators", charset="UTF-8"`)
		a.opsProblem(c, err)
		return
	}
	c.Set(operatorField, o)
	c.Next()
}

// enter tells who makes a request. Each one brings name and password: whatever
// replaces that, a session for one, replaces this function.
func (a *API) enter(r *http.Request) (operator.Operator, error) {
	name, password, ok := r.BasicAuth()
	if !ok {
		return operator.Operator{}, operator.ErrUnknown
	}
	return a.Door.Open(r.Context(), operator.Knock{Name: name, Password: password, Client: clientOf(r)})
}

// clientOf is the address of the client, or of the network that an IPv6 client
// may choose its addresses from. It is for counting only, and kept nowhere.
func clientOf(r *http.Request) string {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return ""
	}
	addr := from.Addr().Unmap()
	if network, err := addr.Prefix(64); err == nil && addr.Is6() {
		return network.String()
	}
	return addr.String()
}

// operatorOf is for handlers behind guard. Anywhere else it panics: a page that is
// not guarded must not be served.
func operatorOf(c *gin.Context) operator.Operator {
	return c.MustGet(operatorField).(operator.Operator)
}

// operatorProblem knows the errors of the door; nil for any other.
func operatorProblem(err error) *Problem {
	var often operator.TooOftenError
	switch {
	case errors.Is(err, operator.ErrUnknown):
		return problem(http.StatusUnauthorized, "operators_only", "This page is for operators of the service. Sign in with your name and password.")
	case errors.As(err, &often):
		return retry(problem(http.StatusTooManyRequests, "too_many_attempts", "There were too many wrong passwords for this name. Wait a quarter of an hour."), often.After)
	case errors.Is(err, operator.ErrBusy):
		return retry(problem(http.StatusServiceUnavailable, "busy", "Too many are signing in at once. Please try again."), comeBackSoon)
	}
	return nil
}
