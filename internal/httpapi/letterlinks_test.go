package httpapi_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/httpapi"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

func TestALinkWhoseTimeIsOverCanBeRenewedOnItsPage(t *testing.T) {
	c := newCounter(t)
	c.shows(c.sends("/privacy/requests", url.Values{"kind": {"access"}, "proof": {"email"}, "email": {"ada@mail.example"}}), http.StatusOK)
	r := c.newest()
	old := c.mailed(r)
	c.clock.Forward(subjectrequest.LinkLife)
	page := c.shows(c.sends("/privacy/confirm", url.Values{"token": {old.Token.Reveal()}}), http.StatusGone, "The time of this link is over", "Mail me a new link", `name="again"`)
	if strings.Contains(page, "mail.example") {
		t.Error("the page tells the address")
	}
	again := url.Values{"token": {old.Token.Reveal()}, "again": {"yes"}}
	c.shows(c.sends("/privacy/confirm", again), http.StatusOK, "A new link is on its way")
	c.shows(c.sends("/privacy/confirm", again), http.StatusNotFound, "opens nothing here")
	fresh := c.mailed(r)
	c.shows(c.sends("/privacy/confirm", url.Values{"code": {strings.ToUpper(fresh.Spoken())}}), http.StatusOK, "Your address is confirmed", "being put together")
}

func TestWhatOpensNothingIsToldSoInTheSameWords(t *testing.T) {
	c := newCounter(t)
	for _, form := range []url.Values{nil, {"token": {secret.NewKey().Reveal()}}, {"code": {"abcde-fghij"}}, {"code": {"<b>"}}, {"token": {"' OR 1=1"}}} {
		c.shows(c.sends("/privacy/confirm", form), http.StatusNotFound, "This link or code opens nothing here")
		c.shows(c.sends("/privacy/answer", form), http.StatusNotFound, "This opens nothing here")
	}
	c.shows(c.sends("/privacy/answer", url.Values{"code": {strings.Repeat("x", 1<<20)}}), http.StatusRequestEntityTooLarge)
}

// allowance lets so many through.
type allowance struct{ left int }

func (a *allowance) Allow(context.Context, string) (time.Duration, error) {
	if a.left--; a.left < 0 {
		return 90 * time.Second, nil
	}
	return 0, nil
}

func TestWhoTriesTenInARowHasToWaitOnAllForms(t *testing.T) {
	c := newCounter(t, func(o *httpapi.Options) { o.FormLimiter = &allowance{10} })
	for range 10 {
		c.shows(c.sends("/privacy/answer", url.Values{"code": {"abcde-fghij"}}), http.StatusNotFound)
	}
	for _, path := range []string{"/privacy/answer", "/privacy/answer/archive", "/privacy/answer/withdraw", "/privacy/confirm", "/privacy/requests", "/photos/unknown/requests"} {
		r := c.sends(path, url.Values{"code": {"abcde-fghij"}})
		c.shows(r, http.StatusTooManyRequests, "Wait a minute")
		if r.Header.Get("Retry-After") != "90" {
			t.Errorf("%s: %v", path, r.Header)
		}
	}
	s := c.do(c.request(http.MethodPost, "/v1/subject-requests", strings.NewReader("{}"), "Content-Type", "application/json"))
	c.isProblem(s, http.StatusTooManyRequests, "too_many_forms")
	c.shows(c.get("/privacy/answer"), http.StatusOK)
}

func TestTheOutsideScriptIsNotLoadedWhereSecretsAre(t *testing.T) {
	c := newCounter(t, counted)
	yes := c.choose("accept")
	for _, path := range []string{"/privacy/requests", "/privacy/confirm", "/privacy/answer"} {
		if loads, _ := c.loads(path, "Cookie", yes); loads {
			t.Errorf("%s loads it", path)
		}
		if r := c.get(path); r.Header.Get("Referrer-Policy") != "no-referrer" || r.Header.Get("Cache-Control") != "private, no-store" {
			t.Errorf("%s: %v", path, r.Header)
		}
	}
}
