package httpapi_test

import (
	"log/slog"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/childdesk"
	"github.com/passportphotogenie/passportphotogenie/internal/letter"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/ratelimit"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
	"github.com/passportphotogenie/passportphotogenie/internal/tasks"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
)

// childDesk is the desk of the service's own stores.
func (s *service) childDesk(log *slog.Logger) childdesk.Options {
	return childdesk.Options{
		Register: sqlstore.NewChildReports(s.db), Eraser: s.eraser(log), Log: log, Now: s.clock.Now,
		Writer: letter.Writer{Site: "https://photos.example", From: "Photos", Zone: time.UTC},
	}
}

// childReport is what the tests look at of a report.
type childReport struct{ ID, Key, State, Reason, Receipt string }

func (s *service) reports(about string, more ...string) childReport {
	s.Helper()
	r := s.json(http.MethodPost, "/v1/child-reports",
		`{"photo": "`+about+`", "ground": "without_permission", "words": "He is mine."`+strings.Join(more, "")+`}`)
	if r.StatusCode != http.StatusCreated {
		s.Fatalf("%d %s", r.StatusCode, r.body)
	}
	var f childReport
	r.decode(s.T, &f)
	return f
}

func (s *service) readReport(f childReport) (got childReport) {
	s.Helper()
	r := s.get("/v1/child-reports/"+f.ID, "Authorization", "Bearer "+f.Key)
	if r.StatusCode != http.StatusOK {
		s.Fatalf("%d %s", r.StatusCode, r.body)
	}
	r.decode(s.T, &got)
	return got
}

// rules sends an officer's decision on the version first seen.
func (s *service) rules(id, decision string, headers ...string) reply {
	s.Helper()
	return s.sendForm("/ops/child-reports/"+id+"/decide", "version=1&decision="+decision+"&reason=Looked+at+it.", headers...)
}

// mailed returns the letters about a report, as they were written, and the last one's
// secrets.
func (s *service) mailed(id string) (kinds []string, last secret.Pair) {
	s.Helper()
	rows, err := s.db.QueryContext(s.Context(), `
		SELECT l.kind, COALESCE(x.token, ''), COALESCE(x.code, '') FROM letters l LEFT JOIN letter_secrets x ON x.letter = l.id
		WHERE l.about = $1 ORDER BY l.written_at`, id)
	s.must(err)
	defer rows.Close()
	for rows.Next() {
		var kind, token, code string
		s.must(rows.Scan(&kind, &token, &code))
		kinds, last = append(kinds, kind), secret.Pair{Token: secret.Key(token), Code: secret.Key(code)}
	}
	s.must(rows.Err())
	return kinds, last
}

func TestAReportFreezesAPhotoForItsOwnerTooWhoCanStillDeleteIt(t *testing.T) {
	s := newService(t)
	a := s.upload()
	s.finish(a, aPhoto(t, 600, 600))
	f := s.reports(s.url + "/photos/" + a.ID)
	for _, address := range []string{"/result", "/result?format=png", "/report", "/report?format=pdf", "/overlay", "/print-sheet", "/events"} {
		s.isProblem(s.get(a.path(address), a.bearer()...), http.StatusConflict, "frozen")
	}
	json := append(a.bearer(), "Content-Type", "application/json")
	s.isProblem(s.do(s.request(http.MethodPatch, a.path(""), strings.NewReader(`{"brightness": 10}`), json...)), http.StatusConflict, "frozen")
	s.isProblem(s.do(s.request(http.MethodPost, a.path("/contest"), strings.NewReader(`{"checks": ["head_height"]}`), json...)), http.StatusConflict, "frozen")
	if got := s.stand(a); got.Status != "frozen" || got.Report != nil {
		t.Errorf("%+v", got)
	}
	page := s.get("/photos/"+a.ID, "Cookie", "photo_key="+a.Key)
	s.has(page, http.StatusOK, "A person looks at this first", "Delete it now")
	if strings.Contains(string(page.body), "/result") {
		t.Error("the page shows the photo")
	}
	if r := s.do(s.request(http.MethodDelete, a.path(""), nil, a.bearer()...)); r.StatusCode != http.StatusNoContent {
		t.Fatalf("%d %s", r.StatusCode, r.body)
	}
	s.nothingLeft()
	if got := s.readReport(f); got.State != "ended" || got.Receipt == "" {
		t.Errorf("%+v", got)
	} else if r := s.get(got.Receipt); r.StatusCode != http.StatusOK {
		t.Errorf("the receipt: %d", r.StatusCode)
	}
}

