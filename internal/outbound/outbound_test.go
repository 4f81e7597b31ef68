package outbound_test

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/passportphotogenie/passportphotogenie/internal/outbound"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/webhook"
)

var at = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func notice(url string) webhook.Notice {
	n := webhook.NewNotice("aclient", webhook.Event{Kind: webhook.PhotoReady, Photo: photo.NewID(), Document: "us-passport", Revision: 2, Verdict: "ready_to_submit", At: at})
	n.URL = url
	return n
}

// server is one on loopback, with TLS; the poster trusts it and may reach it.
func server(t *testing.T, answer http.HandlerFunc) (*httptest.Server, *outbound.Poster) {
	t.Helper()
	s := httptest.NewUnstartedServer(answer)
	s.EnableHTTP2 = true
	s.StartTLS()
	t.Cleanup(s.Close)
	return s, poster(t, outbound.Loopback(), s)
}

func poster(t *testing.T, r outbound.Rule, trusted *httptest.Server) *outbound.Poster {
	t.Helper()
	roots := x509.NewCertPool()
	if trusted != nil {
		roots.AddCert(trusted.Certificate())
	}
	p := outbound.New(outbound.Options{Rule: r, Roots: roots, Now: time.Now})
	t.Cleanup(func() { _ = p.Close() })
	return p
}

func fails(t *testing.T, err error, want webhook.Trouble, code int) {
	t.Helper()
	var f webhook.Failure
	if !errors.As(err, &f) || f.Trouble != want || f.Code != code {
		t.Errorf("got %v, want %s, %d", err, want, code)
	}
}

func TestANoticeIsSignedAsTheReferenceLibraryVerifies(t *testing.T) {
	raw, written := webhook.NewSecret()
	verifier, err := standardwebhooks.NewWebhook(written.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	var n webhook.Notice
	s, p := server(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if err := verifier.Verify(body, r.Header); err != nil {
			t.Errorf("not verified: %v", err)
		}
		if verifier.Verify(append(body, ' '), r.Header) == nil {
			t.Error("another body is verified too")
		}
		var got struct {
			Type, Timestamp string
			Data            map[string]any
		}
		if err := json.Unmarshal(body, &got); err != nil {
			t.Error(err)
		}
		if got.Type != "photo.ready" || got.Timestamp != "2026-03-01T12:00:00Z" || got.Data["id"] != string(n.Photo) || got.Data["status"] != "ready" || got.Data["revision"] != 2.0 || got.Data["verdict"] != "ready_to_submit" || len(got.Data) != 5 {
			t.Errorf("the body is %s", body)
		}
		if r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json" || r.Header.Get("webhook-id") != string(n.ID) || r.Header.Get("Cookie")+r.Header.Get("Authorization") != "" {
			t.Errorf("%s with %v", r.Method, r.Header)
		}
		w.WriteHeader(http.StatusNoContent)
	})
	n = notice(s.URL + "/hooks?tenant=7")
	if err := p.Post(t.Context(), n, raw); err != nil {
		t.Error(err)
	}
}

func TestAnswersOtherThanTakenAreFailures(t *testing.T) {
	for status, want := range map[int]webhook.Trouble{400: webhook.Refused, 404: webhook.Refused, 410: webhook.Answered410, 429: webhook.Refused, 500: webhook.Refused} {
		s, p := server(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
		fails(t, p.Post(t.Context(), notice(s.URL), nil), want, status)
	}
}

func TestARedirectLeadsNowhere(t *testing.T) {
	var reached atomic.Bool
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Store(true) }))
	t.Cleanup(inside.Close)
	for _, status := range []int{301, 302, 303, 307, 308} {
		s, p := server(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, inside.URL, status) })
		fails(t, p.Post(t.Context(), notice(s.URL), nil), webhook.Refused, status)
	}
	if reached.Load() {
		t.Error("it was followed")
	}
}

func TestAServerThatNeverEndsHoldsNobodyUp(t *testing.T) {
	endless, p := server(t, func(w http.ResponseWriter, _ *http.Request) {
		junk := []byte(strings.Repeat("a", 1<<16))
		for {
			if _, err := w.Write(junk); err != nil {
				return
			}
		}
	})
	if err := p.Post(t.Context(), notice(endless.URL), nil); err != nil {
		t.Errorf("an endless answer that begins well: %v", err)
	}
	silent, p := server(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	fails(t, p.Post(ctx, notice(silent.URL), nil), webhook.TooSlow, 0)
	large, p := server(t, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("X", strings.Repeat("a", 1<<20)) })
	fails(t, p.Post(t.Context(), notice(large.URL), nil), webhook.Unreachable, 0)
}

