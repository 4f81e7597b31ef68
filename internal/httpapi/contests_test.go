package httpapi_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/passportphotogenie/passportphotogenie/internal/contest"
	"github.com/passportphotogenie/passportphotogenie/internal/httpapi"
	"github.com/passportphotogenie/passportphotogenie/internal/metrics"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// filed is the answer to a contest, and what GET says of it.
type filed struct {
	ID, Key, State, Message string
	MayOpen                 bool `json:"may_open"`
	OpenedAt                []time.Time
	Decision                *struct{ Outcome, Note string }
	Checks                  []map[string]any
	Links                   map[string]string
}

func (f filed) bearer() []string { return []string{"Authorization", "Bearer " + f.Key} }

func (f filed) path() string { return "/v1/contests/" + f.ID }

// json sends a JSON body.
func (s *service) json(method, path, body string, headers ...string) reply {
	s.Helper()
	return s.do(s.request(method, path, strings.NewReader(body), append(headers, "Content-Type", "application/json")...))
}

// contest contests the head height of a ready photo.
func (s *service) contest(a accepted, body string) filed {
	s.Helper()
	r := s.json("POST", a.path("/contest"), body, a.bearer()...)
	if r.StatusCode != http.StatusCreated {
		s.Fatalf("contest: %d %s", r.StatusCode, r.body)
	}
	var f filed
	r.decode(s.T, &f)
	if r.Header.Get("Location") != f.path() || f.Links["self"] != f.path() {
		s.Errorf("Location %q, links %v", r.Header.Get("Location"), f.Links)
	}
	return f
}

func (s *service) contested(f filed) (got filed) {
	s.Helper()
	r := s.get(f.path(), f.bearer()...)
	if r.StatusCode != http.StatusOK {
		s.Fatalf("GET contest: %d %s", r.StatusCode, r.body)
	}
	r.decode(s.T, &got)
	return got
}

const headHeight = `{"checks": ["head_height"], "message": "The hair is flat.", "may_open": true}`

func TestAPersonContestsACheckAndReadsHowItStands(t *testing.T) {
	s := newService(t)
	a := s.ready("us-passport", "a picture")
	f := s.contest(a, headHeight)
	if f.State != "received" || len(f.Key) != 52 || f.ID == a.ID {
		t.Errorf("filed %+v", f)
	}
	var got map[string]any
	s.get(f.path(), f.bearer()...).decode(t, &got)
	now := s.clock.Now().Format(time.RFC3339)
	want := map[string]any{
		"id": f.ID, "state": "received", "document": "us-passport", "verdict": "submit_with_care", "message": "The hair is flat.", "may_open": true,
		"checks": []any{map[string]any{"name": "head_height", "stage": "finished", "outcome": "pass", "value": 30.2, "unit": "mm",
			"limits": map[string]any{"min": 25.0, "max": 35.0}, "certainty": "official"}},
		"opened_at": []any{}, "decision": nil, "created_at": now, "closed_at": nil, "links": map[string]any{"self": f.path()},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}

	// The cookie of the page counts like the key, though not from another site's page.
	cookie := []string{"Cookie", "photo_key=" + a.Key}
	s.isProblem(s.json("POST", a.path("/contest"), headHeight, append(cookie, "Sec-Fetch-Site", "same-origin")...), 409, "already_contested")
	s.isProblem(s.json("POST", a.path("/contest"), headHeight, append(cookie, "Sec-Fetch-Site", "cross-site")...), 403, "cross_origin")
}

func TestOnlyItsKeyOpensAContest(t *testing.T) {
	s := newService(t)
	a := s.ready("us-passport", "a picture")
	mine, other := s.contest(a, headHeight), s.contest(s.ready("us-passport", "another"), headHeight)
	var bodies []string
	for name, r := range map[string]reply{
		"no key":                s.get(mine.path()),
		"another contest's key": s.get(mine.path(), other.bearer()...),
		"the photo's key":       s.get(mine.path(), a.bearer()...),
		"a cookie":              s.get(mine.path(), "Cookie", "photo_key="+mine.Key),
		"an unknown contest":    s.get("/v1/contests/"+string(contest.NewID()), mine.bearer()...),
		"an impossible ID":      s.get("/v1/contests/1%27--", mine.bearer()...),
		"the photo's ID":        s.get("/v1/contests/"+a.ID, mine.bearer()...),
		"withdrawing":           s.do(s.request("DELETE", mine.path(), nil, other.bearer()...)),
		"permitting":            s.json("PATCH", mine.path(), `{"may_open": true}`, other.bearer()...),
	} {
		s.isProblem(r, 404, "unknown_contest")
		if bodies = append(bodies, string(r.body)); string(r.body) != bodies[0] {
			t.Errorf("%s: the answer differs: %s", name, r.body)
		}
	}
	// Nor does a contest's key open the photo.
	s.isProblem(s.get(a.path(""), mine.bearer()...), 404, "not_found")
	s.isProblem(s.json("POST", a.path("/contest"), headHeight, mine.bearer()...), 404, "not_found")
}

