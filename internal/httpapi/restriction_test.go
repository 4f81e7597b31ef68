package httpapi_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
)

// restrict asks for a restriction with the photo's key.
func (s *service) restrict(a accepted, ground string) reply {
	s.Helper()
	return s.do(s.request(http.MethodPost, a.path("/restriction"), strings.NewReader(`{"ground": "`+ground+`"}`),
		append(a.bearer(), "Content-Type", "application/json")...))
}

// stand is what the tests look at of a photo's record.
type stand struct {
	Status      string
	Report      *struct{}
	Restriction *struct {
		Since    time.Time
		Ground   string
		ReviewBy time.Time  `json:"review_by"`
		ToldAt   *time.Time `json:"told_at"`
		Note     string
	}
}

func (s *service) stand(a accepted) (p stand) {
	s.Helper()
	r := s.get(a.path(""), a.bearer()...)
	if r.StatusCode != http.StatusOK {
		s.Fatalf("%d %s", r.StatusCode, r.body)
	}
	r.decode(s.T, &p)
	return p
}

// act submits a form of an operator's page of the only restriction.
func (s *service) act(id photo.RestrictionID, action, form string, headers ...string) reply {
	s.Helper()
	return s.sendForm("/ops/restrictions/"+string(id)+"/"+action, form, headers...)
}

func (s *service) inForce() []photo.Restriction {
	s.Helper()
	all, err := sqlstore.NewRestrictions(s.db).InForce(s.Context(), 10)
	s.must(err)
	return all
}

func TestARestrictedPhotoIsShownToNobodyAndItsRecordSaysWhy(t *testing.T) {
	s := newService(t)
	a := s.upload()
	s.finish(a, aPhoto(t, 600, 600))
	if r := s.restrict(a, "accuracy"); r.StatusCode != http.StatusOK || !strings.Contains(string(r.body), `"status":"restricted"`) {
		t.Fatalf("%d %s", r.StatusCode, r.body)
	}
	for _, address := range []string{"/result", "/result?download=1", "/result?format=png", "/report", "/report?format=pdf", "/overlay", "/print-sheet", "/events"} {
		s.isProblem(s.get(a.path(address), a.bearer()...), http.StatusConflict, "restricted")
		s.isProblem(s.get(a.path(address), "Cookie", "photo_key="+a.Key), http.StatusConflict, "restricted")
	}
	json := append(a.bearer(), "Content-Type", "application/json")
	s.isProblem(s.do(s.request(http.MethodPatch, a.path(""), strings.NewReader(`{"brightness": 10}`), json...)), http.StatusConflict, "restricted")
	s.isProblem(s.do(s.request(http.MethodPost, a.path("/contest"), strings.NewReader(`{"checks": ["head_height"]}`), json...)), http.StatusConflict, "restricted")

	got := s.stand(a)
	if got.Status != "restricted" || got.Report != nil || got.Restriction.Ground != "accuracy" || !got.Restriction.Since.Equal(s.clock.Now()) ||
		!got.Restriction.ReviewBy.Equal(s.clock.Now().Add(30*24*time.Hour)) || got.Restriction.ToldAt != nil {
		t.Errorf("%+v %+v", got, got.Restriction)
	}
	page := s.get("/photos/"+a.ID, "Cookie", "photo_key="+a.Key)
	if text := string(page.body); page.StatusCode != http.StatusOK || !strings.Contains(text, "accuracy") || strings.Contains(text, "/result") {
		t.Errorf("the page: %d %s", page.StatusCode, text)
	}
	// A second request, on another ground, changes nothing.
	s.clock.Forward(time.Hour)
	s.restrict(a, "objection")
	if again := s.stand(a); again.Restriction.Ground != "accuracy" || !again.Restriction.Since.Equal(got.Restriction.Since) {
		t.Errorf("%+v", again.Restriction)
	}
}

