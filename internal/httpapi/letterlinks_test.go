package httpapi_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/passportphotogenie/passportphotogenie/internal/childreport"
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

func TestABrowserTakesTheSecretOutOfTheLinkAndSendsItWithAClickOnly(t *testing.T) {
	c := newCounter(t)
	b := c.browse()
	c.shows(c.sends("/privacy/requests", url.Values{"kind": {"access"}, "proof": {"email"}, "email": {"ada@mail.example"}}), http.StatusOK)
	r := c.newest()
	token := c.mailed(r).Token.Reveal()
	b.visit("/privacy/confirm#" + token)
	b.do(chromedp.WaitVisible("#linked"))
	at, err := chromedp.Run(b.ctx, chromedp.Location())
	c.must(err)
	if strings.Contains(at, token) || c.newest().Identified() {
		t.Errorf("the address is %s, confirmed: %t", at, c.newest().Identified())
	}
	b.press("main button")
	if !c.newest().Identified() {
		t.Error("the click has not confirmed it")
	}
	c.serves(r)
	b.visit("/privacy/answer#" + c.mailed(r).Token.Reveal())
	b.do(chromedp.WaitVisible("#linked"))
	b.press("main button")
	b.do(chromedp.WaitVisible(`form[action="/privacy/answer/archive"]`))
}

func TestWithoutScriptsARightIsUsedAndTheCodeTypedIn(t *testing.T) {
	c := newCounter(t)
	b := c.browse()
	_, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	c.must(err)
	b.visit("/privacy/requests")
	b.do(chromedp.Click("#kind-shine_the_light"), chromedp.WaitVisible(".shine"), chromedp.Click("#proof-email"), chromedp.SendKeys("#email", "ada@mail.example"))
	b.press("main button")
	r := c.newest()
	b.visit("/privacy/confirm")
	b.do(chromedp.SendKeys("#code", c.mailed(r).Spoken()))
	b.press("main button")
	if !c.newest().Identified() {
		t.Error("the code has not confirmed it")
	}
}

func TestTheLinksOfReportsAboutChildrenLeadToTheSamePages(t *testing.T) {
	c := newCounter(t)
	a := c.ready("us-passport", "a picture")
	r, _, err := c.options.ChildDesk.File(t.Context(), childreport.Filing{Photo: a.ID, Ground: "uploaded_by_child", Words: "My son told me.", Email: "ada@mail.example"})
	c.must(err)
	link := c.mailedAbout(string(r.ID))
	c.shows(c.sends("/privacy/confirm", url.Values{"code": {link.Spoken()}}), http.StatusOK, "Your address is confirmed", "A person decides")
	c.shows(c.sends("/privacy/confirm", url.Values{"token": {link.Token.Reveal()}}), http.StatusGone, "has been used, or its time is over")
	c.clock.Forward(time.Minute)
	now, err := c.options.ChildReports.Find(t.Context(), r.ID)
	c.must(err)
	c.must(c.options.ChildDesk.Decide(t.Context(), r.ID, childreport.Decision{State: childreport.Rejected, Reason: "It is yours.", Officer: "olga", Version: now.Version}))
	answer := c.mailedAbout(string(r.ID))
	c.shows(c.sends("/privacy/answer", url.Values{"code": {answer.Spoken()}}), http.StatusOK, "It is yours.")
	c.shows(c.sends("/privacy/answer", url.Values{"token": {answer.Token.Reveal()}}), http.StatusOK, "It is yours.")
}