func TestAnUpheldReportDeletesThePhotoAndTellsWhoReported(t *testing.T) {
	for name, database := range map[string]string{"sqlite": "sqlite:" + filepath.Join(t.TempDir(), "photos.db"), "postgres": testservers.Postgres(t)} {
		t.Run(name, func(t *testing.T) {
			s := newServiceOn(t, database)
			a := s.upload()
			f := s.reports("/v1/photos/"+a.ID+"/result", `, "email": "ada@example.org"`)
			kinds, link := s.mailed(f.ID)
			if len(kinds) != 1 || kinds[0] != string(letter.AddressConfirmation) {
				t.Fatalf("%q", kinds)
			}
			s.clock.Forward(time.Second)
			desk := childdesk.New(s.childDesk(slog.New(slog.DiscardHandler)))
			_, err := desk.Confirm(t.Context(), link.Token.Reveal())
			s.must(err)
			if _, err := desk.Confirm(t.Context(), link.Token.Reveal()); err == nil {
				t.Error("the link worked twice")
			}
			s.clock.Forward(time.Second)
			s.has(s.rules(f.ID, "upheld", s.officer()...), http.StatusConflict, "Somebody has changed this report", "Looked at it.") // the address is confirmed since
			if r := s.sendForm("/ops/child-reports/"+f.ID+"/decide", "version=2&decision=upheld&reason=It+is+hers.", s.officer()...); r.StatusCode != http.StatusSeeOther {
				t.Fatalf("%d %s", r.StatusCode, r.body)
			}
			s.nothingLeft()
			kinds, answer := s.mailed(f.ID)
			if strings.Join(kinds, " ") != "address_confirmation acknowledgement answer_ready" {
				t.Errorf("%q", kinds)
			}
			got := s.readReport(f)
			if got.State != "upheld" || got.Reason != "It is hers." || got.Receipt == "" {
				t.Errorf("%+v", got)
			}
			own := "/privacy/children/" + f.ID
			s.has(s.get(own), http.StatusOK, "The report's key, or the code")
			for _, opens := range []string{f.Key, answer.Token.Reveal(), answer.Spoken()} {
				s.has(s.sendForm(own, url.Values{"key": {opens}}.Encode()), http.StatusOK, "the photo is deleted", "It is hers.", "/v1/erasures/")
			}
			s.has(s.sendForm(own, "key=wrong"), http.StatusNotFound, "There is no such report, or the key does not open it")
			s.clock.Forward(15 * 24 * time.Hour)
			s.has(s.sendForm(own, url.Values{"key": {answer.Spoken()}}.Encode()), http.StatusNotFound, "does not open it")
		})
	}
}