func TestInProductionNoNameLeadsInside(t *testing.T) {
	var reached atomic.Bool
	s, _ := server(t, func(http.ResponseWriter, *http.Request) { reached.Store(true) })
	p := poster(t, outbound.Public(), s)
	port := s.URL[strings.LastIndex(s.URL, ":")+1:]
	// localhost is a name that resolves to loopback, as anybody's name may.
	for _, url := range []string{s.URL, "https://localhost:" + port, "https://localhost", "https://127.0.0.1", "https://[::1]", "https://[::ffff:127.0.0.1]", "https://0.0.0.0", "https://0x7f000001.localhost"} {
		err := p.Post(t.Context(), notice(url), nil)
		var f webhook.Failure
		if !errors.As(err, &f) || f.Trouble != webhook.NotAllowed && f.Trouble != webhook.Unreachable {
			t.Errorf("%s: %v", url, err)
		}
		if strings.Contains(err.Error(), "127") || strings.Contains(err.Error(), "localhost") {
			t.Errorf("the error repeats the address: %v", err)
		}
	}
	fails(t, p.Post(t.Context(), notice("https://localhost"), nil), webhook.NotAllowed, 0)
	if reached.Load() {
		t.Error("it was reached")
	}
}

func TestTheRuleIsAboutAddressesOfEveryKind(t *testing.T) {
	public := outbound.Public()
	for _, address := range []string{
		"127.0.0.1:443", "127.8.9.1:443", "10.1.2.3:443", "172.16.0.1:443", "172.31.255.1:443", "192.168.1.1:443", "100.64.0.1:443", "169.254.169.254:443",
		"0.0.0.0:443", "224.0.0.1:443", "255.255.255.255:443", "192.0.2.1:443", "198.18.0.1:443", "240.0.0.1:443",
		"[::1]:443", "[::]:443", "[fe80::1]:443", "[fe80::1%eth0]:443", "[fd00:ec2::254]:443", "[fc00::1]:443", "[ff02::1]:443",
		"[::ffff:127.0.0.1]:443", "[::ffff:10.0.0.1]:443", "[::ffff:93.184.216.34]:443", "[64:ff9b::7f00:1]:443", "[64:ff9b::a00:1]:443", "[64:ff9b:1::1]:443", "[2002:7f00:1::]:443", "[2001:db8::1]:443", "[2001::1]:443",
		"93.184.216.34:80", "93.184.216.34:22", "93.184.216.34:8443", "[2606:2800:220:1::1]:80", "nonsense", "",
	} {
		network := "tcp4"
		if strings.HasPrefix(address, "[") {
			network = "tcp6"
		}
		if public(network, address, nil) == nil {
			t.Errorf("%s may be dialled", address)
		}
	}
	for _, address := range []string{"93.184.216.34:443", "8.8.8.8:443"} {
		if err := public("tcp4", address, nil); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
	if err := public("tcp6", "[2606:2800:220:1::1]:443", nil); err != nil {
		t.Error(err)
	}
	if public("udp4", "93.184.216.34:443", nil) == nil || outbound.Loopback()("tcp4", "10.0.0.1:443", nil) == nil {
		t.Error("more is let through than is said")
	}
}

func TestAServerHasToProveItsName(t *testing.T) {
	s, _ := server(t, func(http.ResponseWriter, *http.Request) {})
	fails(t, poster(t, outbound.Loopback(), nil).Post(t.Context(), notice(s.URL), nil), webhook.NotTrusted, 0)
	other := strings.Replace(s.URL, "127.0.0.1", "localhost", 1) // its certificate does not have the name
	fails(t, poster(t, outbound.Loopback(), s).Post(t.Context(), notice(other), nil), webhook.NotTrusted, 0)
	s.Close()
	fails(t, poster(t, outbound.Loopback(), s).Post(t.Context(), notice(s.URL), nil), webhook.Unreachable, 0)
}

func TestNoProxyStandsBetween(t *testing.T) {
	var reached atomic.Bool
	proxy := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Store(true) }))
	t.Cleanup(proxy.Close)
	t.Setenv("HTTPS_PROXY", proxy.URL)
	t.Setenv("https_proxy", proxy.URL)
	p := poster(t, outbound.Public(), nil)
	fails(t, p.Post(t.Context(), notice("https://localhost/"), nil), webhook.NotAllowed, 0)
	if reached.Load() {
		t.Error("a proxy was asked")
	}
}
