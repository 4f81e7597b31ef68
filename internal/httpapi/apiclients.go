package httpapi

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/apiclient"
	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/register"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/webhook"
	"github.com/passportphotogenie/passportphotogenie/internal/webui"
)

// APIClients is the officers' side of the register of API clients. Each change and its
// line in the audit trail are one.
type APIClients interface {
	List(ctx context.Context) ([]apiclient.Client, error)
	Revoked(ctx context.Context) ([]apiclient.Client, error)
	apiClientActions
}

type apiClientActions interface {
	Add(ctx context.Context, c apiclient.Client, k apiclient.KeyRecord, e audit.Event) (apiclient.Client, error)
	Change(ctx context.Context, c apiclient.Client, e audit.Event) error
	// Issue gives another key; those before end at others.
	Issue(ctx context.Context, c apiclient.Client, k apiclient.KeyRecord, others time.Time, e audit.Event) error
	Revoke(ctx context.Context, c apiclient.Client, e audit.Event) error
}

const apiClientsPath = "/ops/api-clients"

// routeAPIClients adds the operators' pages of API clients.
func (a *API) routeAPIClients() {
	a.engine.GET(apiClientsPath, a.apiClientsPage)
	a.engine.POST(apiClientsPath+"/:id/:action", a.decideAPIClient)
}

// apiClientsPage is GET /ops/api-clients.
func (a *API) apiClientsPage(c *gin.Context) { a.showAPIClients(c, http.StatusOK, webui.Tried{}) }

// showAPIClients shows the register, with a form that was not taken as it was sent.
func (a *API) showAPIClients(c *gin.Context, status int, tried webui.Tried) {
	ctx := c.Request.Context()
	view := webui.APIClients{
		Tried: tried, By: a.signedIn(c), Now: a.Now(), Used: map[apiclient.ID]int{}, Events: map[apiclient.ID][]audit.Event{},
		Webhooks: map[apiclient.ID]webhook.Endpoint{}, Notices: map[apiclient.ID][]webhook.Record{},
	}
	var err error
	if view.Current, err = a.APIClients.List(ctx); err == nil {
		view.Revoked, err = a.APIClients.Revoked(ctx)
	}
	for _, one := range slices.Concat(view.Current, view.Revoked) {
		if err == nil {
			view.Events[one.ID], err = a.Audit.About(ctx, string(one.ID))
		}
		if err == nil {
			view.Used[one.ID], err = a.KeyedClients.Used(ctx, one.ID, a.Now())
		}
		if err == nil {
			err = a.showWebhook(ctx, one.ID, &view)
		}
	}
	if err != nil {
		a.opsProblem(c, err)
		return
	}
	a.page(c, status, func(w io.Writer) error { return a.pages.APIClients(w, view) })
}

// noticesOnPage is how many notices of a client the page lists.
const noticesOnPage = 5

// showWebhook adds where a client is told, if it is.
func (a *API) showWebhook(ctx context.Context, id apiclient.ID, view *webui.APIClients) error {
	e, err := a.Webhooks.Endpoint(ctx, id)
	if errors.Is(err, webhook.ErrNoEndpoint) {
		return nil
	}
	if err == nil {
		view.Webhooks[id] = e
		view.Notices[id], err = a.Webhooks.Recent(ctx, id, noticesOnPage)
	}
	return err
}

// decideAPIClient is POST /ops/api-clients/:id/:action: add (to the entry "new"), change,
// key, revoke, webhook, test or unhook. A key or a secret that was made is shown on the
// answer, and never again.
func (a *API) decideAPIClient(c *gin.Context) {
	if !operatorOf(c).Decides() {
		a.opsProblem(c, officersOnly())
		return
	}
	sent := c.Request.PostForm
	made, err := a.actOnAPIClient(c, sent)
	var field register.FieldError
	var wrong webhook.URLError
	tried := webui.Tried{ID: c.Param("id"), Action: c.Param("action"), Sent: sent}
	switch {
	case err == nil && made.Key != "":
		a.page(c, http.StatusOK, func(w io.Writer) error { return a.pages.APIKey(w, made) })
	case err == nil:
		c.Redirect(http.StatusSeeOther, apiClientsPath)
	case errors.As(err, &field):
		tried.Field, tried.Problem = field.Field, field.Detail
		a.showAPIClients(c, http.StatusUnprocessableEntity, tried)
	case errors.As(err, &wrong):
		tried.Field, tried.Problem = "url", wrong.Error()
		a.showAPIClients(c, http.StatusUnprocessableEntity, tried)
	case errors.Is(err, register.ErrChanged), errors.Is(err, register.ErrNotFound):
		tried.Quicker = true
		a.showAPIClients(c, http.StatusConflict, tried)
	default:
		a.opsProblem(c, err)
	}
}

