package httpapi_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/httpapi"
)

const townSite = "https://photos.example:8443"

func sharedWith(origins ...string) func(*httpapi.Options) {
	return func(o *httpapi.Options) { o.CORSOrigins = origins }
}

func (s *service) preflight(path, origin, method string, headers ...string) reply {
	s.Helper()
	asks := []string{"Origin", origin, "Access-Control-Request-Method", method}
	if len(headers) > 0 {
		asks = append(asks, "Access-Control-Request-Headers", strings.Join(headers, ","))
	}
	return s.do(s.request(http.MethodOptions, path, nil, asks...))
}

// opens checks whether the answer lets the page of the origin read it.
func (s *service) opens(r reply, origin string, want bool) {
	s.Helper()
	got := r.Header.Values("Access-Control-Allow-Origin")
	if want && !slices.Equal(got, []string{origin}) || !want && len(got) > 0 {
		s.Errorf("%s %s: opened to %q", r.Request.Method, r.Request.URL.Path, got)
	}
	if r.Header.Get("Access-Control-Allow-Credentials") != "" {
		s.Errorf("%s %s: cookies are let in", r.Request.Method, r.Request.URL.Path)
	}
}

func TestAPageOfANamedSiteUsesTheAPIFromUploadToDeletion(t *testing.T) {
	s := newService(t, sharedWith("https://other.example", townSite))
	asked := s.preflight("/v1/photos", townSite, "POST", "content-type", "idempotency-key")
	s.opens(asked, townSite, true)
	if asked.StatusCode != http.StatusNoContent || asked.Header.Get("Access-Control-Allow-Methods") != "POST" || asked.Header.Get("Access-Control-Max-Age") != "3600" || len(asked.body) > 0 {
		t.Errorf("%d %v %s", asked.StatusCode, asked.Header, asked.body)
	}
	from := []string{"Origin", townSite, "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "cors"}
	r := s.post([]field{{"file", "me.jpg", portrait(t)}, {"document", "", "us-passport"}}, from...)
	if r.StatusCode != http.StatusAccepted {
		t.Fatalf("%d %s", r.StatusCode, r.body)
	}
	s.opens(r, townSite, true)
	for _, name := range []string{"Location", "Retry-After", "Erasure-Receipt", "Anonymous-Id"} {
		if !strings.Contains(r.Header.Get("Access-Control-Expose-Headers"), name) {
			t.Errorf("%s can't be read: %v", name, r.Header)
		}
	}
	var a accepted
	r.decode(t, &a)
	for _, method := range []string{"GET", "PATCH", "DELETE"} {
		s.opens(s.preflight(a.path(""), townSite, method, "authorization", "content-type"), townSite, true)
	}
	seen := s.get(a.path(""), append(from, a.bearer()...)...)
	s.opens(seen, townSite, true)
	if !slices.Contains(seen.Header.Values("Vary"), "Origin") {
		t.Errorf("a cache may give the answer to others: %v", seen.Header)
	}
	gone := s.do(s.request(http.MethodDelete, a.path(""), nil, append(from, a.bearer()...)...))
	if s.opens(gone, townSite, true); gone.StatusCode != http.StatusNoContent {
		t.Errorf("deleting: %d %s", gone.StatusCode, gone.body)
	}
}

func TestOriginsThatOnlyLookLikeANamedOneAreOthers(t *testing.T) {
	s := newService(t, sharedWith("https://photos.example", townSite))
	for _, origin := range []string{
		"null", "*", "", "https://photos.example.evil.test", "https://evil-photos.example", "https://evil.photos.example", "http://photos.example",
		"https://photos.example:443", "https://photos.example:8444", "https://PHOTOS.example", "https://photos.example/", "https://photos.example@evil.test",
		"https://photos.example, https://evil.test", "https://photos.examp1e", "https://photos.example\u0000", "HTTPS://photos.example",
	} {
		if strings.Contains(origin, "\x00") {
			origin = strings.ReplaceAll(origin, "\x00", "%00")
		}
		s.opens(s.preflight("/v1/photos", origin, "POST"), origin, false)
		s.opens(s.get("/v1/documents", "Origin", origin), origin, false)
		if origin == "" {
			continue // no browser's, or no page's
		}
		r := s.post([]field{{"file", "me.jpg", portrait(t)}, {"document", "", "us-passport"}}, "Origin", origin, "Sec-Fetch-Site", "cross-site")
		s.isProblem(r, http.StatusForbidden, "cross_origin")
		s.opens(r, origin, false)
	}
	two := s.post([]field{{"file", "me.jpg", portrait(t)}, {"document", "", "us-passport"}}, "Origin", townSite, "Origin", "https://evil.test", "Sec-Fetch-Site", "cross-site")
	s.isProblem(two, http.StatusForbidden, "cross_origin")
	s.nothingLeft()
}

func TestWhatANamedSiteMayNotSendIsRefusedByThePreflight(t *testing.T) {
	s := newService(t, sharedWith(townSite))
	for _, method := range []string{"TRACE", "CONNECT", "post", "PROPFIND", "GET, DELETE"} {
		s.opens(s.preflight("/v1/photos", townSite, method), townSite, false)
	}
	for _, header := range []string{"api-key", "cookie", "x-forwarded-for", "*"} {
		s.opens(s.preflight("/v1/photos", townSite, "POST", header), townSite, false)
	}
}

func TestNoCookieGoesAlongFromANamedSite(t *testing.T) {
	s := newService(t, sharedWith(townSite))
	a := s.upload()
	cookie := []string{"Origin", townSite, "Sec-Fetch-Site", "same-site", "Cookie", "photo_key=" + a.Key}
	s.isProblem(s.do(s.request(http.MethodDelete, a.path(""), nil, cookie...)), http.StatusForbidden, "cross_origin")
	s.isProblem(s.post([]field{{"file", "me.jpg", portrait(t)}, {"document", "", "us-passport"}}, cookie...), http.StatusForbidden, "cross_origin")
	if r := s.get(a.path(""), a.bearer()...); r.StatusCode != http.StatusOK {
		t.Errorf("the photo is gone: %d", r.StatusCode)
	}
	s.opens(s.get(a.path(""), cookie...), townSite, true) // which browsers don't show without Allow-Credentials
}

func TestPagesAreSharedWithNobody(t *testing.T) {
	s := newService(t, sharedWith(townSite))
	for _, path := range []string{"/", "/photos", "/privacy", "/ops", "/ops/api-clients", "/ops/login", "/openapi.json", "/v1"} {
		s.opens(s.get(path, "Origin", townSite), townSite, false)
		s.opens(s.preflight(path, townSite, "POST"), townSite, false)
	}
	r := s.do(s.request(http.MethodPost, "/privacy/notice", strings.NewReader("version=1"), "Origin", townSite, "Sec-Fetch-Site", "cross-site", "Content-Type", "application/x-www-form-urlencoded"))
	s.isProblem(r, http.StatusForbidden, "cross_origin")
}

func TestWithoutTheSettingNoOtherSiteIsLetIn(t *testing.T) {
	s := newService(t)
	s.opens(s.preflight("/v1/photos", townSite, "POST"), townSite, false)
	s.opens(s.get("/v1/documents", "Origin", townSite), townSite, false)
	s.opens(s.get("/v1/documents", "Origin", "null"), townSite, false)
}
