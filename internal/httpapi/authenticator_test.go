package httpapi_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/passportphotogenie/passportphotogenie/internal/httpapi"
	"github.com/passportphotogenie/passportphotogenie/internal/operator"
	"github.com/passportphotogenie/passportphotogenie/internal/policy"
)

// production asks for a code beside the password, and for TLS.
func production(o *httpapi.Options) {
	o.Production = true
	o.Gate.(*operator.Gate).CodeNeeded = true
}

// phone is an authenticator.
type phone struct {
	s      *service
	secret string
}

var secretPattern = regexp.MustCompile(`<code class="secret">([A-Z2-7 ]+)</code>`)

// scan reads the secret from the page on which an authenticator is set up.
func (s *service) scan(page reply) phone {
	s.Helper()
	m := secretPattern.FindSubmatch(page.body)
	if m == nil {
		s.Fatalf("no secret on the page: %d %s", page.StatusCode, page.body)
	}
	return phone{s, strings.ReplaceAll(string(m[1]), " ", "")}
}

// code is what the phone shows after a time.
func (p phone) code(after time.Duration) string {
	code, err := totp.GenerateCode(p.secret, p.s.clock.Now().Add(after))
	p.s.must(err)
	return code
}

// post sends a form of the page that is open in a browser.
func (s *service) postFrom(page reply, cookie, path string, form url.Values) reply {
	s.Helper()
	form.Set("form_token", formToken(page))
	return s.do(s.request("POST", path, strings.NewReader(form.Encode()), "Cookie", cookie, "Accept", html, "Content-Type", "application/x-www-form-urlencoded"))
}

var recoveryPattern = regexp.MustCompile(`<code>([a-z2-7]{4}(?:-[a-z2-7]{4}){3})</code>`)

// enrol sets an authenticator up for whoever has the cookie.
func (s *service) enrol(cookie string) (p phone, codes []string, now string) {
	s.Helper()
	page := s.get("/ops/authenticator", "Cookie", cookie)
	p = s.scan(page)
	r := s.postFrom(page, cookie, "/ops/authenticator", url.Values{"code": {p.code(0)}})
	for _, m := range recoveryPattern.FindAllSubmatch(r.body, -1) {
		codes = append(codes, string(m[1]))
	}
	if now = cookieOf(r); r.StatusCode != 200 || len(codes) != 10 || now == "" {
		s.Fatalf("not set up: %d %s", r.StatusCode, r.body)
	}
	return p, codes, now
}

func TestInProductionAnOperatorGetsNoFurtherThanToSetAnAuthenticatorUp(t *testing.T) {
	onBoth(t, func(t *testing.T, database string) {
		s := newServiceOn(t, database, production)
		r := s.signIn("desk-a", password, "")
		if c := r.Cookies()[0]; r.Header.Get("Location") != "/ops/authenticator" || c.Name != policy.OperatorCookie || !c.Secure || c.Path != "/" || c.Domain != "" {
			t.Fatalf("%v", r.Header)
		}
		pending, elsewhere := cookieOf(r), cookieOf(s.signIn("desk-a", password, ""))
		for _, path := range []string{"/ops", "/ops/contests", "/ops/access-log", "/ops/nothing"} {
			s.isProblem(s.get(path, "Cookie", pending), 403, "authenticator_needed")
			if r := s.get(path, "Cookie", pending, "Accept", html); r.StatusCode != 303 || r.Header.Get("Location") != "/ops/authenticator" {
				t.Errorf("%s: %d %v", path, r.StatusCode, r.Header)
			}
		}
		page := s.get("/ops/authenticator", "Cookie", pending)
		s.has(page, 200, `<svg class="qr"`, "Before you go on", "Signed in as desk-a", "Sign out")
		if strings.Contains(string(page.body), `href="/ops/contests"`) {
			t.Error("pages are offered that are not open")
		}
		p := s.scan(page)
		if again := s.scan(s.get("/ops/authenticator", "Cookie", pending)); again != p {
			t.Error("a reloaded page shows another secret")
		}
		s.has(s.postFrom(page, pending, "/ops/authenticator", url.Values{"code": {"12345"}}), 422, "The code is wrong", p.secret[:4])

		r = s.postFrom(page, pending, "/ops/authenticator", url.Values{"code": {p.code(0)}})
		s.has(r, 200, "not shown again", `href="/ops/contests"`)
		now := cookieOf(r)
		if s.open(now) != 200 || s.open(pending) != 401 || s.open(elsewhere) != 401 {
			t.Errorf("this session %d, its former token %d, another session %d", s.open(now), s.open(pending), s.open(elsewhere))
		}
		s.has(s.get("/ops", "Cookie", now), 200, "You have 10 recovery codes left.")
		if lines := s.comings(); !slices.Contains(lines, "desk-a totp_enrolled allowed") {
			t.Errorf("the trail is %v", lines)
		}
		var sealed []byte
		s.must(s.db.QueryRow("SELECT sealed FROM operator_authenticators").Scan(&sealed))
		if strings.Contains(string(sealed), p.secret) {
			t.Error("the secret lies in the database as it is")
		}
	})
}

