package httpapi_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/httpapi"
	"github.com/passportphotogenie/passportphotogenie/internal/policy"
)

// jar collects what answers set, by name.
type jar map[string]time.Duration

func (j jar) take(t *testing.T, r reply) {
	t.Helper()
	for _, c := range r.Cookies() {
		if c.MaxAge < 0 {
			continue // it is taken away
		}
		if life := time.Duration(c.MaxAge) * time.Second; j[c.Name] != 0 && j[c.Name] != life {
			t.Errorf("%s is set for %s and for %s", c.Name, j[c.Name], life)
		} else {
			j[c.Name] = life
		}
		if !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteStrictMode && c.SameSite != http.SameSiteLaxMode || c.Domain != "" {
			t.Errorf("a careless cookie: %s", c.Raw)
		}
	}
}

// everyRoute asks for every address that is served, as an officer who also has a
// photo's key.
func (s *service) everyRoute(j jar) {
	s.Helper()
	a := s.ready("us-passport", "a picture")
	for _, route := range s.api.Routes() {
		if strings.HasSuffix(route.Path, "/events") {
			continue // does not end
		}
		path := strings.NewReplacer(":id", a.ID, ":version", "1", ":name", "app.js").Replace(route.Path)
		headers := []string{"Cookie", "photo_key=" + a.Key}
		if strings.HasPrefix(path, "/ops") {
			headers = append(headers, s.officer()...)
		}
		j.take(s.T, s.do(s.request(route.Method, path, nil, headers...)))
	}
}

// The list of cookies is all there is, and all of it is there.
func TestTheListOfCookiesIsWhatIsSet(t *testing.T) {
	for name, change := range map[string]func(*httpapi.Options){"by default": func(*httpapi.Options) {}, "with outside statistics": counted} {
		t.Run(name, func(t *testing.T) {
			s := newService(t, change)
			set := jar{}
			s.everyRoute(set)
			if len(set) > 0 {
				t.Errorf("without an upload or a choice there are already %v", set)
			}

			set.take(t, s.post([]field{{"document", "", "us-passport"}, {"file", "me.jpg", portrait(t)}}))
			set.take(t, s.send(field{"document", "", "us-passport"}, field{"file", "me.jpg", portrait(t)}, statement, points))
			const kind = "application/x-www-form-urlencoded"
			set.take(t, s.do(s.request("POST", "/privacy/notice", strings.NewReader("version=1"), "Content-Type", kind)))
			set.take(t, s.do(s.request("POST", "/privacy/statistics", strings.NewReader("choice=accept"), "Content-Type", kind)))
			listed := jar{}
			for _, c := range policy.Cookies(name != "by default") {
				listed[c.Name] = c.Life
			}
			page := string(s.get("/privacy").body)
			for _, c := range slices.Sorted(maps.Keys(listed)) {
				if !strings.Contains(page, "<td><code>"+c+"</code></td>") {
					t.Errorf("the page does not list %s", c)
				}
			}
			delete(listed, policy.OperatorCookie) // operators' pages have tests of their own
			if !maps.Equal(set, listed) {
				t.Errorf("set are %v, listed %v", set, listed)
			}
		})
	}
}
