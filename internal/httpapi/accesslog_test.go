package httpapi_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/passportphotogenie/passportphotogenie/internal/accesslog"
	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/httpapi"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
)

// lines waits until the log has so many lines and returns them.
func (s *service) lines(n int) (all []accesslog.Entry) {
	s.Helper()
	s.until(fmt.Sprintf("the log has %d lines", n), func() bool {
		page, err := sqlstore.NewAccessLog(s.db).Page(s.Context(), accesslog.Filter{To: s.clock.Now().AddDate(1, 0, 0)}, accesslog.Entry{}, 100_000)
		s.must(err)
		all = page
		return len(page) >= n
	})
	if len(all) > n {
		s.Fatalf("the log has %d lines: %+v", len(all), all)
	}
	return all
}

const userAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

func TestARequestLeavesALineAsThePolicySays(t *testing.T) {
	s := newService(t)
	a := s.upload()
	s.lines(1)
	s.clock.Forward(time.Minute)
	r := s.get(a.path("?limit=20&key="+a.Key), append(a.bearer(), "User-Agent", userAgent, "Referer", s.url+"/photos/"+a.ID)...)
	got := s.lines(2)[1]
	want := accesslog.Entry{
		Name: got.Name, At: s.clock.Now(), IP: "127.0.0.1", Method: "GET", Route: "/v1/photos/:id", Photo: got.Photo, Query: "limit=20",
		Bytes: int64(len(r.body)), Status: 200, Browser: "Firefox 140", OS: "Linux", Referrer: s.url,
	}
	if diff := cmp.Diff(want, got); diff != "" || string(got.Photo) != a.ID {
		t.Error(diff, got.Photo)
	}
}

func TestAnErasedPhotosAddressesAreRoutesInTheLog(t *testing.T) {
	s := newService(t)
	a := s.upload()
	s.clock.Forward(time.Second) // lines are ordered by time
	s.get(a.path("/result"), a.bearer()...)
	s.clock.Forward(time.Second)
	s.get("/photos/"+a.ID, a.bearer()...)
	if u := s.lines(3)[1].URL(); u != a.path("/result") {
		t.Errorf("before: %s", u)
	}
	s.do(s.request("DELETE", a.path(""), nil, a.bearer()...))
	s.get(a.path(""), a.bearer()...)
	for _, e := range s.lines(5) {
		if strings.Contains(e.URL(), a.ID) {
			t.Errorf("after: %s %s", e.Method, e.URL())
		}
	}
}

func TestAnAnonymousIDComesWithTheFirstUploadAndNotBefore(t *testing.T) {
	s := newService(t)
	for _, path := range []string{"/", "/v1/documents", "/nothing"} {
		s.clock.Forward(time.Second)
		if r := s.get(path); len(r.Cookies()) > 0 || r.Header.Get("Anonymous-ID") != "" {
			t.Errorf("%s sets %v", path, r.Header)
		}
	}
	s.clock.Forward(time.Second)
	if r := s.post([]field{{"document", "", "us-passport"}}); len(r.Cookies()) > 0 {
		t.Error("a refused upload sets a cookie")
	}
	visitorOf := func(r reply) *http.Cookie {
		for _, c := range r.Cookies() {
			if c.Name == "visitor" {
				return c
			}
		}
		return nil
	}
	upload := []field{{"file", "me.jpg", portrait(t)}, {"document", "", "us-passport"}}
	s.clock.Forward(time.Second)
	r := s.post(upload)
	c := visitorOf(r)
	if c == nil || !secret.IsName(c.Value) || !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteStrictMode || c.MaxAge > 72*60*60 || c.MaxAge <= 0 || r.Header.Get("Anonymous-ID") != c.Value {
		t.Fatalf("cookie %v, header %q", c, r.Header.Get("Anonymous-ID"))
	}
	// Later uploads don't prolong it, and clients without cookies send a header.
	s.clock.Forward(time.Second)
	if again := s.post(upload, "Cookie", "visitor="+c.Value); visitorOf(again) != nil {
		t.Errorf("the cookie is renewed: %v", again.Cookies())
	}
	s.clock.Forward(time.Second)
	if again := s.post(upload, "Anonymous-ID", c.Value); visitorOf(again) != nil {
		t.Errorf("the cookie is set beside the header: %v", again.Cookies())
	}
	s.clock.Forward(time.Second)
	s.get("/v1/documents", "Anonymous-ID", "anna@example.org")
	for i, want := range []string{"", "", "", "", c.Value, c.Value, c.Value, ""} {
		if got := s.lines(8)[i].Visitor; got != want {
			t.Errorf("line %d has the ID %q, want %q", i, got, want)
		}
	}
}