func TestACodeOpensOnceAndOnlyAroundItsTime(t *testing.T) {
	onBoth(t, func(t *testing.T, database string) {
		s := newServiceOn(t, database, production)
		p, _, _ := s.enrol(cookieOf(s.signIn("desk-a", password, "")))
		refused := func(why, password, code string) {
			t.Helper()
			if r := s.signIn("desk-a", password, code); r.StatusCode != 401 || cookieOf(r) != "" {
				t.Errorf("%s: %d %s", why, r.StatusCode, r.body)
			}
		}
		accepted := func(why, code string) {
			t.Helper()
			if r := s.signIn("desk-a", password, code); r.StatusCode != 303 || r.Header.Get("Location") != "/ops" {
				t.Errorf("%s: %d %s", why, r.StatusCode, r.body)
			}
		}
		refused("the code that it was set up with", password, p.code(0))
		refused("no code", password, "")
		s.clock.Forward(10 * time.Minute)
		refused("a minute late", password, p.code(-time.Minute))
		refused("a minute early", password, p.code(time.Minute))
		refused("with a wrong password", "guess", p.code(0))
		accepted("the last one", p.code(-30*time.Second))
		refused("the last one again", password, p.code(-30*time.Second))
		first := p.code(30 * time.Second)
		accepted("the next one, as people write it", first[:3]+" "+first[3:])
		refused("one before that", password, p.code(0))
		s.clock.Forward(15 * time.Minute)
		accepted("later", p.code(0))
	})
}

func TestWrongCodesCountLikeWrongPasswords(t *testing.T) {
	s := newService(t, production)
	p, codes, _ := s.enrol(cookieOf(s.signIn("desk-a", password, "")))
	s.clock.Forward(time.Minute)
	for range 10 {
		s.isProblem(s.signIn("desk-a", password, "000000"), 401, "sign_in_refused")
	}
	s.isProblem(s.signIn("desk-a", password, p.code(0)), 429, "too_many_attempts")
	s.isProblem(s.signIn("desk-a", password, codes[0]), 429, "too_many_attempts")
}

func TestARecoveryCodeOpensOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, database string) {
		s := newServiceOn(t, database, production)
		_, codes, _ := s.enrol(cookieOf(s.signIn("desk-a", password, "")))
		r := s.signIn("desk-a", password, strings.ToUpper(strings.ReplaceAll(codes[3], "-", " ")))
		s.has(s.get("/ops", "Cookie", cookieOf(r)), 200, "You have 9 recovery codes left.")
		s.isProblem(s.signIn("desk-a", password, codes[3]), 401, "sign_in_refused")
		s.enrol(cookieOf(s.signIn("desk-b", password, "")))
		s.isProblem(s.signIn("desk-b", password, codes[4]), 401, "sign_in_refused")
		if lines := s.comings(); !slices.Contains(lines, "desk-a signed_in by_recovery_code") {
			t.Errorf("the trail is %v", lines)
		}
		for _, code := range codes {
			var n int
			s.must(s.db.QueryRow("SELECT COUNT(*) FROM operator_recovery_codes WHERE code_hash = $1", []byte(code)).Scan(&n))
			if n > 0 {
				t.Error("a recovery code lies in the database as it is")
			}
		}
	})
}

func TestAnotherAuthenticatorTakesTheFormersPlace(t *testing.T) {
	onBoth(t, func(t *testing.T, database string) {
		s := newServiceOn(t, database, production)
		former, codes, cookie := s.enrol(cookieOf(s.signIn("desk-a", password, "")))
		page := s.get("/ops/authenticator", "Cookie", cookie)
		s.has(page, 200, "Set up another one", "10 recovery codes")
		if strings.Contains(string(page.body), "<svg") {
			t.Fatal("a secret is proposed to who has shown no code")
		}
		s.has(s.postFrom(page, cookie, "/ops/authenticator", url.Values{"code": {former.code(0)}}), 401, "signed in")
		s.has(s.postFrom(page, cookie, "/ops/authenticator/replace", url.Values{"code": {former.code(0)}}), 422, "used before")
		r := s.postFrom(page, cookie, "/ops/authenticator/replace", url.Values{"code": {codes[0]}})
		if r.StatusCode != http.StatusSeeOther {
			t.Fatalf("%d %s", r.StatusCode, r.body)
		}
		s.clock.Forward(time.Minute)
		if r := s.signIn("desk-a", password, former.code(0)); r.StatusCode != 303 {
			t.Errorf("the former one does not work until the other is set up: %d", r.StatusCode)
		}
		s.clock.Forward(time.Minute)
		later, _, _ := s.enrol(cookie)
		s.clock.Forward(time.Minute)
		for name, code := range map[string]string{"the former one": former.code(0), "its recovery code": codes[1]} {
			if r := s.signIn("desk-a", password, code); r.StatusCode != 401 {
				t.Errorf("%s still works: %d", name, r.StatusCode)
			}
		}
		if r := s.signIn("desk-a", password, later.code(0)); r.StatusCode != 303 {
			t.Errorf("the new one does not work: %d", r.StatusCode)
		}
	})
}

func TestANewEntryAsksForANewAuthenticator(t *testing.T) {
	s := newService(t, production)
	p, _, _ := s.enrol(cookieOf(s.signIn("desk-a", password, "")))
	entry, err := operator.Entry("desk-a", "officer", password)
	s.must(err)
	later := s.another(func(o *operator.Options) {
		o.List, err = operator.Parse(entry)
		s.must(err)
	})
	r := later.signIn("desk-a", password, "")
	if r.Header.Get("Location") != "/ops/authenticator" {
		t.Fatalf("%d %v", r.StatusCode, r.Header)
	}
	if again, _, _ := later.enrol(cookieOf(r)); again.secret == p.secret {
		t.Error("the former secret is used again")
	}
}

func TestInDevelopmentAPasswordIsEnoughUntilAnAuthenticatorIsSetUp(t *testing.T) {
	s := newService(t)
	cookie := s.officer()[1]
	s.has(s.get("/ops", "Cookie", cookie), 200, "with your password alone")
	p, _, _ := s.enrol(cookie)
	s.clock.Forward(time.Minute)
	s.isProblem(s.signIn("desk-a", password, ""), 401, "sign_in_refused")
	if r := s.signIn("desk-a", password, p.code(0)); r.StatusCode != 303 {
		t.Errorf("%d %s", r.StatusCode, r.body)
	}
}