func TestOnlyTheKeyRestricts(t *testing.T) {
	s := newService(t)
	a := s.upload()
	other := a
	other.Key = s.upload().Key
	s.isProblem(s.restrict(other, "accuracy"), http.StatusNotFound, "not_found")
	s.isProblem(s.restrict(a, "curiosity"), http.StatusUnprocessableEntity, "invalid_request")
	if got := s.stand(a); got.Restriction != nil || got.Status != "queued" {
		t.Errorf("%+v", got)
	}
	s.clock.Forward(48 * time.Hour)
	s.isProblem(s.restrict(a, "accuracy"), http.StatusGone, "expired")
}

func TestARestrictedPhotoIsDeletedByItsOwnerAtAnyTime(t *testing.T) {
	for name, after := range map[string]time.Duration{"at once": 0, "months later": 100 * 24 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			s := newService(t)
			a := s.upload()
			s.restrict(a, "legal_claim")
			s.clock.Forward(after)
			if got := s.stand(a); got.Status != "restricted" {
				t.Fatalf("%+v", got)
			}
			if r := s.do(s.request(http.MethodDelete, a.path(""), nil, a.bearer()...)); r.StatusCode != http.StatusNoContent {
				t.Fatalf("%d %s", r.StatusCode, r.body)
			}
			s.nothingLeft()
		})
	}
}

func TestAnOfficerTellsThePersonAndThenLifts(t *testing.T) {
	s := newService(t)
	a := s.upload()
	s.finish(a, aPhoto(t, 600, 600))
	s.restrict(a, "accuracy")
	s.clock.Forward(100 * time.Hour) // past everything that a photo has without it
	id := s.inForce()[0].ID
	if list := s.get("/ops/restrictions", s.officer()...); !strings.Contains(string(list.body), string(id)) || strings.Contains(string(list.body), a.ID) {
		t.Errorf("the list: %s", list.body)
	}
	for _, tt := range []struct {
		who          []string
		action, form string
		status       int
	}{
		{nil, "lift", "", http.StatusUnauthorized},
		{s.signedIn("reader"), "tell", "note=No", http.StatusForbidden},
		{s.officer(), "lift", "", http.StatusConflict}, // the person has not been told
		{s.officer(), "tell", "note=", http.StatusUnprocessableEntity},
		{s.officer(), "burn", "", http.StatusNotFound},
		{s.officer(), "keep", "", http.StatusSeeOther},
		{s.officer(), "tell", "note=The+answer+was+sent.", http.StatusSeeOther},
	} {
		if r := s.act(id, tt.action, tt.form, tt.who...); r.StatusCode != tt.status {
			t.Errorf("%s: %d, want %d", tt.action, r.StatusCode, tt.status)
		}
	}
	got := s.stand(a).Restriction
	if got.ToldAt == nil || got.Note != "The answer was sent." || !got.ReviewBy.Equal(s.clock.Now().Add(30*24*time.Hour)) {
		t.Errorf("the person reads: %+v", got)
	}
	if page := s.get("/ops/restrictions/"+string(id), s.officer()...); page.StatusCode != http.StatusOK || !strings.Contains(string(page.body), "told the person") {
		t.Errorf("the officer reads: %d %s", page.StatusCode, page.body)
	}
	s.isProblem(s.get(a.path("/result"), a.bearer()...), http.StatusConflict, "restricted")

	if r := s.act(id, "lift", "", s.officer()...); r.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d %s", r.StatusCode, r.body)
	}
	if r := s.act(id, "lift", "", s.officer()...); r.StatusCode != http.StatusNotFound {
		t.Errorf("lifted twice: %d", r.StatusCode)
	}
	s.clock.Forward(24*time.Hour - time.Second)
	if r := s.get(a.path("/result"), a.bearer()...); r.StatusCode != http.StatusOK {
		t.Errorf("within the day after: %d %s", r.StatusCode, r.body)
	}
	s.clock.Forward(time.Second)
	s.isProblem(s.get(a.path(""), a.bearer()...), http.StatusGone, "expired")
	if strings.Contains(s.log.String(), a.Key) || s.trailOf(id) != 3 {
		t.Errorf("the trail has %d lines", s.trailOf(id))
	}
}

func (s *service) trailOf(id photo.RestrictionID) int {
	s.Helper()
	events, err := sqlstore.NewAudit(s.db).About(s.Context(), string(id))
	s.must(err)
	return len(events)
}
