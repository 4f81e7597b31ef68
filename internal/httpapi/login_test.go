package httpapi_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/operator"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
)

// onBoth runs the test on a database of each kind.
func onBoth(t *testing.T, test func(t *testing.T, database string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, "sqlite:"+filepath.Join(t.TempDir(), "photos.db")) })
	t.Run("postgres", func(t *testing.T) { test(t, testservers.Postgres(t)) })
}

// comings are the lines of the trail on coming and going.
func (s *service) comings() (lines []string) {
	s.Helper()
	events, err := sqlstore.NewAudit(s.db).About(s.Context(), audit.Session)
	s.must(err)
	for _, e := range events {
		lines = append(lines, e.Actor+" "+string(e.Action)+" "+string(e.Outcome))
	}
	slices.Sort(lines) // those of one instant come in no order
	return lines
}

// open says what the overview answers to a session's cookie.
func (s *service) open(cookie string) int {
	s.Helper()
	return s.get("/ops", "Cookie", cookie).StatusCode
}

func TestAnOperatorSignsInAndOutInABrowser(t *testing.T) {
	onBoth(t, func(t *testing.T, database string) {
		s := newServiceOn(t, database)
		r := s.get("/ops/contests?x=1", "Accept", html)
		to := r.Header.Get("Location")
		if r.StatusCode != http.StatusSeeOther || to != "/ops/login?next=%2Fops%2Fcontests%3Fx%3D1" {
			t.Fatalf("%d to %q", r.StatusCode, to)
		}
		s.has(s.get(to, "Accept", html), 200, `autocomplete="username"`, `autocomplete="current-password"`, `autocomplete="one-time-code"`, `name="next" value="/ops/contests?x=1"`)

		form := url.Values{"name": {" reader "}, "password": {password + "\n"}, "code": {""}, "next": {"/ops/contests?x=1"}}
		r = s.do(s.request("POST", "/ops/login", strings.NewReader(form.Encode()), "Content-Type", "application/x-www-form-urlencoded", "Accept", html))
		if r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/ops/contests?x=1" || len(r.Cookies()) != 1 {
			t.Fatalf("%d %v %s", r.StatusCode, r.Header, r.body)
		}
		c := r.Cookies()[0]
		if c.Name != "operator" || !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/" || c.Domain != "" || c.MaxAge != 0 || c.Secure {
			t.Errorf("the cookie is %v", c)
		}
		cookie := cookieOf(r)
		page := s.get("/ops", "Cookie", cookie)
		s.has(page, 200, "Signed in as reader (viewer)", `href="/ops/contests"`, `href="/ops/restrictions"`, `aria-current="page">Overview`)
		if strings.Contains(string(page.body), "/ops/access-log") {
			t.Error("a viewer is offered the access log")
		}
		if r := s.get("/ops/login?next=%2Fops%2Frestrictions", "Cookie", cookie); r.Header.Get("Location") != "/ops/restrictions" {
			t.Errorf("who is signed in is asked to sign in: %d %v", r.StatusCode, r.Header)
		}

		r = s.do(s.request("POST", "/ops/sign-out", strings.NewReader("form_token="+formToken(page)), "Cookie", cookie, "Content-Type", "application/x-www-form-urlencoded"))
		if r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/ops/login" || len(r.Cookies()) != 1 || r.Cookies()[0].MaxAge >= 0 {
			t.Errorf("sign out: %d %v", r.StatusCode, r.Header)
		}
		if code := s.open(cookie); code != 401 {
			t.Errorf("after signing out: %d", code)
		}
		if diff := cmp.Diff([]string{"reader signed_in allowed", "reader signed_out allowed"}, s.comings()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestAfterSigningInOneGoesToPagesOfOursOnly(t *testing.T) {
	s := newService(t)
	for next, want := range map[string]string{
		"/ops/contests/abc?x=%2F": "/ops/contests/abc?x=%2F", "/ops": "/ops", "": "/ops",
		"https://evil.example/ops/": "/ops", "//evil.example/ops/": "/ops", "/\\evil.example/ops": "/ops", "/ops\\..": "/ops",
		"/photos/x": "/ops", "/opsx": "/ops", "javascript:alert(1)": "/ops", "/ops/login?next=x": "/ops", "/ops/\r\nX: y": "/ops", "%zz": "/ops",
	} {
		form := url.Values{"name": {"reader"}, "password": {password}, "next": {next}}
		r := s.do(s.request("POST", "/ops/login", strings.NewReader(form.Encode()), "Content-Type", "application/x-www-form-urlencoded"))
		if got := r.Header.Get("Location"); got != want {
			t.Errorf("%q leads to %q", next, got)
		}
	}
}

func TestALinkFromAnotherSiteFindsTheSession(t *testing.T) {
	s := newService(t)
	cookie := s.officer()[1]
	// The browser follows a link in a mail: it sends no cookie, nor on the way on.
	from := []string{"Accept", html, "Sec-Fetch-Site", "cross-site"}
	to := s.get("/ops/contests", from...).Header.Get("Location")
	s.has(s.get(to, from...), 200, `<meta http-equiv="refresh" content="0">`)
	// The page loads itself anew.
	if r := s.get(to, "Accept", html, "Sec-Fetch-Site", "same-origin", "Cookie", cookie); r.Header.Get("Location") != "/ops/contests" {
		t.Errorf("%d %v", r.StatusCode, r.Header)
	}
	if r := s.get(to, "Accept", html, "Sec-Fetch-Site", "same-origin"); strings.Contains(string(r.body), "refresh") {
		t.Error("without a session the page loads itself for ever")
	}
}

func TestSessionsAreSharedAndOfATokenOnlyTheHashIsKept(t *testing.T) {
	onBoth(t, func(t *testing.T, database string) {
		s := newServiceOn(t, database)
		cookie := s.officer()[1]
		other := s.another() // or the same after a restart
		s.has(other.get("/ops", "Cookie", cookie), 200, "Signed in as desk-a (officer)")

		token := secret.Key(strings.TrimPrefix(cookie, "operator="))
		hash := token.Hash()
		var kept []byte
		s.must(s.db.QueryRow("SELECT token_hash FROM operator_sessions").Scan(&kept))
		if string(kept) != string(hash[:]) || len(token.Reveal()) < 52 {
			t.Errorf("kept: %x of a token of %d signs", kept, len(token.Reveal()))
		}
	})
}

func TestASessionEndsWhenIdleAndInAnyCaseAfterTwelveHours(t *testing.T) {
	onBoth(t, func(t *testing.T, database string) {
		s := newServiceOn(t, database)
		idle, busy := s.officer()[1], s.signedIn("reader")[1]
		for range 24 { // every 29 min 59 s, which is 11 h 59 min 36 s
			s.clock.Forward(30*time.Minute - time.Second)
			if code := s.open(busy); code != 200 {
				t.Fatalf("in use, %s: %d", s.clock.Now(), code)
			}
		}
		if code := s.open(idle); code != 401 {
			t.Errorf("idle: %d", code)
		}
		s.clock.Forward(24 * time.Second)
		if code := s.open(busy); code != 401 {
			t.Errorf("after twelve hours: %d", code)
		}
		n, err := sqlstore.NewOperatorSessions(s.db).Purge(t.Context(), s.clock.Now().Add(-operator.SessionLimit), 10)
		if err != nil || n != 2 {
			t.Errorf("%d sessions are purged, %v", n, err)
		}
	})
}

func TestSigningInEndsTheSessionThatTheBrowserHad(t *testing.T) {
	s := newService(t)
	former := s.officer()[1]
	now := cookieOf(s.signIn("desk-a", password, "", "Cookie", former))
	if now == former || s.open(former) != 401 || s.open(now) != 200 {
		t.Errorf("the former session answers %d, the new one %d", s.open(former), s.open(now))
	}
	if planted := "operator=" + secret.NewKey().Reveal(); cookieOf(s.signIn("desk-a", password, "", "Cookie", planted)) == planted {
		t.Error("a token that somebody else chose is used")
	}
}

func TestSigningOutEverywhereEndsAllSessionsOfTheOperatorAndNoOthers(t *testing.T) {
	onBoth(t, func(t *testing.T, database string) {
		s := newServiceOn(t, database)
		elsewhere := cookieOf(s.signIn("desk-a", password, ""))
		other := s.signedIn("reader")[1]
		here := s.officer()
		if r := s.sendForm("/ops/sign-out", "everywhere=yes", here...); r.StatusCode != http.StatusSeeOther {
			t.Fatalf("%d %s", r.StatusCode, r.body)
		}
		if s.open(here[1]) != 401 || s.open(elsewhere) != 401 || s.open(other) != 200 {
			t.Errorf("here %d, elsewhere %d, another operator %d", s.open(here[1]), s.open(elsewhere), s.open(other))
		}
		if lines := s.comings(); !slices.Contains(lines, "desk-a sessions_ended allowed") {
			t.Errorf("the trail is %v", lines)
		}
	})
}

func TestASessionEndsWithTheEntryItWasGivenFor(t *testing.T) {
	s := newService(t)
	a, reader := s.officer()[1], s.signedIn("reader")[1]
	list := func(entries ...string) func(*operator.Options) {
		return func(o *operator.Options) {
			l, err := operator.Parse(strings.Join(entries, " "))
			s.must(err)
			o.List = l
		}
	}
	made := func(name, role, password string) string {
		e, err := operator.Entry(name, role, password)
		s.must(err)
		return e
	}
	// desk-a has a new entry with the same password, reader has none.
	later := s.another(list(made("desk-a", "officer", password)))
	if later.open(a) != 401 || later.open(reader) != 401 {
		t.Errorf("with a new entry %d, without one %d", later.open(a), later.open(reader))
	}
	if code := later.open(cookieOf(later.signIn("desk-a", password, ""))); code != 200 {
		t.Errorf("signed in anew: %d", code)
	}
	all, err := entries()
	s.must(err)
	promoted := s.another(list(strings.Replace(all, "reader:viewer", "reader:officer", 1)))
	if promoted.open(reader) != 401 || promoted.open(a) != 200 {
		t.Errorf("with another role %d, as before %d", promoted.open(reader), promoted.open(a))
	}
}

func TestGuessingIsSlowedByAllProcessesTogether(t *testing.T) {
	s := newService(t)
	b := s.another()
	for i := range 10 {
		at := []*service{s, b}[i%2]
		s.isProblem(at.signIn("desk-a", "guess", ""), 401, "sign_in_refused")
	}
	for _, at := range []*service{s, b} {
		r := at.signIn("desk-a", password, "", "Accept", html)
		s.has(r, 429, "quarter of an hour", `value="desk-a"`)
		if r.Header.Get("Retry-After") != "900" {
			t.Errorf("Retry-After %q", r.Header.Get("Retry-After"))
		}
	}
	s.signedIn("reader") // is let in meanwhile
	s.clock.Forward(15 * time.Minute)
	s.officer()

	s.redis.Stop() // then each counts for itself
	for range 10 {
		s.isProblem(s.signIn("desk-b", "guess", ""), 401, "sign_in_refused")
	}
	s.isProblem(s.signIn("desk-b", password, ""), 429, "too_many_attempts")
	b.signedIn("desk-b")
}

func TestAnIPv6NetworkCountsAsOneClient(t *testing.T) {
	s := newService(t)
	knock := func(from, password string) int {
		form := url.Values{"name": {"desk-a"}, "password": {password}}
		r := httptest.NewRequest("POST", "/ops/login", strings.NewReader(form.Encode()))
		r.RemoteAddr = from
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		s.api.ServeHTTP(w, r)
		return w.Code
	}
	for i := range 10 {
		if code := knock(fmt.Sprintf("[2001:db8::%d]:4000", i+1), "guess"); code != 401 {
			t.Fatalf("guess %d: %d", i, code)
		}
	}
	for from, want := range map[string]int{
		"[2001:db8::ffff]:1": 429, "[2001:db8:0:1::1]:1": 303, "192.0.2.1:1": 303, "[::ffff:192.0.2.1]:1": 303, "garbage": 303,
	} {
		if code := knock(from, password); code != want {
			t.Errorf("from %s: %d, want %d", from, code, want)
		}
	}
}

func TestTheTrailHasRefusalsOfOperatorsAndNothingThatStrangersInvent(t *testing.T) {
	s := newService(t)
	var said []string
	for _, name := range []string{"mallory", "desk-a", "<b>", strings.Repeat("x", 10_000)} {
		r := s.signIn(name, "guess", "")
		s.isProblem(r, 401, "sign_in_refused")
		said = append(said, string(r.body)+r.Header.Get("WWW-Authenticate"))
	}
	if said = slices.Compact(said); len(said) != 1 {
		t.Errorf("the answer tells which names there are: %q", said)
	}
	s.until("the refusal is in the trail", func() bool { return len(s.comings()) > 0 })
	if diff := cmp.Diff([]string{"desk-a sign_in_refused refused"}, s.comings()); diff != "" {
		t.Error(diff)
	}
}

func TestAFormThatIsTooLargeOrBrokenSignsNobodyIn(t *testing.T) {
	s := newService(t)
	for _, form := range []string{"name=reader&password=" + strings.Repeat("x", 1<<20), "name=%zz"} {
		r := s.do(s.request("POST", "/ops/login", strings.NewReader(form), "Content-Type", "application/x-www-form-urlencoded"))
		s.isProblem(r, 413, "form_not_read")
	}
}

// The shapes of requests that a page of somebody else's can make an operator's browser
// send, old browsers included: with the cookie, without our page's token.
func TestAHostilePageCanNotUseAnOperatorsBrowser(t *testing.T) {
	s := newService(t)
	f := s.contest(s.ready("us-passport", "a picture"), headHeight)
	officer, other := s.officer(), s.signedIn("desk-b")
	mine, theirs := s.desks["desk-a"].token, s.desks["desk-b"].token
	const form = "application/x-www-form-urlencoded"
	paths := map[string]string{
		"/ops/contests/" + f.ID + "/decide": "decision=upheld&note=Because.", "/ops/contests/" + f.ID + "/open": "",
		"/ops/sign-out": "everywhere=yes", "/ops/authenticator": "code=123456", "/ops/authenticator/replace": "code=123456", "/ops/nothing": "",
	}
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		for name, tt := range map[string]struct {
			token   string
			headers []string
		}{
			"a new browser":            {mine, []string{"Sec-Fetch-Site", "cross-site"}},
			"a page of a subdomain":    {mine, []string{"Sec-Fetch-Site", "same-site"}},
			"an older one":             {mine, []string{"Origin", "https://evil.example"}},
			"a sandboxed frame":        {mine, []string{"Origin", "null"}},
			"one that says nothing":    {"", nil},
			"with a guessed token":     {strings.Repeat("0", 64), nil},
			"with a token of its own":  {theirs, nil},
			"a form in plain text":     {"", []string{"Content-Type", "text/plain"}},
			"a form as multipart":      {"", []string{"Content-Type", "multipart/form-data; boundary=x"}},
			"a form as JSON":           {"", []string{"Content-Type", "application/json"}},
			"with a header of its own": {"", []string{"Authorization", "Bearer x", "Sec-Fetch-Site", "cross-site"}},
		} {
			body := paths[path]
			if tt.token != "" {
				body += "&form_token=" + tt.token
			}
			headers := append(append(slices.Clone(officer), tt.headers...), "Accept", html)
			if !slices.Contains(tt.headers, "Content-Type") {
				headers = append(headers, "Content-Type", form)
			}
			// Not in the address either: that is not the form.
			r := s.do(s.request("POST", path+"?form_token="+mine, strings.NewReader(body), headers...))
			if r.StatusCode != http.StatusForbidden {
				t.Errorf("%s, %s: %d %.200s", path, name, r.StatusCode, r.body)
			}
		}
	}
	if r := s.do(s.request("POST", "/ops/login", strings.NewReader("name=reader&password="+password), "Content-Type", form, "Sec-Fetch-Site", "cross-site")); r.StatusCode != 403 || len(r.Cookies()) > 0 {
		t.Errorf("another site's page signs somebody in: %d", r.StatusCode)
	}
	if s.open(officer[1]) != 200 || s.open(other[1]) != 200 || len(s.trail(f)) != 0 {
		t.Errorf("something was done: %v", s.trail(f))
	}
	s.has(s.submit(f, "decide", "decision=upheld&note=", officer...), 422, "reasons") // our own page can
}

