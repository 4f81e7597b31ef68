package httpapi_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/apiclient"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
	"github.com/passportphotogenie/passportphotogenie/internal/webhook"
)

// hook is what the tests look at of a webhook.
type hook struct {
	URL, State, Secret string
	Recent             []struct{ ID, Type, State string }
}

func (s *service) asClient(method, path, body, key string) reply {
	s.Helper()
	return s.do(s.request(method, path, strings.NewReader(body), "API-Key", key, "Content-Type", "application/json"))
}

func (s *service) setsHook(key, body string) (h hook) {
	s.Helper()
	r := s.asClient(http.MethodPut, "/v1/webhook", body, key)
	if r.StatusCode != http.StatusOK {
		s.Fatalf("%d %s", r.StatusCode, r.body)
	}
	r.decode(s.T, &h)
	return h
}

const town = `{"url": "https://hooks.town.example/photos"}`

func TestAClientSetsTriesAndRemovesItsWebhook(t *testing.T) {
	s := newService(t)
	key, _ := s.newClient("Town Hall", 10)
	s.isProblem(s.asClient(http.MethodGet, "/v1/webhook", "", key), http.StatusNotFound, "no_webhook")
	h := s.setsHook(key, town)
	if h.URL != "https://hooks.town.example/photos" || h.State != "on" || !strings.HasPrefix(h.Secret, "whsec_") || len(h.Recent) != 0 {
		t.Errorf("%+v", h)
	}
	if again := s.setsHook(key, town); again.Secret != "" {
		t.Error("the secret is shown again, or another was made unasked")
	}
	if fresh := s.setsHook(key, `{"url": "https://other.town.example", "new_secret": true}`); fresh.Secret == "" || fresh.Secret == h.Secret || fresh.URL != "https://other.town.example" {
		t.Errorf("%+v", fresh)
	}
	for range 5 {
		if r := s.asClient(http.MethodPost, "/v1/webhook/test", "", key); r.StatusCode != http.StatusAccepted {
			t.Fatalf("a trial: %d %s", r.StatusCode, r.body)
		}
	}
	var now hook
	s.asClient(http.MethodGet, "/v1/webhook", "", key).decode(t, &now)
	if now.Secret != "" || len(now.Recent) != 3 || now.Recent[0].Type != "webhook.test" || now.Recent[0].State != "waiting" {
		t.Errorf("%+v", now)
	}
	if r := s.asClient(http.MethodDelete, "/v1/webhook", "", key); r.StatusCode != http.StatusNoContent {
		t.Errorf("removing: %d %s", r.StatusCode, r.body)
	}
	s.isProblem(s.asClient(http.MethodPost, "/v1/webhook/test", "", key), http.StatusNotFound, "no_webhook")
	s.isProblem(s.asClient(http.MethodDelete, "/v1/webhook", "", key), http.StatusNotFound, "no_webhook")
	s.has(s.get(clientsPath, s.officer()...), 200, "The client itself set the webhook", "The client itself removed the webhook")
	if log := s.log.String(); strings.Contains(log, "whsec_") || strings.Contains(log, "town.example") {
		t.Error("the log has the secret or the address")
	}
}

func TestAWebhookNeedsAKeyAndAPublicAddress(t *testing.T) {
	s := newService(t)
	key, _ := s.newClient("Town Hall", 10)
	s.isProblem(s.get("/v1/webhook"), http.StatusUnauthorized, "api_key_needed")
	s.isProblem(s.do(s.request(http.MethodPut, "/v1/webhook", strings.NewReader(town), "Content-Type", "application/json")), http.StatusUnauthorized, "api_key_needed")
	for _, url := range []string{"http://hooks.town.example", "https://127.0.0.1/", "https://localhost", "https://user:pass@hooks.town.example", "https://hooks.town.example:22", "ftp://x", ""} {
		p := s.isProblem(s.asClient(http.MethodPut, "/v1/webhook", `{"url": "`+url+`"}`, key), http.StatusUnprocessableEntity, "invalid_webhook_url")
		if len(p.Errors) != 1 || p.Errors[0].Location != "body.url" {
			t.Errorf("%s: %+v", url, p)
		}
	}
	s.isProblem(s.asClient(http.MethodGet, "/v1/webhook", "", key), http.StatusNotFound, "no_webhook")
}

