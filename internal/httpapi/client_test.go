package httpapi_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/clientaddr"
	"github.com/passportphotogenie/passportphotogenie/internal/httpapi"
	"github.com/passportphotogenie/passportphotogenie/internal/ratelimit"
)

// behind trusts proxies of the named networks.
func behind(t *testing.T, proxies string) func(*httpapi.Options) {
	t.Helper()
	p, err := clientaddr.Parse(proxies)
	if err != nil {
		t.Fatal(err)
	}
	return func(o *httpapi.Options) { o.Proxies = p }
}

func TestClientsBehindATrustedProxyAreToldApart(t *testing.T) {
	s := newService(t, behind(t, "127.0.0.1"), limitedTo(t, ratelimit.Rates{Client: 1, All: 100}))
	fields := []field{{"file", "me.jpg", aPreview(t)}, {"document", "", "us-passport"}}
	for i, tt := range []struct {
		told string
		want int
	}{
		{"198.51.100.7", 200},
		{"198.51.100.8", 200},
		{"198.51.100.9, 198.51.100.8", 429}, // what it sent itself does not count
		{"198.51.100.7", 429},
	} {
		if r := s.check(fields, "X-Forwarded-For", tt.told); r.StatusCode != tt.want {
			t.Errorf("preview %d, of %s: %d, want %d", i+1, tt.told, r.StatusCode, tt.want)
		}
	}
}

func TestTheAccessLogHasTheClientsAddressAndNotTheProxys(t *testing.T) {
	s := newService(t, behind(t, "127.0.0.1"))
	s.get("/", "X-Forwarded-For", "198.51.100.7, 2001:db8::7")
	if got := s.lines(1)[0].IP; got != "2001:db8::7" {
		t.Errorf("it has %s", got)
	}
}

func TestWhoGuessesPasswordsBehindAProxyLocksNobodyElseOut(t *testing.T) {
	s := newService(t, behind(t, "127.0.0.1"))
	knock := func(from, password string) int {
		r := httptest.NewRequest("POST", "/ops/login", strings.NewReader(url.Values{"name": {"desk-a"}, "password": {password}}.Encode()))
		r.RemoteAddr = "127.0.0.1:4000"
		r.Header = http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "X-Forwarded-For": {from}}
		w := httptest.NewRecorder()
		s.api.ServeHTTP(w, r)
		return w.Code
	}
	for i := range 10 {
		if code := knock("198.51.100.7", "guess"); code != 401 {
			t.Fatalf("guess %d: %d", i, code)
		}
	}
	if code := knock("198.51.100.7", password); code != 429 {
		t.Errorf("who guessed: %d", code)
	}
	if code := knock("198.51.100.8", password); code != 303 {
		t.Errorf("somebody else: %d", code)
	}
}
