package httpapi_test

import (
	"strings"
	"testing"
)

// A person who typed an address wrongly is told so on a page, a program in JSON.
func TestWhatIsOutOfPlaceIsToldToPeopleOnAPageAndToProgramsInJSON(t *testing.T) {
	s := newService(t)
	browser := []string{"Accept", "text/html,application/xhtml+xml,*/*;q=0.8"}
	foreign := []string{"Origin", "https://elsewhere.example", "Sec-Fetch-Site", "cross-site"}
	for _, tt := range []struct {
		method, path string
		headers      []string
		status       int
		says, code   string
	}{
		{"GET", "/nothing", nil, 404, "There is nothing at this address", "no_such_address"},
		{"PUT", "/privacy", nil, 405, "does not take this method", "method_not_allowed"},
		{"POST", "/privacy/requests", foreign, 403, "from a page of another site", "cross_origin"},
	} {
		page := s.do(s.request(tt.method, tt.path, nil, append(browser, tt.headers...)...))
		s.has(page, tt.status, tt.says)
		if strings.Contains(string(page.body), "This photo is not here") {
			t.Errorf("%s %s speaks of a photo", tt.method, tt.path)
		}
		s.isProblem(s.do(s.request(tt.method, tt.path, nil, tt.headers...)), tt.status, tt.code)
	}
	s.isProblem(s.get("/v1/nothing", browser...), 404, "no_such_address")
	s.isProblem(s.do(s.request("POST", "/v1/photos", nil, append(browser, foreign...)...)), 403, "cross_origin")
}

func TestARequestThatIsTooLongIsAnsweredWithItsForm(t *testing.T) {
	s := newService(t)
	long := "kind=access&proof=email&email=ada%40mail.example&message=" + strings.Repeat("x", 1<<20)
	r := s.do(s.request("POST", "/privacy/requests", strings.NewReader(long), "Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "same-origin"))
	s.has(r, 413, "<form", "shorten the text")
}