func TestWhoeverConfirmedTheAddressIsToldWhenThePhotoEndsByItself(t *testing.T) {
	s := newService(t)
	a, desk := s.upload(), childdesk.New(s.childDesk(slog.New(slog.DiscardHandler)))
	f, silent := s.reports(a.ID, `, "email": "ada@example.org"`), s.reports(a.ID, `, "email": "bob@example.org"`)
	_, link := s.mailed(f.ID)
	_, err := desk.Confirm(t.Context(), link.Token.Reveal())
	s.must(err)
	s.must(desk.Tell(t.Context())) // nothing has ended
	s.do(s.request(http.MethodDelete, a.path(""), nil, a.bearer()...))
	s.clock.Forward(time.Second)
	s.must(desk.Tell(t.Context()))
	s.must(desk.Tell(t.Context()))
	if kinds, answer := s.mailed(f.ID); strings.Join(kinds, " ") != "address_confirmation acknowledgement answer_ready" {
		t.Errorf("%q", kinds)
	} else {
		s.has(s.sendForm("/privacy/children/"+f.ID, url.Values{"key": {answer.Spoken()}}.Encode()), http.StatusOK, "There is no such photo with us, or not any more")
	}
	if kinds, _ := s.mailed(silent.ID); len(kinds) != 1 {
		t.Errorf("an address that nobody confirmed got %q", kinds)
	}
}

func TestARejectedReportGivesThePhotoBackAsItWas(t *testing.T) {
	s := newService(t)
	a := s.upload()
	s.finish(a, aPhoto(t, 600, 600))
	before := s.get(a.path(""), a.bearer()...)
	f := s.reports(a.ID, `, "email": "ada@example.org"`)
	s.clock.Forward(time.Second)
	if r := s.rules(f.ID, "rejected", s.officer()...); r.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d %s", r.StatusCode, r.body)
	}
	if after := s.get(a.path(""), a.bearer()...); string(after.body) != string(before.body) {
		t.Errorf("before %s, after %s", before.body, after.body)
	}
	if r := s.get(a.path("/result"), a.bearer()...); r.StatusCode != http.StatusOK {
		t.Errorf("the photo: %d", r.StatusCode)
	}
	if kinds, _ := s.mailed(f.ID); len(kinds) != 1 {
		t.Errorf("an address that nobody confirmed got %q", kinds)
	}
	_, link := s.mailed(f.ID)
	_, err := childdesk.New(s.childDesk(slog.New(slog.DiscardHandler))).Confirm(t.Context(), link.Spoken())
	s.must(err)
	if kinds, answer := s.mailed(f.ID); strings.Join(kinds, " ") != "address_confirmation answer_ready" || answer.Token == "" {
		t.Errorf("confirmed after the decision: %q", kinds)
	}
	s.reports(a.ID)
	if r := s.get(a.path("/result"), a.bearer()...); r.StatusCode != http.StatusOK {
		t.Errorf("a second report froze it again: %d", r.StatusCode)
	}
}

func TestTheAnswerToAReportDoesNotTellWhetherThereIsSuchAPhoto(t *testing.T) {
	s := newService(t)
	a := s.upload()
	secrets := regexp.MustCompile(`[a-z2-7]{26,}`)
	plain := func(r reply) string { return secrets.ReplaceAllString(string(r.body), "*") }
	form := func(about string) string {
		return url.Values{"photo": {about}, "ground": {"uploaded_by_child"}, "words": {"x"}}.Encode()
	}
	there, nowhere := s.sendForm("/privacy/children", form(a.ID)), s.sendForm("/privacy/children", form(string(photo.NewID())))
	s.has(there, http.StatusOK, "We look at it", "Keep this")
	if plain(there) != plain(nowhere) {
		t.Errorf("%s\n%s", plain(there), plain(nowhere))
	}
	known, unknown := s.reports(a.ID), s.reports(string(photo.NewID()))
	one, other := s.get("/v1/child-reports/"+known.ID, "Authorization", "Bearer "+known.Key), s.get("/v1/child-reports/"+unknown.ID, "Authorization", "Bearer "+unknown.Key)
	if plain(one) != plain(other) {
		t.Errorf("%s\n%s", one.body, other.body)
	}
	s.isProblem(s.get("/v1/child-reports/"+known.ID, "Authorization", "Bearer "+unknown.Key), http.StatusNotFound, "unknown_report")
	s.isProblem(s.get("/v1/child-reports/"+string(photo.NewID())), http.StatusNotFound, "unknown_report")
}

