package httpapi

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/passportphotogenie/passportphotogenie/internal/apiclient"
	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/webhook"
)

// Webhooks know where API clients are told, with the errors of package webhook.
type Webhooks interface {
	Endpoint(ctx context.Context, c apiclient.ID) (webhook.Endpoint, error)
	Recent(ctx context.Context, c apiclient.ID, limit int) ([]webhook.Record, error)
	webhookActions
}

type webhookActions interface {
	Remove(ctx context.Context, c apiclient.ID, did audit.Event) error
	// Try has a notice sent that only tries the endpoint.
	Try(ctx context.Context, c apiclient.ID, now time.Time) error
}

// WebhookDesk sets where a client is told. It returns the secret if it made one.
type WebhookDesk interface {
	Set(ctx context.Context, want webhook.Endpoint, fresh bool, did audit.Event) (webhook.Endpoint, secret.Key, error)
}

// webhookBody is how a client's webhook stands.
type webhookBody struct {
	URL          string       `json:"url"`
	State        string       `json:"state" enum:"on,failing,off" doc:"off after an answer of 410 or three days of failing; PUT switches it on again"`
	FailingSince *time.Time   `json:"failing_since" doc:"null while the last try succeeded"`
	DeliveredAt  *time.Time   `json:"delivered_at" doc:"when the last notice was taken"`
	Secret       string       `json:"secret,omitempty" doc:"only when it was made: the secret that signs, for your verifier"`
	Recent       []noticeBody `json:"recent" nullable:"false" doc:"the last notices, the newest first; kept for three days"`
}

type noticeBody struct {
	ID      string    `json:"id" doc:"as in the header webhook-id"`
	Type    string    `json:"type" example:"photo.ready"`
	At      time.Time `json:"timestamp"`
	State   string    `json:"state" enum:"waiting,delivered,failed,dropped"`
	Tries   int       `json:"tries"`
	Trouble string    `json:"trouble,omitempty" doc:"why the last try failed" enum:"unreachable,not_allowed,not_trusted,too_slow,refused,gone,sealed"`
	Answer  int       `json:"answer,omitempty" doc:"the HTTP status of the last answer that was not taken for success"`
}

type webhookOutput struct{ Body webhookBody }

type webhookInput struct {
	Body struct {
		URL       string `json:"url" maxLength:"500" doc:"an https address with a host's full name, at port 443" example:"https://hooks.town.example/photos"`
		NewSecret bool   `json:"new_secret,omitempty" doc:"have another secret made; the first address always gets one"`
	}
}

// byClient is an operation that needs an API client's key.
func byClient(op huma.Operation, api huma.API) huma.Operation {
	op.Security, op.Tags = []map[string][]string{{"client": {}}}, []string{"webhooks"}
	return withProblems(op, api, http.StatusNotFound)
}

// routeWebhooks adds a client's own webhook.
func (a *API) routeWebhooks(api huma.API) {
	huma.Register(api, byClient(huma.Operation{
		OperationID: "get-webhook", Method: http.MethodGet, Path: "/v1/webhook", Summary: "Where you are told, and whether that works",
	}, api), a.getWebhook)
	huma.Register(api, byClient(huma.Operation{
		OperationID: "set-webhook", Method: http.MethodPut, Path: "/v1/webhook", MaxBodyBytes: 4 << 10,
		Summary: "Have your server told when a photo is ready, rejected, failed or erased",
	}, api), a.setWebhook)
	huma.Register(api, byClient(huma.Operation{
		OperationID: "remove-webhook", Method: http.MethodDelete, Path: "/v1/webhook", DefaultStatus: http.StatusNoContent, Summary: "Be told no more",
	}, api), a.removeWebhook)
	huma.Register(api, byClient(huma.Operation{
		OperationID: "try-webhook", Method: http.MethodPost, Path: "/v1/webhook/test", DefaultStatus: http.StatusAccepted,
		Summary: "Have a notice of the type webhook.test sent", MaxBodyBytes: 1 << 10,
	}, api), a.tryWebhook)
}