func TestACarelessContestIsRefusedAndLeavesNothing(t *testing.T) {
	s := newService(t)
	a := s.ready("us-passport", "a picture")
	message := func(text string) string {
		b, err := json.Marshal(map[string]any{"checks": []string{"head_height"}, "message": text})
		s.must(err)
		return string(b)
	}
	for name, tt := range map[string]struct {
		body   string
		status int
		code   string
	}{
		"no body":             {"", 400, "unreadable_body"},
		"no JSON":             {"checks=head_height", 400, "unreadable_body"},
		"no checks":           {`{"message": "x"}`, 422, "invalid_request"},
		"an empty list":       {`{"checks": []}`, 422, "invalid_request"},
		"null for a list":     {`{"checks": null}`, 422, "invalid_request"},
		"no list":             {`{"checks": "head_height"}`, 422, "invalid_request"},
		"a number":            {`{"checks": [7]}`, 422, "invalid_request"},
		"another field":       {`{"checks": ["head_height"], "state": "decided"}`, 422, "invalid_request"},
		"an unknown check":    {`{"checks": ["beauty"]}`, 422, "unknown_check"},
		"one of two":          {`{"checks": ["head_height", "eye_line"]}`, 422, "unknown_check"},
		"header injection":    {`{"checks": ["head_height\r\nSet-Cookie: a=b"]}`, 422, "unknown_check"},
		"a control character": {message("a\x1b[31m"), 422, "invalid_text"},
		"a NUL":               {message("a\x00b"), 422, "invalid_text"},
		"text turned around":  {message("a\u202eb"), 422, "invalid_text"},
		"2001 characters":     {message(strings.Repeat("é", 2001)), 422, "invalid_request"},
		"a megabyte":          {message(strings.Repeat("x", 1<<20)), 413, "body_too_large"},
		"51 checks":           {`{"checks": [` + strings.Repeat(`"head_height",`, 50) + `"head_height"]}`, 422, "invalid_request"},
	} {
		t.Run(name, func(t *testing.T) {
			r := s.json("POST", a.path("/contest"), tt.body, a.bearer()...)
			s.isProblem(r, tt.status, tt.code)
			if r.Header.Get("Set-Cookie") != "" || strings.Contains(string(r.body), "xxx") || strings.Contains(string(r.body), "beauty") {
				t.Errorf("the answer repeats the request: %v %.300s", r.Header, r.body)
			}
		})
	}
	var n int
	s.must(s.db.QueryRow(`SELECT COUNT(*) FROM contests`).Scan(&n))
	if n != 0 {
		t.Errorf("%d contests are kept", n)
	}
	long := s.contest(a, message(strings.Repeat("é", 2000)))
	if got := s.contested(long).Message; got != strings.Repeat("é", 2000) {
		t.Errorf("of 2000 characters %d bytes are kept", len(got))
	}
}

func TestOnlyAReadyPhotoThatLivesCanBeContested(t *testing.T) {
	s := newService(t)
	waiting, rejected, over := s.upload(), s.upload(), s.ready("us-passport", "a picture")
	s.must(s.photos.Finish(t.Context(), s.claim(rejected), photo.Outcome{Status: photo.Rejected, Reason: photo.NoFace, Now: s.clock.Now()}))
	for _, a := range []accepted{waiting, rejected} {
		s.isProblem(s.json("POST", a.path("/contest"), headHeight, a.bearer()...), 409, "not_ready")
	}
	f := s.contest(over, headHeight)
	s.clock.Forward(48 * time.Hour)
	s.isProblem(s.json("POST", over.path("/contest"), headHeight, over.bearer()...), 410, "expired")
	s.isProblem(s.json("PATCH", f.path(), `{"may_open": true}`, f.bearer()...), 410, "photo_gone")
	_, err := s.photos.BeginErasure(t.Context(), photo.ID(over.ID))
	s.must(err)
	s.isProblem(s.json("POST", over.path("/contest"), headHeight, over.bearer()...), 404, "not_found")
}

func TestAContestOutlivesItsPhotoWithoutNamingIt(t *testing.T) {
	s := newService(t)
	a := s.ready("us-passport", "a picture")
	f := s.contest(a, headHeight)
	if r := s.do(s.request("DELETE", a.path(""), nil, a.bearer()...)); r.StatusCode != http.StatusNoContent {
		t.Fatalf("delete: %d %s", r.StatusCode, r.body)
	}
	s.nothingLeft()
	r := s.get(f.path(), f.bearer()...)
	if strings.Contains(string(r.body), a.ID) {
		t.Errorf("the contest names the photo: %s", r.body)
	}
	if got := s.contested(f); got.State != "received" || got.MayOpen || got.Message != "The hair is flat." {
		t.Errorf("the contest is %+v", got)
	}
	var rows int
	s.must(s.db.QueryRow(`SELECT COUNT(*) FROM contests WHERE photo_id IS NOT NULL`).Scan(&rows))
	if rows != 0 {
		t.Errorf("%d contests name a photo", rows)
	}
}

