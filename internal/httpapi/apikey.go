package httpapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/apiclient"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
)

// KeyedClients knows whose API key it is, with the errors of package apiclient, and how
// many photos that client has sent today.
type KeyedClients interface {
	ByKey(ctx context.Context, k secret.Key, now time.Time) (apiclient.Client, error)
	Used(ctx context.Context, id apiclient.ID, now time.Time) (int, error)
}

// apiKeyHeader has an API client's key. It is not Authorization, which has a photo's.
const apiKeyHeader = "API-Key"

type clientField struct{}

// identify finds whose API key a request of the API has. A key that is not valid is an
// error: its sender believes that the quota and the webhooks are theirs.
func (a *API) identify(c *gin.Context) {
	sent := c.Request.Header.Values(apiKeyHeader)
	if len(sent) == 0 || !isAPI(c.Request) {
		c.Next()
		return
	}
	client, err := a.clientWith(c.Request.Context(), sent)
	if err != nil {
		a.problemOf(err).write(c.Writer)
		c.Abort()
		return
	}
	c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), clientField{}, client))
	c.Next()
}

func (a *API) clientWith(ctx context.Context, sent []string) (apiclient.Client, error) {
	key, ok := apiclient.ParseKey(sent[0])
	if !ok || len(sent) > 1 {
		return apiclient.Client{}, malformedAPIKey()
	}
	return a.KeyedClients.ByKey(ctx, key, a.Now())
}

// apiClientOf is the API client whose key the request has; false for none.
func apiClientOf(ctx context.Context) (apiclient.Client, bool) {
	c, ok := ctx.Value(clientField{}).(apiclient.Client)
	return c, ok
}

// tellQuota adds how the day of the request's API client stands, by the IETF's draft of
// RateLimit fields. Without a client there is nothing to tell.
func (a *API) tellQuota(c *gin.Context) {
	client, ok := apiClientOf(c.Request.Context())
	if !ok {
		return
	}
	used, err := a.KeyedClients.Used(c.Request.Context(), client.ID, a.Now())
	if err != nil {
		a.Log.Warn("an API client's quota is not told", "error", err)
		return
	}
	q := apiclient.QuotaOf(client, used, a.Now())
	c.Header("RateLimit-Policy", fmt.Sprintf(`"photos";q=%d;w=86400`, q.PerDay))
	c.Header("RateLimit", fmt.Sprintf(`"photos";r=%d;t=%d`, q.Left(), secondsUntil(q.Resets, a.Now())))
}

// secondsUntil is never 0 for what has not come.
func secondsUntil(at, now time.Time) int { return int((at.Sub(now) + time.Second - 1) / time.Second) }

func malformedAPIKey() *Problem {
	return wanting(apiKeyHeader, problem(http.StatusUnauthorized, "malformed_api_key", "The "+apiKeyHeader+" header holds no key of ours: a character is missing, wrong or too much. Compare it with the key that you were given, or leave the header out: no key is needed."))
}

// apiClientProblem knows the errors of API clients; nil for any other.
func (a *API) apiClientProblem(err error) *Problem {
	switch {
	case errors.Is(err, apiclient.ErrUnknownKey):
		return wanting(apiKeyHeader, problem(http.StatusUnauthorized, "revoked_api_key", "This API key is not valid any more: it was replaced or revoked. Ask the operators of the service for another one."))
	case errors.Is(err, apiclient.ErrQuota):
		wait := time.Duration(secondsUntil(apiclient.Day(a.Now()).Add(24*time.Hour), a.Now())) * time.Second
		return retry(problem(http.StatusTooManyRequests, "quota_used_up", "Your API key has no photos left for today; the next day begins at midnight UTC. Nothing was kept of this upload. Ask the operators of the service if you need more."), wait)
	}
	return nil
}