// ownWebhook is the client whose key the request has.
func ownWebhook(ctx context.Context) (apiclient.ID, error) {
	c, ok := apiClientOf(ctx)
	if !ok {
		return "", wanting(apiKeyHeader, problem(http.StatusUnauthorized, "api_key_needed", "Webhooks are for organisations with an API key. Send it in the header "+apiKeyHeader+"."))
	}
	return c.ID, nil
}

// byClientItself is the event of what a client does with its key.
func (a *API) byClientItself(did audit.Action) audit.Event {
	return audit.Event{At: a.Now(), Actor: audit.Client, Action: did, Outcome: audit.Allowed}
}

func (a *API) getWebhook(ctx context.Context, _ *struct{}) (*webhookOutput, error) {
	id, err := ownWebhook(ctx)
	if err != nil {
		return nil, a.problemOf(err)
	}
	e, err := a.Webhooks.Endpoint(ctx, id)
	if err != nil {
		return nil, a.problemOf(err)
	}
	return a.webhookOutput(ctx, e, "")
}

func (a *API) setWebhook(ctx context.Context, in *webhookInput) (*webhookOutput, error) {
	id, err := ownWebhook(ctx)
	if err != nil {
		return nil, a.problemOf(err)
	}
	e, written, err := a.WebhookDesk.Set(ctx, webhook.Endpoint{Client: id, URL: in.Body.URL}, in.Body.NewSecret, a.byClientItself(audit.SetWebhook))
	if err != nil {
		return nil, a.problemOf(err)
	}
	return a.webhookOutput(ctx, e, written)
}

func (a *API) removeWebhook(ctx context.Context, _ *struct{}) (*struct{}, error) {
	id, err := ownWebhook(ctx)
	if err == nil {
		err = a.Webhooks.Remove(ctx, id, a.byClientItself(audit.RemoveWebhook))
	}
	if err != nil {
		return nil, a.problemOf(err)
	}
	return nil, nil
}

func (a *API) tryWebhook(ctx context.Context, _ *struct{}) (*struct{}, error) {
	id, err := ownWebhook(ctx)
	if err == nil {
		err = a.Webhooks.Try(ctx, id, a.Now())
	}
	if err != nil {
		return nil, a.problemOf(err)
	}
	return nil, nil
}

// recentNotices is how many notices are shown.
const recentNotices = 20

func (a *API) webhookOutput(ctx context.Context, e webhook.Endpoint, written secret.Key) (*webhookOutput, error) {
	recent, err := a.Webhooks.Recent(ctx, e.Client, recentNotices)
	if err != nil {
		return nil, a.problemOf(err)
	}
	b := webhookBody{URL: e.URL, State: e.State(), FailingSince: known(e.FailingSince), DeliveredAt: known(e.Delivered), Secret: written.Reveal(), Recent: []noticeBody{}}
	for _, r := range recent {
		b.Recent = append(b.Recent, noticeBody{string(r.ID), string(r.Kind), r.At.UTC(), string(r.State), r.Tries, string(r.Last.Trouble), r.Last.Code})
	}
	return &webhookOutput{b}, nil
}

// known is a time as JSON has it, null for none.
func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// webhookProblem knows the errors of webhooks; nil for any other.
func webhookProblem(err error) *Problem {
	var wrong webhook.URLError
	switch {
	case errors.As(err, &wrong):
		p := problem(http.StatusUnprocessableEntity, "invalid_webhook_url", "The address of the webhook "+wrong.Error()+".")
		p.Errors = []Error{{"body.url", wrong.Error()}}
		return p
	case errors.Is(err, webhook.ErrNoEndpoint):
		return problem(http.StatusNotFound, "no_webhook", "There is no webhook that is on. PUT /v1/webhook sets one, or switches it on again.")
	}
	return nil
}