func TestWithoutALogNobodyGetsAnAnonymousID(t *testing.T) {
	s := newService(t, func(o *httpapi.Options) { o.AccessLog = nil })
	r := s.post([]field{{"file", "me.jpg", portrait(t)}, {"document", "", "us-passport"}})
	for _, c := range r.Cookies() {
		if c.Name == "visitor" {
			t.Errorf("cookie %v", c)
		}
	}
	s.lines(0)
}

// TestNothingOfARequestReachesALog plants markers wherever a request has room, on
// every route, and looks for them in what the process says and in the access log.
func TestNothingOfARequestReachesALog(t *testing.T) {
	s := newService(t)
	a := s.ready("us-passport", "a picture")
	f := s.contest(a, headHeight)
	const marker = "MARKER"
	values := map[string]string{":id": a.ID, ":name": marker, ":receipt": marker, ":reference": marker, ":check": marker}
	_ = s.signIn(marker, marker, marker)
	requests := 5 // that, the upload, the contest, and two for signing in
	desk := s.officer()[1]
	for _, route := range s.api.Routes() {
		if strings.HasSuffix(route.Path, "z") { // probes leave no line
			continue
		}
		for _, id := range []string{a.ID, marker, f.ID} {
			path := route.Path
			values[":id"] = id
			for name, v := range values {
				path = strings.Replace(path, name, v, 1)
			}
			for _, auth := range [][2]string{{"Bearer " + marker, ""}, {"", "operator=" + marker}, {"Bearer " + a.Key, ""}, {"", desk}} {
				if strings.HasSuffix(route.Path, "/events") || route.Method == "DELETE" || strings.Contains(route.Path, "delete") {
					continue // streams, or would end the photo
				}
				requests++
				r := s.request(route.Method, path+"?key="+marker+"&format="+marker+"&"+marker+"=1&from="+marker, strings.NewReader(`{"message": "`+marker+`", "`+marker+`": 1}`),
					"Authorization", auth[0], "Content-Type", "application/json", "X-"+marker, marker, "User-Agent", marker+"/1.0 ("+marker+")",
					"Referer", "https://"+marker+"@example.org/"+marker+"?"+marker+"#"+marker, "Cookie", "visitor="+marker+"; photo_key="+marker+"; "+marker+"="+marker+"; "+auth[1],
					"Anonymous-ID", marker, "Idempotency-Key", marker, "X-Forwarded-For", marker, "Last-Event-ID", marker)
				s.do(r)
			}
		}
	}
	for _, path := range []string{"/" + marker, "/v1/photos/" + a.ID + "/" + marker, "/ops/" + marker} {
		requests++
		s.get(path+"?"+marker+"="+marker, "Authorization", "Bearer "+marker)
	}
	requests++
	s.do(s.request(marker, "/", nil))

	lines := s.lines(requests)
	if requests < 150 {
		t.Errorf("only %d requests were made", requests)
	}
	for _, e := range lines {
		if text := fmt.Sprintf("%+v %s", e, e.URL()); strings.Contains(strings.ToUpper(text), marker) || strings.Contains(text, a.Key) || strings.Contains(text, f.Key) {
			t.Errorf("in the access log: %s", text)
		}
	}
	said := s.log.String()
	for _, bad := range []string{marker, strings.ToLower(marker), a.Key, f.Key, password, strings.TrimPrefix(desk, "operator="), "hair is flat", "127.0.0.1"} {
		if strings.Contains(said, bad) {
			t.Errorf("the process said %q", bad)
		}
	}
	if !strings.Contains(said, "/v1/photos/:id") {
		t.Error("the process said nothing: this test can't see it any more")
	}
}

