package httpapi_test

import (
	"strings"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/httpapi"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
	"github.com/passportphotogenie/passportphotogenie/internal/statistics"
)

// reference is what the person sees of their photo's statistics.
func (s *service) reference(a accepted) string {
	s.Helper()
	var p struct{ Reference string }
	s.get(a.path(""), a.bearer()...).decode(s.T, &p)
	return p.Reference
}

func TestSupportSeesAPhotosStatisticsByThePersonsReference(t *testing.T) {
	s := newService(t)
	a := s.ready("gb-passport", "a picture")
	ref := s.reference(a)
	if _, ok := statistics.ParseReference(ref); !ok || ref == a.ID {
		t.Fatalf("the reference is %q", ref)
	}
	s.json("PATCH", a.path(""), `{"zoom_percent": 90}`, a.bearer()...)
	s.do(s.request("DELETE", a.path(""), nil, a.bearer()...))

	r := s.get("/ops/statistics/"+ref, s.signedIn("reader")...)
	var got map[string]any
	r.decode(t, &got)
	for field, want := range map[string]any{"country": "GB", "document": "gb-passport", "edits": 1.0, "format": "jpeg"} {
		if got[field] != want {
			t.Errorf("%s is %v, want %v", field, got[field], want)
		}
	}
	if r.StatusCode != 200 || got["uploaded_at"] == nil || got["erased_at"] == nil || strings.Contains(string(r.body), a.ID) {
		t.Errorf("%d %s", r.StatusCode, r.body)
	}
	s.isProblem(s.get("/ops/statistics/"+statistics.NewReference(), s.officer()...), 404, "unknown_reference")
	s.isProblem(s.get("/ops/statistics/"+a.ID, s.officer()...), 404, "unknown_reference") // the photo's ID leads nowhere
	s.isProblem(s.get("/ops/statistics/x", s.officer()...), 404, "unknown_reference")
	if r := s.get("/ops/statistics/" + ref); r.StatusCode != 401 {
		t.Errorf("nobody: %d", r.StatusCode)
	}

	events, err := sqlstore.NewAudit(s.db).About(t.Context(), audit.Hash(ref))
	s.must(err)
	if len(events) != 1 || events[0].Actor != "reader" || events[0].Action != audit.LookUpStatistics || strings.Contains(events[0].Subject, ref) {
		t.Errorf("the trail is %+v", events)
	}
}

func TestALookThatCanNotBeRecordedShowsNoStatistics(t *testing.T) {
	s := newService(t, func(o *httpapi.Options) { o.Audit = brokenTrail{o.Audit} })
	a := s.upload()
	if r := s.get("/ops/statistics/"+s.reference(a), s.officer()...); r.StatusCode < 500 || strings.Contains(string(r.body), "us-passport") {
		t.Errorf("%d %s", r.StatusCode, r.body)
	}
}

func TestWhoSaysNoHasNoStatistics(t *testing.T) {
	s := newService(t)
	a := s.ready("us-passport", "a picture")
	ref := s.reference(a)
	if r := s.json("PATCH", a.path(""), `{"statistics": true}`, a.bearer()...); r.StatusCode != 200 || s.reference(a) != ref {
		t.Errorf("yes changes something: %d %s", r.StatusCode, r.body)
	}
	r := s.json("PATCH", a.path(""), `{"statistics": false}`, a.bearer()...)
	var p struct {
		Status    string
		Revision  int
		Reference *string
	}
	r.decode(t, &p)
	if r.StatusCode != 200 || p.Status != "ready" || p.Revision != 1 || p.Reference != nil {
		t.Errorf("%d %s", r.StatusCode, r.body)
	}
	s.json("PATCH", a.path(""), `{"zoom_percent": 90, "statistics": false}`, a.bearer()...)
	s.do(s.request("DELETE", a.path(""), nil, a.bearer()...))
	s.isProblem(s.get("/ops/statistics/"+ref, s.officer()...), 404, "unknown_reference")
	var rows int
	s.must(s.db.QueryRow("SELECT COUNT(*) FROM usage_statistics").Scan(&rows))
	if rows != 0 {
		t.Errorf("%d rows", rows)
	}
}

func TestDailyFiguresUnderTenAreNotSaid(t *testing.T) {
	s := newService(t)
	for outcome, photos := range map[string]int{"ready": 12, "rejected:no_face": 3} {
		_, err := s.db.Exec(`INSERT INTO daily_statistics (day, country, document, outcome, photos) VALUES ('2026-03-01', 'US', 'us-passport', $1, $2)`, outcome, photos)
		s.must(err)
	}
	r := s.get("/ops/statistics?from=2026-03-01&to=2026-03-31", s.signedIn("reader")...)
	want := `{"days":[{"date":"2026-03-01","country":"US","document":"us-passport","outcome":"ready","photos":"12"},{"date":"2026-03-01","country":"US","document":"us-passport","outcome":"rejected:no_face","photos":"\u003c10"}]}`
	if string(r.body) != want {
		t.Errorf("%d %s", r.StatusCode, r.body)
	}
	for _, q := range []string{"", "?from=2026-03-01", "?from=2026-03-02&to=2026-03-01", "?from=2024-03-02&to=2026-03-01"} {
		s.isProblem(s.get("/ops/statistics"+q, s.officer()...), 422, "invalid_dates")
	}
}