// TestTheScriptOfTheOperatorsPageWorks runs the curl commands of the page, in order.
func TestTheScriptOfTheOperatorsPageWorks(t *testing.T) {
	s := newService(t) // a jar keeps production's cookie only over TLS
	p, _, _ := s.enrol(s.officer()[1])
	s.clock.Forward(time.Minute)
	s.wrote(3)
	page, err := os.ReadFile("../../docs/operators.md")
	s.must(err)
	commands := regexp.MustCompile(`(?m)^curl .*$`).FindAllString(string(page), -1)
	if len(commands) != 2 {
		t.Fatalf("the page has the commands %q", commands)
	}
	dir := t.TempDir()
	for _, command := range commands {
		command = strings.NewReplacer("curl ", "curl -sS --fail-with-body ",
			"from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z&status=404", around(s.clock.Now()).Encode()).Replace(command)
		sh := exec.CommandContext(t.Context(), "sh", "-c", command)
		sh.Dir, sh.Env, sh.Stdin = dir, append(os.Environ(), "HOST="+s.url, "CODE="+p.code(0)), strings.NewReader(password+"\n")
		if out, err := sh.CombinedOutput(); err != nil {
			t.Fatalf("%s\n%v: %s", command, err, out)
		}
	}
	if b, err := os.ReadFile(filepath.Join(dir, "access-log.csv")); err != nil || !strings.Contains(string(b), "192.0.2.7") {
		t.Errorf("exported: %s, %v", b, err)
	}
}
