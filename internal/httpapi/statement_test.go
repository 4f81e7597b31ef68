package httpapi_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// stated is what the record of a photo has of the statement.
func (s *service) stated(id string) photo.Statement {
	s.Helper()
	p, err := s.photos.Get(s.Context(), photo.ID(id))
	s.must(err)
	return p.Statement
}

func TestThePhotoKeepsWhatWasStatedAndUnderWhichPolicy(t *testing.T) {
	s := newService(t)
	version := thePolicy(t).InForce(s.clock.Now()).Number
	doc, file := field{"document", "", "us-passport"}, field{"file", "me.jpg", portrait(t)}
	for _, tt := range []struct {
		fields []field
		want   photo.Statement
	}{
		{[]field{doc, file}, photo.Statement{}}, // as clients do that were there before
		{[]field{statement, doc, file, points}, photo.Statement{Person: true, FacePoints: true, PolicyVersion: version}},
		{[]field{doc, file, points}, photo.Statement{FacePoints: true, PolicyVersion: version}},
	} {
		r := s.post(tt.fields)
		var a accepted
		r.decode(t, &a)
		if r.StatusCode != 202 || s.stated(a.ID) != tt.want {
			t.Errorf("%d %s: the record has %+v, want %+v", r.StatusCode, r.body, s.stated(a.ID), tt.want)
		}
		s.do(s.request("DELETE", a.path(""), nil, a.bearer()...))
	}
	page := s.send(doc, file, statement, points).Header.Get("Location")
	if got, want := s.stated(strings.TrimPrefix(page, "/photos/")), (photo.Statement{Person: true, FacePoints: true, PolicyVersion: version}); got != want {
		t.Errorf("the page's upload left %+v, want %+v", got, want)
	}
}

func TestAStatementThatNobodyCanMakeIsRefused(t *testing.T) {
	s := newService(t)
	doc, file := field{"document", "", "us-passport"}, field{"file", "me.jpg", portrait(t)}
	for _, wrong := range []field{{"statement", "", "yes"}, {"statement", "", "12"}, {"face_points", "", "no"}} {
		s.isProblem(s.post([]field{doc, file, wrong}), 422, "invalid_statement")
		preview := []field{doc, {"file", "me.jpg", aPreview(t)}, wrong}
		body, kind := form(preview...)
		s.isProblem(s.do(s.request("POST", "/v1/checks", body, "Content-Type", kind)), 422, "invalid_statement")
	}
	s.nothingLeft()
	body, kind := form(doc, field{"file", "me.jpg", aPreview(t)}, statement, points)
	if r := s.do(s.request("POST", "/v1/checks", body, "Content-Type", kind)); r.StatusCode == 422 {
		t.Errorf("a preview after the statement: %s", r.body)
	}
}

// A form without a script loses only the picture, which a browser sends once.
func TestAFormThatComesBackHasWhatWasChosen(t *testing.T) {
	s := newService(t)
	r := s.send(field{"document", "", "de-passport"}, field{"age_band", "", "6_10"}, field{"file", "me.jpg", portrait(t)}, points)
	s.has(r, 422, `value="6_10" selected`, `name="statement" value="13_or_older" required>`, `value="agreed" required checked>`)
	chosen := regexp.MustCompile(`<option value="([^"]*)"[^>]* selected>`).FindStringSubmatch(string(r.body))
	if len(chosen) == 0 || chosen[1] != "de-passport" {
		t.Errorf("chosen is %q", chosen)
	}
}
