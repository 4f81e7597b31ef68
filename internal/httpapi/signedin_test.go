package httpapi_test

import (
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/passportphotogenie/passportphotogenie/internal/httpapi"
	"github.com/passportphotogenie/passportphotogenie/internal/operator"
	"github.com/passportphotogenie/passportphotogenie/internal/ratelimit"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
)

// gate is that of desk-a, desk-b and reader; see operators.
func (s *service) gate(client redis.UniversalClient, log *slog.Logger, codeNeeded bool) *operator.Gate {
	s.Helper()
	return operator.NewGate(operator.Options{
		List: operators(s.T), Sessions: sqlstore.NewOperatorSessions(s.db), Authenticators: sqlstore.NewAuthenticators(s.db), Sealer: s.master,
		Tally: ratelimit.NewTally(client, "sign-ins"), Trail: sqlstore.NewAudit(s.db), Log: log, Now: s.clock.Now,
		CodeNeeded: codeNeeded, Site: "photos.example",
	})
}

// another is a second process on the same stores, with a gate of its own.
func (s *service) another(change ...func(*operator.Options)) *service {
	s.Helper()
	o := s.options.Gate.(*operator.Gate).Options
	for _, c := range change {
		c(&o)
	}
	b := *s
	b.desks = nil
	b.start(s.options, func(h *httpapi.Options) { h.Gate = operator.NewGate(o) })
	return &b
}

// desk is a browser in which an operator is signed in.
type desk struct {
	cookie, token string
	since         time.Time
}

const html = "text/html,application/xhtml+xml,*/*;q=0.8"

var tokenPattern = regexp.MustCompile(`name="form_token" value="([0-9a-f]{64})"`)

// signIn signs in on the page and returns the answer.
func (s *service) signIn(name, password, code string, headers ...string) reply {
	s.Helper()
	form := url.Values{"name": {name}, "password": {password}, "code": {code}}.Encode()
	return s.do(s.request("POST", "/ops/login", strings.NewReader(form), append(headers, "Content-Type", "application/x-www-form-urlencoded")...))
}

// cookieOf is what a browser sends after the answer.
func cookieOf(r reply) string {
	for _, c := range r.Cookies() {
		if strings.HasSuffix(c.Name, "operator") {
			return c.Name + "=" + c.Value
		}
	}
	return ""
}

// formToken is that of a page's forms.
func formToken(r reply) string {
	if m := tokenPattern.FindSubmatch(r.body); m != nil {
		return string(m[1])
	}
	return ""
}

// signedIn is the cookie of an operator who signed in at this time of the clock.
func (s *service) signedIn(name string) []string {
	s.Helper()
	d, is := s.desks[name]
	if !is || !d.since.Equal(s.clock.Now()) {
		r := s.signIn(name, password, "")
		if r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/ops" {
			s.Fatalf("%s is not let in: %d %s", name, r.StatusCode, r.body)
		}
		d = desk{cookie: cookieOf(r), since: s.clock.Now()}
		page := s.get("/ops", "Cookie", d.cookie)
		if d.token = formToken(page); d.token == "" {
			s.Fatalf("%s is shown no form: %d %s", name, page.StatusCode, page.body)
		}
		if s.desks == nil {
			s.desks = map[string]desk{}
		}
		s.desks[name] = d
	}
	return []string{"Cookie", d.cookie}
}

func (s *service) officer() []string {
	s.Helper()
	return s.signedIn("desk-a")
}

// sendForm sends a form of an operator's page as a browser does, with the token that belongs to the
// cookie among the headers.
func (s *service) sendForm(path, form string, headers ...string) reply {
	s.Helper()
	for _, d := range s.desks {
		for _, h := range headers {
			if h == d.cookie {
				form += "&form_token=" + d.token
			}
		}
	}
	return s.do(s.request("POST", path, strings.NewReader(form), append(headers, "Accept", html, "Content-Type", "application/x-www-form-urlencoded")...))
}
