package httpapi_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
)

// asBrowser sends a form of the photo's page with the cookie that its upload set.
func (s *service) asBrowser(a accepted, form string, values url.Values) reply {
	s.Helper()
	return s.do(s.request(http.MethodPost, "/photos/"+a.ID+form, strings.NewReader(values.Encode()),
		"Cookie", "photo_key="+a.Key, "Content-Type", "application/x-www-form-urlencoded", "Accept", "text/html"))
}

func TestAPhotoIsRestrictedOnItsPageAndTheKeyIsShown(t *testing.T) {
	s := newService(t)
	a := s.ready("us-passport", "a picture")
	if page := s.get("/photos/"+a.ID, "Cookie", "photo_key="+a.Key); !strings.Contains(string(page.body), `action="/photos/`+a.ID+`/restriction"`) {
		t.Error("the page does not offer it")
	}
	for _, ground := range []string{"", "<b>because</b>"} {
		if r := s.asBrowser(a, "/restriction", url.Values{"ground": {ground}}); r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(string(r.body), "choose one of the reasons") {
			t.Errorf("%q: %d %s", ground, r.StatusCode, r.body)
		}
	}
	if stranger := s.asBrowser(accepted{ID: a.ID, Key: "guess"}, "/restriction", url.Values{"ground": {"legal_claim"}}); stranger.StatusCode != http.StatusNotFound {
		t.Errorf("a stranger: %d", stranger.StatusCode)
	}
	r := s.asBrowser(a, "/restriction", url.Values{"ground": {"legal_claim"}})
	if r.StatusCode != http.StatusOK || !strings.Contains(string(r.body), a.Key) || !strings.Contains(string(r.body), a.ID) {
		t.Errorf("%d %s", r.StatusCode, r.body)
	}
	if got := s.stand(a); got.Status != "restricted" || got.Restriction.Ground != "legal_claim" {
		t.Errorf("it stands as %+v", got)
	}
	page := string(s.get("/photos/"+a.ID, "Cookie", "photo_key="+a.Key).body)
	if strings.Contains(page, "/restriction") || !strings.Contains(page, "it is needed for a legal claim") {
		t.Errorf("the page afterwards: %s", page)
	}
}

func TestTheStatisticsCanBeRefusedOnThePageAlsoOfARestrictedPhoto(t *testing.T) {
	for _, restricted := range []bool{false, true} {
		s := newService(t)
		a := s.ready("us-passport", "a picture")
		p, err := s.photos.Get(t.Context(), photo.ID(a.ID))
		s.must(err)
		if page := s.get("/photos/"+a.ID, "Cookie", "photo_key="+a.Key); p.Reference == "" || !strings.Contains(string(page.body), p.Reference) {
			t.Error("the page does not tell the reference")
		}
		if restricted {
			s.restrict(a, "objection")
		}
		if r := s.asBrowser(a, "/statistics", nil); r.StatusCode != http.StatusSeeOther {
			t.Errorf("%d %s", r.StatusCode, r.body)
		}
		if _, err := sqlstore.NewStatistics(s.db).Find(t.Context(), p.Reference); !errors.Is(err, photo.ErrNotFound) {
			t.Errorf("the row: %v", err)
		}
		if page := string(s.get("/photos/"+a.ID, "Cookie", "photo_key="+a.Key).body); strings.Contains(page, p.Reference) {
			t.Error("the page still has the reference")
		}
	}
}

func TestWhoRestrictedAPhotoCanStillObjectToItsStatistics(t *testing.T) {
	s := newService(t)
	a := s.ready("us-passport", "a picture")
	s.restrict(a, "objection")
	json := append(a.bearer(), "Content-Type", "application/json")
	if r := s.do(s.request(http.MethodPatch, a.path(""), strings.NewReader(`{"statistics": false}`), json...)); r.StatusCode != http.StatusOK {
		t.Errorf("%d %s", r.StatusCode, r.body)
	}
	s.isProblem(s.do(s.request(http.MethodPatch, a.path(""), strings.NewReader(`{"statistics": false, "brightness": 1}`), json...)), http.StatusConflict, "restricted")
}

func TestEverythingAboutAPhotoGoesWithItWhenAskedFor(t *testing.T) {
	for _, tt := range []struct {
		name  string
		lines int // of the photo's page that stay
		erase func(s *service, a accepted) reply
	}{
		{"by the API", 0, func(s *service, a accepted) reply {
			return s.do(s.request(http.MethodDelete, a.path("?everything=true"), nil, a.bearer()...))
		}},
		{"on the page", 0, func(s *service, a accepted) reply {
			return s.asBrowser(a, "/delete", url.Values{"everything": {"yes"}})
		}},
		{"the photo alone", 1, func(s *service, a accepted) reply { return s.asBrowser(a, "/delete", nil) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newService(t)
			a := s.ready("us-passport", "a picture")
			p, err := s.photos.Get(t.Context(), photo.ID(a.ID))
			s.must(err)
			s.get("/photos/"+a.ID, "Cookie", "photo_key="+a.Key)
			pages := func() (n int) {
				s.must(s.db.QueryRow(`SELECT COUNT(*) FROM access_log WHERE route = '/photos/:id' AND photo <> ''`).Scan(&n))
				return n
			}
			s.until("the page's line is stored", func() bool { return pages() == 1 })
			if r := tt.erase(s, a); r.StatusCode != http.StatusNoContent && r.StatusCode != http.StatusOK {
				t.Fatalf("%d %s", r.StatusCode, r.body)
			}
			if n := pages(); n != tt.lines {
				t.Errorf("the log still has %d lines of the page", n)
			}
			_, err = sqlstore.NewStatistics(s.db).Find(t.Context(), p.Reference)
			if (err == nil) != (tt.lines > 0) {
				t.Errorf("the statistics: %v", err)
			}
		})
	}
}