func TestAClientSeesItsOwnWebhookOnly(t *testing.T) {
	s := newService(t)
	first, _ := s.newClient("Town Hall", 10)
	r := s.sendForm(clientsPath+"/new/add", "name=Photo+Shop&photos_per_day=5", s.officer()...)
	second := string(keyOnPage.Find(r.body))
	s.setsHook(first, town)
	s.isProblem(s.asClient(http.MethodGet, "/v1/webhook", "", second), http.StatusNotFound, "no_webhook")
	s.isProblem(s.asClient(http.MethodDelete, "/v1/webhook", "", second), http.StatusNotFound, "no_webhook")
	if h := s.setsHook(second, `{"url": "https://shop.example"}`); h.URL != "https://shop.example" || h.Secret == "" {
		t.Errorf("%+v", h)
	}
	var h hook
	s.asClient(http.MethodGet, "/v1/webhook", "", first).decode(t, &h)
	if h.URL != "https://hooks.town.example/photos" {
		t.Errorf("%+v", h)
	}
}

func TestWhatBecomesOfAClientsUploadIsToldAndOfOthersNot(t *testing.T) {
	s := newService(t)
	key, _ := s.newClient("Town Hall", 10)
	s.setsHook(key, town)
	var mine accepted
	s.uploadWith(key).decode(t, &mine)
	s.finish(mine, "a picture")
	s.finish(s.upload(), "another")
	var h hook
	s.asClient(http.MethodGet, "/v1/webhook", "", key).decode(t, &h)
	if len(h.Recent) != 1 || h.Recent[0].Type != "photo.ready" {
		t.Errorf("%+v", h)
	}
	s.do(s.request(http.MethodDelete, mine.path(""), nil, mine.bearer()...))
	h = hook{}
	s.asClient(http.MethodGet, "/v1/webhook", "", key).decode(t, &h)
	states := map[string]string{}
	for _, n := range h.Recent {
		states[n.Type] = n.State
	}
	if len(h.Recent) != 2 || states["photo.ready"] != "dropped" || states["photo.erased"] != "waiting" {
		t.Errorf("%+v", h)
	}
}

func TestAnOfficerSetsAClientsWebhookAndSeesHowItDoes(t *testing.T) {
	s := newService(t)
	_, path := s.newClient("Town Hall", 10)
	s.has(s.sendForm(path+"/webhook", "url=http%3A%2F%2Fhooks.town.example", s.officer()...), 422, "must begin with https://", `value="http://hooks.town.example"`)
	r := s.sendForm(path+"/webhook", "url=https%3A%2F%2Fhooks.town.example%2Fx", s.officer()...)
	s.has(r, 200, "whsec_", "shown this once")
	s.isRedirect(s.sendForm(path+"/webhook", "url=https%3A%2F%2Fhooks.town.example%2Fy&secret=keep", s.officer()...))
	s.isRedirect(s.sendForm(path+"/test", "", s.officer()...))
	s.has(s.get(clientsPath, s.officer()...), 200, "https://hooks.town.example/y", "nothing was delivered yet", "webhook.test, waiting", "set the webhook")

	hooks, id := sqlstore.NewWebhooks(s.db), apiclient.ID(path[len(clientsPath)+1:])
	next, err := hooks.Next(t.Context(), id, s.clock.Now(), 1)
	s.must(err)
	n, held, err := hooks.Claim(t.Context(), next[0], s.clock.Now())
	s.must(err)
	s.must(hooks.Finish(t.Context(), n, held, n.After(1, webhook.Failure{Trouble: webhook.Answered410, Code: 410}, 0, s.clock.Now())))
	s.has(s.get(clientsPath, s.officer()...), 200, "switched off", "it answered 410")
	s.has(s.sendForm(path+"/unhook", "", s.signedIn("reader")...), 403)
	s.isRedirect(s.sendForm(path+"/unhook", "", s.officer()...))
	s.hasNot(s.get(clientsPath, s.officer()...), "https://hooks.town.example/y")
}

func TestARevokedClientsPhotosGoOnAndAreToldToNobody(t *testing.T) {
	s := newService(t)
	key, path := s.newClient("Town Hall", 10)
	s.setsHook(key, town)
	var mine accepted
	s.uploadWith(key).decode(t, &mine)
	s.isRedirect(s.sendForm(path+"/revoke", "version=1", s.officer()...))
	s.finish(mine, "a picture")
	if r := s.get(mine.path(""), mine.bearer()...); r.StatusCode != http.StatusOK {
		t.Errorf("the photo: %d", r.StatusCode)
	}
	by, _, err := sqlstore.NewWebhooks(s.db).Counts(t.Context(), s.clock.Now().Add(time.Hour))
	s.must(err)
	if len(by) != 0 {
		t.Errorf("notices: %v", by)
	}
	if p, err := s.photos.Get(t.Context(), photo.ID(mine.ID)); err != nil || p.Status != photo.Ready {
		t.Errorf("%v %v", p.Status, err)
	}
}