func TestAPersonTakesPermissionOrContestBack(t *testing.T) {
	s := newService(t)
	f := s.contest(s.ready("us-passport", "a picture"), headHeight)
	for _, may := range []bool{false, true, false} {
		r := s.json("PATCH", f.path(), fmt.Sprintf(`{"may_open": %t}`, may), f.bearer()...)
		if got := s.contested(f).MayOpen; r.StatusCode != http.StatusOK || got != may {
			t.Errorf("%d, may_open is %t, want %t", r.StatusCode, got, may)
		}
	}
	for range 2 { // a repeated DELETE is no error
		if r := s.do(s.request("DELETE", f.path(), nil, f.bearer()...)); r.StatusCode != http.StatusNoContent {
			t.Errorf("withdraw: %d %s", r.StatusCode, r.body)
		}
	}
	if got := s.contested(f); got.State != "withdrawn" || got.Message != "" {
		t.Errorf("the contest is %+v", got)
	}
	s.isProblem(s.json("PATCH", f.path(), `{"may_open": true}`, f.bearer()...), 409, "contest_closed")
}

func TestAPhotoIsContestedAFewTimesOnly(t *testing.T) {
	s := newService(t)
	a := s.ready("us-passport", "a picture")
	for range contest.MaxPerPhoto {
		f := s.contest(a, headHeight)
		s.do(s.request("DELETE", f.path(), nil, f.bearer()...))
	}
	s.isProblem(s.json("POST", a.path("/contest"), headHeight, a.bearer()...), 409, "too_many_contests")
}

// What a person says must not come to light elsewhere.
func TestWordsAndIDsOfAContestReachNeitherLogNorFiguresNorRedis(t *testing.T) {
	figures := metrics.New("api", "test")
	s := newService(t, func(o *httpapi.Options) { o.Meter = figures.NewAPI() })
	a := s.ready("us-passport", "a picture")
	f := s.contest(a, `{"checks": ["head_height"], "message": "MARKWORDS <i>x</i>", "may_open": true}`)
	s.contested(f)
	s.json("POST", a.path("/contest"), `{"checks": ["MARKCHECK"], "message": "MARKWORDS"}`, a.bearer()...)
	s.json("POST", a.path("/contest"), `{"checks": ["head_height"], "message": "MARKWORDS \u0000"}`, a.bearer()...)
	s.get(f.path()+"?q=MARKQUERY", f.bearer()...)
	s.get("/ops/contests/MARKPATH", s.officer()...)
	s.signIn("MARKNAME", "MARKPASSWORD", "MARKCODE")
	s.signIn("desk-a", "MARKPASSWORD", "MARKCODE")
	s.get("/ops/contests/"+f.ID, s.officer()...)
	s.submit(f, "open", "", s.officer()...)
	s.submit(f, "decide", "decision=upheld&note=MARKNOTE", s.officer()...)
	s.must(s.db.Close()) // trouble of our own is logged
	s.get(f.path(), f.bearer()...)
	s.get("/ops/contests/"+f.ID, s.officer()...)

	var scraped strings.Builder
	s.must(scrape(&scraped, figures))
	redis := s.inRedis()
	if !strings.Contains(redis, a.ID) { // the photo's task, for one
		t.Errorf("this test can't see what Redis holds: %s", redis)
	}
	for where, text := range map[string]string{"log": s.log.String(), "figures": scraped.String(), "Redis": redis} {
		for _, mark := range []string{"MARK", f.ID, f.Key, "desk-a", password} {
			if strings.Contains(text, mark) {
				t.Errorf("%q is in the %s:\n%s", mark, where, text)
			}
		}
	}
	for _, want := range []string{`"route":"/v1/contests/:id"`, `"route":"/ops/contests/:id/open"`, "failed on our side"} {
		if !strings.Contains(s.log.String(), want) {
			t.Errorf("the log lacks %s", want)
		}
	}
}

// inRedis is all keys with their values.
func (s *service) inRedis() string {
	s.Helper()
	cli := func(args ...string) string {
		out, err := exec.CommandContext(s.Context(), "redis-cli", append([]string{"-u", s.redis.URL}, args...)...).Output()
		s.must(err)
		return string(out)
	}
	cli("config", "set", "rdbcompression", "no") // or values would be packed
	keys := cli("--scan")
	all := keys
	for _, key := range strings.Fields(keys) {
		all += cli("dump", key)
	}
	return all
}

func TestAnEditedPhotoIsNotTheContestedOne(t *testing.T) {
	s := newService(t)
	a := s.ready("us-passport", "a picture")
	f := s.contest(a, headHeight)
	r := s.json("PATCH", a.path(""), `{"brightness": 10}`, a.bearer()...)
	if r.StatusCode != http.StatusOK {
		t.Fatalf("edit: %d %s", r.StatusCode, r.body)
	}
	s.has(s.submit(f, "open", "", s.officer()...), 410, "edited since")
	s.has(s.get("/ops/contests/"+f.ID, s.officer()...), 200, "nothing left of what was contested")
	s.finish(a, "another picture")
	s.has(s.submit(f, "open", "", s.officer()...), 410, "edited since")
	again := s.contest(a, headHeight) // of the new revision
	if r := s.submit(again, "open", "", s.officer()...); string(r.body) != "another picture" {
		t.Errorf("%d %s", r.StatusCode, r.body)
	}
}