// exported asks for an export as the officer.
func (s *service) exported(query url.Values, headers ...string) reply {
	s.Helper()
	return s.get("/ops/access-log?"+query.Encode(), headers...)
}

func around(now time.Time, more ...string) url.Values {
	q := url.Values{"from": {now.Add(-time.Hour).Format(time.RFC3339)}, "to": {now.Add(time.Hour).Format(time.RFC3339)}}
	for i := 0; i < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return q
}

// wrote puts lines into the log by hand.
func (s *service) wrote(n int) {
	s.Helper()
	for done := 0; done < n; done += 200 {
		var batch []accesslog.Entry
		for i := range min(200, n-done) {
			batch = append(batch, accesslog.Entry{
				Name: secret.NewName(), At: s.clock.Now().Add(time.Duration(done+i) * time.Millisecond), IP: "192.0.2.7", Method: "GET",
				Route: "/v1/documents", Status: 404, Browser: "Chrome 139", OS: "Windows", Referrer: "https://example.org",
			})
		}
		s.must(sqlstore.NewAccessLog(s.db).Append(s.Context(), batch))
	}
}

func TestAnOfficerExportsLinesForAnAuthority(t *testing.T) {
	s := newService(t)
	s.wrote(2500)
	s.get("/") // from another address, with another status
	s.lines(2501)

	r := s.exported(around(s.clock.Now(), "ip", "192.0.2.7", "status", "404"), s.officer()...)
	if r.StatusCode != 200 || r.Header.Get("Content-Type") != "text/csv; charset=utf-8" || r.Header.Get("Content-Disposition") != `attachment; filename="access-log.csv"` || r.Header.Get("Cache-Control") != "private, no-store" {
		t.Fatalf("%d %v %.300s", r.StatusCode, r.Header, r.body)
	}
	rows, err := csv.NewReader(strings.NewReader(string(r.body))).ReadAll()
	s.must(err)
	if len(rows) != 2501 || strings.Join(rows[0], ",") != "time,ip,method,url,anonymous_id,bytes,status,browser,os,referrer" {
		t.Fatalf("%d rows, the first %v", len(rows), rows[0])
	}
	want := []string{s.clock.Now().Format("2006-01-02T15:04:05.000Z"), "192.0.2.7", "GET", "/v1/documents", "", "0", "404", "Chrome 139", "Windows", "https://example.org"}
	if diff := cmp.Diff(want, rows[1]); diff != "" {
		t.Error(diff)
	}

	r = s.exported(around(s.clock.Now(), "format", "jsonl"), s.officer()...)
	count, seen := 0, map[string]bool{}
	for dec := json.NewDecoder(strings.NewReader(string(r.body))); ; count++ {
		var line struct{ IP, Time string }
		if err := dec.Decode(&line); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		seen[line.IP] = true
	}
	if count < 2501 || !seen["127.0.0.1"] || r.Header.Get("Content-Type") != "application/jsonl" {
		t.Errorf("%d lines, addresses %v", count, seen)
	}

	events := s.exports()
	if len(events) != 2 || events[0].Actor != "desk-a" || !strings.HasSuffix(events[0].Subject, " csv ip status=404") || strings.Contains(fmt.Sprint(events), "192.0.2.7") {
		t.Errorf("the trail is %+v", events)
	}
}

