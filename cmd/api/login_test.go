package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/operator"
	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
)

// ask sends a request as a browser with the cookie does, and follows nothing.
func (r running) ask(method, path, form, cookie string) *http.Response {
	r.Helper()
	ask, err := http.NewRequestWithContext(r.Context(), method, r.url+path, strings.NewReader(form))
	if err != nil {
		r.Fatal(err)
	}
	ask.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	ask.Header.Set("Cookie", cookie)
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(ask)
	if err != nil {
		r.Fatal(err)
	}
	resp.Body.Close()
	return resp
}

func TestWhoIsSignedInStaysSoWhenTheAPIIsStartedAgain(t *testing.T) {
	in := testapp.Install(t)
	in.Migrated(t)
	entry, err := operator.Entry("desk-a", "officer", "correct horse battery")
	if err != nil {
		t.Fatal(err)
	}
	in.Env = append(in.Env, "OPERATORS="+entry)
	api := start(t, in)
	form := url.Values{"name": {"desk-a"}, "password": {"correct horse battery"}}.Encode()
	resp := api.ask(http.MethodPost, "/ops/login", form, "")
	if resp.StatusCode != http.StatusSeeOther || len(resp.Cookies()) != 1 {
		t.Fatalf("%d %v", resp.StatusCode, resp.Header)
	}
	cookie := "operator=" + resp.Cookies()[0].Value
	api.Stop()
	again := start(t, in)
	for path, want := range map[string]int{"/ops": 200, "/ops/contests": 200, "/ops/authenticator": 200, "/ops/privacy": 200} {
		if got := again.ask(http.MethodGet, path, "", cookie).StatusCode; got != want {
			t.Errorf("%s after the restart: %d, want %d", path, got, want)
		}
	}
	if got := again.ask(http.MethodGet, "/ops", "", "").StatusCode; got != http.StatusUnauthorized {
		t.Errorf("without the cookie: %d", got)
	}
}
