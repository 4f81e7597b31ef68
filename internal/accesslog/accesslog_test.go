package accesslog

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

const someID = "mzsx6ytboa2dcmzsgq2dgnrugu"

func TestARequestIsCutDownToWhatThePolicySays(t *testing.T) {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	got := Seen{
		At: at, IP: "192.0.2.7", Method: "GET", Route: "/v1/photos/:id/print-sheet", Photo: someID, Visitor: someID,
		Query: "paper=a4&dpi=600&key=secret&copies=fill", UserAgent: firefox, Referrer: "https://Example.org:8443/me?token=1", Status: 200, Bytes: 4711,
	}.Entry()
	want := Entry{
		Name: got.Name, At: at, IP: "192.0.2.7", Method: "GET", Route: "/v1/photos/:id/print-sheet", Photo: someID, Visitor: someID,
		Query: "copies=fill&dpi=600&paper=a4", Browser: "Firefox 140", OS: "Linux", Referrer: "https://example.org:8443", Status: 200, Bytes: 4711,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if u := got.URL(); u != "/v1/photos/"+someID+"/print-sheet?copies=fill&dpi=600&paper=a4" {
		t.Errorf("the address is %s", u)
	}
}

func TestOfAUserAgentTwoKnownNamesAreKept(t *testing.T) {
	for ua, want := range map[string]string{
		firefox: "Firefox 140, Linux",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36":                                     "Chrome 139, Windows",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1":             "Safari 18, iOS",
		"Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36":          "Samsung Browser 28, Android",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36 Edg/139.0.0.0 (owner: Anna Example)": "Edge 139, Windows",
		"curl/8.14.1":             "curl 8, other",
		"AnnaExample/1.0":         "other, other",
		"key=mzsx6ytboa2dcmzsgq2": "other, other",
		"":                        ", ",
	} {
		browser, os := program(ua)
		if got := browser + ", " + os; got != want {
			t.Errorf("%s: %s, want %s", ua, got, want)
		}
	}
}

func TestOfAReferrerTheOriginIsKept(t *testing.T) {
	for referrer, want := range map[string]string{
		"https://example.org/anna?q=secret#x":     "https://example.org",
		"http://user:password@example.org/":       "http://example.org",
		"android-app://com.example":               "",
		"javascript:alert(1)":                     "",
		"=cmd|' /C calc'!A0":                      "",
		"https://" + strings.Repeat("a", 101):     "",
		"https://exa mple.org/":                   "",
		"/photos/x":                               "",
		"":                                        "",
		"https://xn--mnchen-3ya.example/passfoto": "https://xn--mnchen-3ya.example",
	} {
		if got := origin(referrer); got != want {
			t.Errorf("%s: %q, want %q", referrer, got, want)
		}
	}
}

func TestNoKeyComesThroughWhereverItIsPut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.StringMatching(`[a-zA-Z0-9_-]{12,60}`).Draw(t, "key")
		if _, isName := ParseVisitor(key); isName {
			t.Skip("has the form of an ID")
		}
		put := rapid.SampledFrom([]string{"%s", "/%s", "?%s=1", "k=%s", "paper=%s", "paper=a4&copies=%s", "https://example.org/%s", "https://example.org/?k=%s#%[1]s", "https://%s@example.org", "Firefox/%s", "Mozilla/5.0 (%s; Linux) %[1]s/1.0"})
		in := func(name string) string { return fmt.Sprintf(put.Draw(t, name), key) }
		e := Seen{Route: "/v1/photos/:id", Photo: in("photo"), Query: in("query"), Visitor: in("visitor"), UserAgent: in("user agent"), Referrer: in("referrer")}.Entry()
		e.Name = ""
		if strings.Contains(fmt.Sprintf("%+v %s", e, e.URL()), key) {
			t.Fatalf("%q is in %+v", key, e)
		}
	})
}