// exports are the events of exports and look-ups in the trail, in the order of
// their subjects.
func (s *service) exports() (events []audit.Event) {
	s.Helper()
	rows, err := s.db.Query(`SELECT subject FROM audit_events WHERE subject <> 'session' ORDER BY subject`)
	s.must(err)
	defer rows.Close()
	var subjects []string
	for rows.Next() {
		var subject string
		s.must(rows.Scan(&subject))
		subjects = append(subjects, subject)
	}
	s.must(rows.Err())
	for _, subject := range subjects {
		about, err := sqlstore.NewAudit(s.db).About(s.Context(), subject)
		s.must(err)
		events = append(events, about...)
	}
	return events
}

func TestAnExportIsForOfficersAndBounded(t *testing.T) {
	s := newService(t)
	s.wrote(3)
	now := s.clock.Now()
	r := s.exported(around(now), s.signedIn("reader")...)
	s.isProblem(r, 403, "officers_only")
	if events := s.exports(); len(events) != 1 || events[0].Actor != "reader" || events[0].Outcome != audit.Refused {
		t.Errorf("the trail is %+v", events)
	}
	if r := s.exported(around(now)); r.StatusCode != 401 {
		t.Errorf("nobody: %d", r.StatusCode)
	}
	for name, q := range map[string]url.Values{
		"no range":     {},
		"no end":       {"from": {now.Format(time.RFC3339)}},
		"no time":      around(now, "from", "yesterday"),
		"backwards":    around(now, "from", now.Add(2*time.Hour).Format(time.RFC3339)),
		"eight days":   around(now, "from", now.AddDate(0, 0, -8).Format(time.RFC3339)),
		"no address":   around(now, "ip", "192.0.2"),
		"no status":    around(now, "status", "ok"),
		"no such one":  around(now, "status", "1000"),
		"other format": around(now, "format", "xls"),
	} {
		if r := s.exported(q, s.officer()...); r.StatusCode != 422 {
			t.Errorf("%s: %d %s", name, r.StatusCode, r.body)
		}
	}
}

func TestAnExportThatCanNotBeRecordedSendsNothing(t *testing.T) {
	s := newService(t, func(o *httpapi.Options) { o.Audit = brokenTrail{o.Audit} })
	s.wrote(3)
	r := s.exported(around(s.clock.Now()), s.officer()...)
	if r.StatusCode < 500 || strings.Contains(string(r.body), "192.0.2.7") {
		t.Errorf("%d %s", r.StatusCode, r.body)
	}
}

// breaksOff has one page and then no database.
type breaksOff struct{ httpapi.AccessLines }

func (b breaksOff) Page(ctx context.Context, f accesslog.Filter, after accesslog.Entry, limit int) ([]accesslog.Entry, error) {
	if after.Name != "" {
		return nil, errors.New("no database")
	}
	return b.AccessLines.Page(ctx, f, after, limit)
}

func TestAnExportThatBreaksOffIsSeenToBeIncomplete(t *testing.T) {
	s := newService(t, func(o *httpapi.Options) { o.AccessLines = breaksOff{o.AccessLines} })
	s.wrote(1500)
	resp, err := http.DefaultClient.Do(s.request("GET", "/ops/access-log?"+around(s.clock.Now()).Encode(), nil, s.officer()...))
	s.must(err)
	defer resp.Body.Close()
	if b, err := io.ReadAll(resp.Body); err == nil {
		t.Errorf("%d bytes came and nothing tells that there should be more", len(b))
	}
}

func TestASpreadsheetTakesNoCellForAFormula(t *testing.T) {
	for in, want := range map[string]string{
		"=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t=1", "\r=1": "'\r=1",
		"GET": "GET", "": "", "/a=b": "/a=b",
	} {
		if got := httpapi.PlainCell(in); got != want {
			t.Errorf("%q becomes %q", in, got)
		}
	}
}
