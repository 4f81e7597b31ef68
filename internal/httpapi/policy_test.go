package httpapi_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/httpapi"
	"github.com/passportphotogenie/passportphotogenie/internal/policy"
	"github.com/passportphotogenie/passportphotogenie/internal/register"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
)

func told(o *httpapi.Options) {
	o.Facts.Controller = policy.Controller{
		Name: "Photos & Sons Ltd", Address: "1 High Street, Dublin", Email: "privacy@photos.example", ShineTheLight: "light@photos.example",
		Authority: "the authority of the test",
	}
}

func TestThePolicyNamesWhoRunsTheServiceAndWhoWorksForThem(t *testing.T) {
	s := newService(t, told)
	r := s.get("/privacy")
	s.has(r, 200, "Photos &amp; Sons Ltd", "1 High Street, Dublin", `href="mailto:privacy@photos.example"`, `href="mailto:light@photos.example"`,
		"the authority of the test", "At the moment nobody is in it", "<code>photo_key</code>", "Lines of the access log")
	for _, anchor := range []string{"face", "cookies", "children", "rights", "california", "processors", "kept", "changes"} {
		if !strings.Contains(string(r.body), `id="`+anchor+`"`) {
			t.Errorf("there is no section %s", anchor)
		}
	}
	if found := regexp.MustCompile(`\{#|\{\{|\*\*|not set on this machine`).FindString(string(r.body)); found != "" {
		t.Errorf("the page shows %q", found)
	}

	_, err := sqlstore.NewProcessors(s.db).Add(t.Context(), register.Processor{
		Name: "A <host> Ltd", Role: "runs the machines", Region: "Ireland", ContractDate: s.clock.Now(),
	}, audit.Event{At: s.clock.Now(), Actor: "desk-a", Action: audit.AddProcessor, Outcome: audit.Allowed})
	s.must(err)
	s.has(s.get("/privacy"), 200, "A &lt;host&gt; Ltd", "runs the machines", "Ireland")

	s.must(s.db.Close())
	s.has(s.get("/privacy"), 200, "The list can't be read at the moment")
}

func TestEachVersionOfThePolicyHasItsPage(t *testing.T) {
	s := newService(t)
	s.has(s.get("/privacy/1"), 200, "Version 1, of 25 November 2026", "highly realistic facial transformations")
	for _, path := range []string{"/privacy/0", "/privacy/2000", "/privacy/x", "/privacy/notice"} {
		s.has(s.get(path), 404, "There is no such version")
	}
}

func TestTheAPINamesThePolicyInForce(t *testing.T) {
	s := newService(t)
	var got struct {
		Version  int
		Date     string
		Changed  []string
		Links    map[string]string
		Versions []struct{ Page string }
	}
	s.get("/v1/policy").decode(t, &got)
	if got.Version != 1 || got.Date != "2026-11-25" || len(got.Changed) < 5 || !strings.Contains(got.Changed[0], "the opposite holds") || len(got.Versions) != 1 {
		t.Errorf("got %+v", got)
	}
	s.has(s.get(got.Links["page"]), 200, "Privacy policy")
	s.has(s.get("/"), 200, "Privacy policy, version 1 of 25 November 2026", `<a href="/privacy#california">Your Privacy Rights</a>`)
}

func TestTheNoticeStaysUntilItIsClosed(t *testing.T) {
	s := newService(t)
	a := s.ready("us-passport", "a picture")
	key := "photo_key=" + a.Key
	for _, path := range []string{"/", "/privacy", "/photos/" + a.ID} {
		s.has(s.get(path, "Cookie", key), 200, "changed on 25 November 2026", `value="`+path+`"`, "the opposite holds")
	}
	const kind = "application/x-www-form-urlencoded"
	r := s.do(s.request("POST", "/privacy/notice", strings.NewReader("version=1&back=/privacy"), "Content-Type", kind))
	if r.StatusCode != 303 || r.Header.Get("Location") != "/privacy" || len(r.Cookies()) != 1 {
		t.Fatalf("got %d to %q with %v", r.StatusCode, r.Header.Get("Location"), r.Cookies())
	}
	closed := r.Cookies()[0].Name + "=" + r.Cookies()[0].Value
	for _, path := range []string{"/", "/privacy", "/photos/" + a.ID} {
		if r := s.get(path, "Cookie", key+"; "+closed); r.StatusCode != 200 || strings.Contains(string(r.body), "changed on") {
			t.Errorf("%s: %d, or the notice is still there", path, r.StatusCode)
		}
	}
	s.has(s.get("/", "Cookie", r.Cookies()[0].Name+"=0"), 200, "changed on") // another version's

	for _, form := range []string{"version=2000", "version=x", ""} {
		r := s.do(s.request("POST", "/privacy/notice", strings.NewReader(form), "Content-Type", kind))
		s.has(r, 422, "This choice is none that our pages offer")
	}
	for _, elsewhere := range []string{"//evil.example", "https://evil.example", `/\evil.example`, "evil", "", "/%2f%2fevil.example/", "/x?y"} {
		r := s.do(s.request("POST", "/privacy/notice", strings.NewReader("version=1&back="+elsewhere), "Content-Type", kind))
		if to := r.Header.Get("Location"); r.StatusCode != 303 || strings.Contains(to, "evil") {
			t.Errorf("%s leads to %q", elsewhere, to)
		}
	}
	foreign := s.request("POST", "/privacy/notice", strings.NewReader("version=1"), "Content-Type", kind, "Sec-Fetch-Site", "cross-site")
	if r := s.do(foreign); r.StatusCode != 403 {
		t.Errorf("another site closes the notice: %d", r.StatusCode)
	}
}

func TestBeforeItsDayANewVersionChangesNothing(t *testing.T) {
	s := newService(t)
	s.clock.Forward(-s.clock.Now().Sub(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)))
	s.has(s.get("/privacy"), 200, "Version 1,") // the first holds from ever
}
