package httpapi_test

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/contest"
	"github.com/passportphotogenie/passportphotogenie/internal/httpapi"
	"github.com/passportphotogenie/passportphotogenie/internal/metrics"
	"github.com/passportphotogenie/passportphotogenie/internal/operator"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
)

const password = "correct horse battery"

// entries are made once, because a hash takes its time.
var entries = sync.OnceValues(func() (string, error) {
	a, errA := operator.Entry("desk-a", "officer", password)
	b, errB := operator.Entry("desk-b", "officer", password)
	c, errC := operator.Entry("reader", "viewer", password)
	return a + " " + b + " " + c, errors.Join(errA, errB, errC)
})

// operators are the officers desk-a and desk-b, and reader who reads.
func operators(t *testing.T) operator.List {
	t.Helper()
	s, err := entries()
	if err != nil {
		t.Fatal(err)
	}
	l, err := operator.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// submit sends a form of an operator's page of a contest.
func (s *service) submit(f filed, action, form string, headers ...string) reply {
	s.Helper()
	return s.sendForm("/ops/contests/"+f.ID+"/"+action, form, headers...)
}

// trail is what the audit trail says of a contest.
func (s *service) trail(f filed) (lines []string) {
	s.Helper()
	events, err := sqlstore.NewAudit(s.db).About(s.Context(), f.ID)
	s.must(err)
	for _, e := range events {
		lines = append(lines, e.Actor+" "+string(e.Action)+" "+string(e.Outcome))
	}
	return lines
}

func scrape(into io.Writer, m *metrics.Metrics) error {
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	_, err := io.Copy(into, w.Body)
	return err
}

func TestEverythingUnderOpsIsForOperators(t *testing.T) {
	s := newService(t)
	f := s.contest(s.ready("us-passport", "a picture"), headHeight)
	for _, path := range []string{"/ops", "/ops/", "/ops/contests", "/ops/contests/" + f.ID, "/ops/queues", "/ops/../ops/contests", "/ops%2Fcontests", "/ops/contests/", "/ops/login/", "/ops/authenticator", "/ops/access-log"} {
		for name, headers := range map[string][]string{
			"nobody":                nil,
			"a name and password":   {"Authorization", "Basic " + base64.StdEncoding.EncodeToString([]byte("desk-a:"+password))},
			"an invented session":   {"Cookie", "operator=" + secret.NewKey().Reveal()},
			"an empty session":      {"Cookie", "operator="},
			"a key":                 f.bearer(),
			"the photo's cookie":    {"Cookie", "photo_key=x"},
			"a cookie of another's": {"Cookie", strings.Replace(s.officer()[1], "operator=", "__Host-operator=", 1)},
		} {
			r := s.get(path, headers...)
			s.isProblem(r, 401, "operators_only")
			if r.Header.Get("WWW-Authenticate") != `Session realm="operators"` || r.Header.Get("Cache-Control") != "private, no-store" {
				t.Errorf("%s, %s: headers %v", path, name, r.Header)
			}
			page := s.get(path, append(headers, "Accept", html)...)
			if to := page.Header.Get("Location"); page.StatusCode != http.StatusSeeOther || !strings.HasPrefix(to, "/ops/login?next=%2Fops") {
				t.Errorf("%s, %s: a browser gets %d to %q", path, name, page.StatusCode, to)
			}
		}
	}
	for _, path := range []string{"/opsx", "/OPS", "//ops/contests"} { // there is nothing
		s.isProblem(s.get(path), 404, "no_such_address")
	}
	s.has(s.get("/ops/contests", s.officer()...), 200, "Head height", "Signed in as desk-a (officer)")
	s.isProblem(s.get("/ops/nothing", s.officer()...), 404, "no_such_address")
}

func TestContestsAreListedByWhatIsLeftOfTheirPhotos(t *testing.T) {
	s := newService(t)
	gone := s.ready("de-passport", "a picture")
	s.contest(gone, headHeight)
	s.do(s.request("DELETE", gone.path(""), nil, gone.bearer()...))
	s.contest(s.ready("us-passport", "a picture"), headHeight)
	s.clock.Forward(40 * time.Hour)
	s.contest(s.ready("gb-passport", "a picture"), `{"checks": ["head_height"]}`)
	r := s.get("/ops/contests", s.signedIn("reader")...)
	s.has(r, 200, "received 40 h ago", "deleted in 8 h; the person permits an officer", "deleted in 48 h; the person permits nobody", "The photo is deleted.", `class="warn"`)
	body := string(r.body)
	us, gb, de := strings.Index(body, "us-passport"), strings.Index(body, "gb-passport"), strings.Index(body, "de-passport")
	if us > gb || gb > de {
		t.Errorf("the order is wrong: %d, %d, %d", us, gb, de)
	}
}

func TestThePageOfAContestShowsWhatIsContestedAndNoMarkup(t *testing.T) {
	s := newService(t)
	a := s.ready("us-passport", "a picture")
	f := s.contest(a, `{"checks": ["head_height"], "message": "<script>alert(1)</script> \"q\" & </blockquote><h1>x"}`)
	r := s.get("/ops/contests/"+f.ID, s.officer()...)
	s.has(r, 200, "Head height", "30.2 mm", "25 to 35 mm", "submit with care", "&lt;script&gt;alert(1)&lt;/script&gt;", "permits nobody", `name="decision"`)
	for _, bad := range []string{"<script>alert", "<h1>x", a.ID, "Look at the photo"} {
		if strings.Contains(string(r.body), bad) {
			t.Errorf("the page has %q", bad)
		}
	}
	r = s.get("/ops/contests/"+f.ID, s.signedIn("reader")...)
	s.has(r, 200, "Head height")
	if strings.Contains(string(r.body), `action="/ops/contests/`) {
		t.Error("who only reads is offered a form")
	}
	browser := append(s.officer(), "Accept", html)
	s.has(s.get("/ops/contests/"+string(contest.NewID()), browser...), 404, "no such contest", "Signed in as desk-a")
	s.has(s.get("/ops/contests/x", browser...), 404, "no such contest")
}

func TestAnOfficerDecidesAndThePersonReadsIt(t *testing.T) {
	s := newService(t)
	a := s.ready("us-passport", "a picture")
	f := s.contest(a, headHeight)
	r := s.submit(f, "decide", "decision=overturned&note="+url.QueryEscape("The hair is <flat>.\r\nYou are right."), s.officer()...)
	if r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/ops/contests/"+f.ID {
		t.Fatalf("decide: %d %v %s", r.StatusCode, r.Header, r.body)
	}
	s.has(s.get("/ops/contests/"+f.ID, s.officer()...), 200, "The checks were wrong", "The hair is &lt;flat&gt;.", "desk-a decided: overturned")
	got := s.contested(f)
	if got.State != "decided" || got.MayOpen || got.Decision == nil || got.Decision.Outcome != "overturned" || got.Decision.Note != "The hair is <flat>.\nYou are right." {
		t.Errorf("the person reads %+v", got)
	}
	if want := []string{"desk-a decide_contest overturned"}; !cmp.Equal(s.trail(f), want) {
		t.Errorf("the trail is %v", s.trail(f))
	}
	s.has(s.get("/ops/contests", s.officer()...), 200, "Nobody waits")

	// The second officer is told, and nothing changes.
	s.has(s.submit(f, "decide", "decision=upheld&note=No.", s.signedIn("desk-b")...), 409, "has been decided or withdrawn", "The checks were wrong")
	if got := s.contested(f); got.Decision.Outcome != "overturned" {
		t.Errorf("the decision is %+v", got.Decision)
	}
	// After the photo is gone the key still opens the decision.
	s.do(s.request("DELETE", a.path(""), nil, a.bearer()...))
	if got := s.contested(f); got.Decision == nil {
		t.Errorf("the person reads %+v", got)
	}
}