func TestAFormThatIsNotTakenSaysWhyBesideTheFieldAndKeepsWhatWasTyped(t *testing.T) {
	s := newService(t)
	bad := url.Values{"photo": {"<b>my photo"}, "words": {"<script>alert(1)</script>"}, "email": {"a@b@c\r\nBcc: x@example.org"}}
	s.has(s.sendForm("/privacy/children", bad.Encode()), http.StatusUnprocessableEntity,
		"Give the link to the photo", "parents upload photos of their babies", "This is not an e-mail address",
		"&lt;b&gt;my photo", "&lt;script&gt;alert(1)&lt;/script&gt;")
	var p problem
	r := s.json(http.MethodPost, "/v1/child-reports", `{"photo": "x", "ground": "shows_a_child", "words": " "}`)
	r.decode(t, &p)
	if p.Code != "invalid_report" || len(p.Errors) != 3 || !strings.Contains(string(r.body), "parents upload photos of their babies") {
		t.Errorf("%d %s", r.StatusCode, r.body)
	}
	for _, huge := range []string{"photo", "words", "email", "ground"} {
		if r := s.sendForm("/privacy/children", huge+"="+strings.Repeat("x", 1<<20)); r.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("a megabyte of %s: %d", huge, r.StatusCode)
		}
		if r := s.json(http.MethodPost, "/v1/child-reports", `{"photo": "`+string(photo.NewID())+`", "`+huge+`": "`+strings.Repeat("x", 1<<20)+`"}`); r.StatusCode < 400 || r.StatusCode >= 500 {
			t.Errorf("a megabyte of %s: %d", huge, r.StatusCode)
		}
	}
}

func TestOfTwoOfficersAtAReportTheSlowerIsToldAndLosesNothing(t *testing.T) {
	s := newService(t)
	a := s.upload()
	f := s.reports(a.ID)
	s.has(s.get("/ops/child-reports", s.officer()...), http.StatusOK, "/ops/child-reports/"+f.ID, "24 h left")
	s.has(s.rules(f.ID, "upheld", s.signedIn("reader")...), http.StatusForbidden, "lets you read here and nothing else")
	s.has(s.sendForm("/ops/child-reports/"+f.ID+"/decide", "version=1&decision=&reason=", s.officer()...), http.StatusUnprocessableEntity, "Give your reasons")
	if r := s.rules(f.ID, "rejected", s.officer()...); r.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d %s", r.StatusCode, r.body)
	}
	s.has(s.rules(f.ID, "upheld", s.signedIn("desk-b")...), http.StatusConflict, "This report is closed", "rejected")
	s.has(s.get("/ops/child-reports?q="+f.ID[:6], s.officer()...), http.StatusOK, "rejected")
	s.clock.Forward(25 * time.Hour)
	s.reports(string(photo.NewID()))
	s.clock.Forward(25 * time.Hour)
	s.has(s.get("/ops/child-reports", s.officer()...), http.StatusOK, "Overdue for 1 h")
}

func TestReportsOfOneClientAreLimited(t *testing.T) {
	s := newService(t)
	where, err := tasks.ParseRedis(s.redis.URL)
	s.must(err)
	client := where.Client()
	t.Cleanup(func() { _ = client.Close() })
	o := s.options
	o.FormLimiter = ratelimit.New(client, "few-forms", ratelimit.Rates{Client: 3, All: 100})
	s.start(o)
	f := s.reports(string(photo.NewID()))
	s.reports(string(photo.NewID()))
	s.has(s.sendForm("/privacy/children/"+f.ID, "key=wrong"), http.StatusNotFound, "does not open it")
	s.isProblem(s.json(http.MethodPost, "/v1/child-reports", `{"photo": "x", "ground": "x", "words": "x"}`), http.StatusTooManyRequests, "too_many_forms")
	s.has(s.sendForm("/privacy/children/"+f.ID, "key="+f.Key), http.StatusTooManyRequests, "You have sent many of these")
}
