package httpapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/httpapi"
)

const script = "https://stats.example/count.js"

func counted(o *httpapi.Options) { o.Facts.Statistics = script }

// loads reports whether a page lets the browser load the outside script, which needs
// both a tag and a content policy, and whether it asks.
func (s *service) loads(path string, headers ...string) (loads, asks bool) {
	s.Helper()
	r := s.get(path, headers...)
	if r.StatusCode != http.StatusOK {
		s.Fatalf("%s: %d", path, r.StatusCode)
	}
	loads = strings.Contains(string(r.body), `src="`+script+`"`)
	csp := r.Header.Get("Content-Security-Policy")
	if open := strings.Contains(csp, "script-src 'self' https://stats.example;") && strings.Contains(csp, "connect-src 'self' https://stats.example;"); open != loads || !loads && strings.Contains(csp, "stats.example") {
		s.Errorf("%s: the script is in the page: %t, and the content policy is %s", path, loads, csp)
	}
	return loads, strings.Contains(string(r.body), "May stats.example count this visit?")
}

func (s *service) choose(choice string, headers ...string) string {
	s.Helper()
	r := s.do(s.request("POST", "/privacy/statistics", strings.NewReader("back=/&choice="+choice), append(headers, "Content-Type", "application/x-www-form-urlencoded")...))
	if r.StatusCode != http.StatusSeeOther || len(r.Cookies()) != 1 {
		s.Fatalf("%s: %d with %v", choice, r.StatusCode, r.Cookies())
	}
	return r.Cookies()[0].Name + "=" + r.Cookies()[0].Value
}

func TestAnOutsideScriptIsLoadedAfterAYesOnly(t *testing.T) {
	s := newService(t, counted)
	yes, no := s.choose("accept"), s.choose("refuse")
	for _, tt := range []struct {
		name        string
		headers     []string
		loads, asks bool
	}{
		{"without a choice", nil, false, true},
		{"after a yes", []string{"Cookie", yes}, true, false},
		{"after a no", []string{"Cookie", no}, false, false},
		{"after a yes to an earlier policy", []string{"Cookie", "statistics_choice=yes-0"}, false, true},
		{"after a no to an earlier policy", []string{"Cookie", "statistics_choice=no-0"}, false, false},
		{"after nonsense", []string{"Cookie", "statistics_choice=true"}, false, true},
		{"with Global Privacy Control", []string{"Sec-GPC", "1"}, false, false},
		{"with Do Not Track", []string{"DNT", "1"}, false, false},
		{"with Global Privacy Control after a yes", []string{"Cookie", yes, "Sec-GPC", "1"}, false, false},
		{"with tracking allowed", []string{"DNT", "0"}, false, true},
	} {
		for _, path := range []string{"/", "/privacy", "/privacy/1"} {
			if loads, asks := s.loads(path, tt.headers...); loads != tt.loads || asks != tt.asks {
				t.Errorf("%s %s: loads %t, asks %t", path, tt.name, loads, asks)
			}
		}
	}
	if got := s.choose("accept", "Sec-GPC", "1"); got != no {
		t.Errorf("a yes against the browser's signal is kept as %s", got)
	}
}

func TestTheScriptNeverRunsWhereAPhotoIsAndCanBeStoppedFromThere(t *testing.T) {
	s := newService(t, counted)
	a := s.ready("us-passport", "a picture")
	cookies := []string{"Cookie", "photo_key=" + a.Key + "; " + s.choose("accept")}
	if loads, _ := s.loads("/photos/"+a.ID, cookies...); loads {
		t.Error("a photo's page loads the script")
	}
	for _, path := range []string{"/photos/" + a.ID, "/", "/privacy"} {
		s.has(s.get(path, cookies...), 200, "You let stats.example count your visits", `value="refuse">Stop that`)
	}
}

// Saying no takes the same step as saying yes.
func TestYesAndNoAreButtonsOfOneKind(t *testing.T) {
	s := newService(t, counted)
	page := string(s.get("/").body)
	yes := `<button class="plain" type="submit" name="choice" value="accept">`
	if !strings.Contains(page, yes) || !strings.Contains(page, strings.Replace(yes, "accept", "refuse", 1)) {
		t.Error("they are not")
	}
}

func TestWithoutAnOutsideScriptNobodyIsAskedAnything(t *testing.T) {
	s := newService(t)
	for _, path := range []string{"/", "/privacy"} {
		r := s.get(path, "Cookie", "statistics_choice=yes-1")
		if csp := r.Header.Get("Content-Security-Policy"); strings.Contains(string(r.body), "/privacy/statistics") || strings.Contains(csp, "http") {
			t.Errorf("%s asks, or lets load: %s", path, csp)
		}
	}
	r := s.do(s.request("POST", "/privacy/statistics", strings.NewReader("choice=accept"), "Content-Type", "application/x-www-form-urlencoded"))
	if len(r.Cookies()) > 0 || r.StatusCode < 400 {
		t.Errorf("the choice is taken: %d", r.StatusCode)
	}
}