func TestADecisionIsForOfficersAndHasReasons(t *testing.T) {
	s := newService(t)
	f := s.contest(s.ready("us-passport", "a picture"), headHeight)
	const good = "decision=upheld&note=Because."
	for name, tt := range map[string]struct {
		form    string
		headers []string
		status  int
		says    string
	}{
		"nobody":         {good, nil, 401, "for operators"},
		"a viewer":       {good, s.signedIn("reader"), 403, "lets you read"},
		"another site":   {good, append(s.officer(), "Sec-Fetch-Site", "cross-site"), 403, "another site"},
		"another origin": {good, append(s.officer(), "Origin", "https://evil.example"), 403, "another site"},
		"no decision":    {"note=Because.", s.officer(), 422, "Choose whether"},
		"no such one":    {"decision=received&note=Because.", s.officer(), 422, "Choose whether"},
		"no reasons":     {"decision=upheld&note=+%0a", s.officer(), 422, "reasons"},
		"a NUL":          {"decision=upheld&note=a%00b", s.officer(), 422, "plain text"},
		"too long":       {"decision=upheld&note=" + strings.Repeat("x", 2001), s.officer(), 422, "plain text"},
		"a megabyte":     {"decision=upheld&note=" + strings.Repeat("x", 1<<20), s.officer(), 413, "too large"},
		"broken form":    {"decision=%zz", s.officer(), 413, "cut off"},
	} {
		r := s.submit(f, "decide", tt.form, tt.headers...)
		if r.StatusCode != tt.status || !strings.Contains(string(r.body), tt.says) {
			t.Errorf("%s: %d %.400s", name, r.StatusCode, r.body)
		}
	}
	r := s.submit(f, "decide", "decision=overturned&note=", s.officer()...)
	s.has(r, 422, `value="overturned" checked`) // what was filled in stays
	if got := s.contested(f); got.State != "received" || len(s.trail(f)) != 0 {
		t.Errorf("the contest is %+v, the trail %v", got, s.trail(f))
	}
}