// actOnAPIClient does what a form asks for, and returns a key that was made.
func (a *API) actOnAPIClient(c *gin.Context, sent url.Values) (made webui.APIKey, err error) {
	ctx, id := c.Request.Context(), c.Param("id")
	if id != "new" && !secret.IsName(id) {
		return made, noEntry()
	}
	e := audit.Event{At: a.Now(), Actor: operatorOf(c).Name, Outcome: audit.Allowed}
	client := apiclient.Client{ID: apiclient.ID(id), Name: sent.Get("name")}
	// What is no number is no quota and no revision: the first is 1.
	client.PhotosPerDay, _ = strconv.Atoi(sent.Get("photos_per_day"))
	client.Revision, _ = strconv.Atoi(sent.Get("version"))
	switch action := c.Param("action"); {
	case action == "add" && id == "new":
		e.Action = audit.AddAPIClient
		key, record := apiclient.NewKey(a.Now())
		if _, err = a.APIClients.Add(ctx, client, record, e); err == nil {
			made = webui.APIKey{Key: key.Reveal(), By: a.signedIn(c)}
		}
	case action == "change":
		e.Action = audit.ChangeAPIClient
		err = a.APIClients.Change(ctx, client, e)
	case action == "key":
		e.Action = audit.IssueAPIKey
		made, err = a.issueKey(c, client, e)
	case action == "revoke":
		e.Action = audit.RevokeAPIClient
		err = a.APIClients.Revoke(ctx, client, e)
	default:
		return a.actOnWebhook(c, client.ID, e)
	}
	return made, err
}

// actOnWebhook does what a form asks for about where a client is told, and returns a
// secret that was made.
func (a *API) actOnWebhook(c *gin.Context, id apiclient.ID, e audit.Event) (made webui.APIKey, err error) {
	ctx, sent := c.Request.Context(), c.Request.PostForm
	switch c.Param("action") {
	case "webhook":
		e.Action = audit.SetWebhook
		var written secret.Key
		_, written, err = a.WebhookDesk.Set(ctx, webhook.Endpoint{Client: id, URL: sent.Get("url")}, sent.Get("secret") == webui.NewSecret, e)
		if err == nil && written != "" {
			made = webui.APIKey{Key: written.Reveal(), Signs: true, By: a.signedIn(c)}
		}
	case "unhook":
		e.Action = audit.RemoveWebhook
		err = a.Webhooks.Remove(ctx, id, e)
	case "test":
		err = a.Webhooks.Try(ctx, id, a.Now())
	default:
		err = noEntry()
	}
	if errors.Is(err, apiclient.ErrUnknownKey) { // revoked meanwhile
		err = register.ErrNotFound
	}
	return made, err
}

// issueKey gives a client another key. Its former one goes on for a while, unless the
// officer says that it ends at once.
func (a *API) issueKey(c *gin.Context, client apiclient.Client, e audit.Event) (webui.APIKey, error) {
	now := a.Now()
	others := now.Add(apiclient.Overlap)
	if c.Request.PostForm.Get("former") == webui.FormerEndsNow {
		others = now
	}
	key, record := apiclient.NewKey(now)
	if err := a.APIClients.Issue(c.Request.Context(), client, record, others, e); err != nil {
		return webui.APIKey{}, err
	}
	return webui.APIKey{Key: key.Reveal(), FormerEnds: others, Now: now, By: a.signedIn(c)}, nil
}