func TestWithPermissionAnOfficerLooksAtThePhotoAndEachLookIsRecorded(t *testing.T) {
	s := newService(t)
	a := s.ready("us-passport", "a picture")
	f := s.contest(a, headHeight)
	s.has(s.get("/ops/contests/"+f.ID, s.officer()...), 200, "Look at the photo")
	for range 2 {
		r := s.submit(f, "open", "", s.officer()...)
		if r.StatusCode != 200 || string(r.body) != "a picture" || r.Header.Get("Content-Type") != "image/jpeg" || r.Header.Get("Cache-Control") != "private, no-store" {
			t.Fatalf("%d %v %s", r.StatusCode, r.Header, r.body)
		}
	}
	s.has(s.submit(f, "open", "", s.signedIn("reader")...), 403, "lets you read")
	if r := s.get("/ops/contests/"+f.ID+"/open", s.officer()...); r.StatusCode != 405 {
		t.Errorf("a GET opens: %d", r.StatusCode) // no link, prefetch or <img> may look
	}
	s.has(s.submit(f, "open", "", append(s.officer(), "Sec-Fetch-Site", "cross-site")...), 403, "from a page of another site")

	s.json("PATCH", f.path(), `{"may_open": false}`, f.bearer()...)
	s.has(s.submit(f, "open", "", s.officer()...), 403, "does not permit")
	s.json("PATCH", f.path(), `{"may_open": true}`, f.bearer()...)
	s.clock.Forward(48 * time.Hour)
	s.has(s.submit(f, "open", "", s.officer()...), 410, "at any more")
	want := []string{"desk-a open_photo allowed", "desk-a open_photo allowed", "reader open_photo refused", "desk-a open_photo refused", "desk-a open_photo refused"}
	sortless := func(lines []string) map[string]int {
		n := map[string]int{}
		for _, l := range lines {
			n[l]++
		}
		return n
	}
	if diff := cmp.Diff(sortless(want), sortless(s.trail(f))); diff != "" {
		t.Error(diff)
	}
	s.has(s.get("/ops/contests/"+f.ID, s.officer()...), 200, "desk-a looked at the photo", "reader was refused the photo")
	var person struct {
		OpenedAt []time.Time `json:"opened_at"`
	}
	s.get(f.path(), f.bearer()...).decode(t, &person)
	if len(person.OpenedAt) != 2 {
		t.Errorf("the person is told of %v", person.OpenedAt)
	}
}

// brokenTrail can be read and not written.
type brokenTrail struct{ httpapi.AuditTrail }

func (brokenTrail) Append(context.Context, audit.Event) error { return errors.New("no space") }

func TestWhatCanNotBeRecordedIsNotShown(t *testing.T) {
	s := newService(t, func(o *httpapi.Options) { o.Audit = brokenTrail{o.Audit} })
	f := s.contest(s.ready("us-passport", "a picture"), headHeight)
	r := s.submit(f, "open", "", s.officer()...)
	s.has(r, 503, "try again")
	if strings.Contains(string(r.body), "a picture") {
		t.Error("the photo is shown")
	}
}

func TestNothingIsShownOfAPhotoThatIsBeingErased(t *testing.T) {
	s := newService(t)
	a := s.ready("us-passport", "a picture")
	f := s.contest(a, headHeight)
	_, err := s.photos.BeginErasure(t.Context(), photo.ID(a.ID))
	s.must(err)
	s.has(s.submit(f, "open", "", s.officer()...), 410, "at any more")

	b := s.ready("us-passport", "a picture")
	g := s.contest(b, headHeight)
	s.must(s.vault.EraseBlobs(t.Context(), photo.ID(b.ID))) // between reading the record and the blob
	s.has(s.submit(g, "open", "", s.officer()...), 410, "at any more")
}
