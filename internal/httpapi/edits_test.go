package httpapi_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/edit"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

func (s *service) patch(a accepted, body string) reply {
	s.Helper()
	return s.do(s.request(http.MethodPatch, a.path(""), strings.NewReader(body), append(a.bearer(), "Content-Type", "application/json")...))
}

// state is what the tests look at of a photo.
type state struct {
	Status, Document string
	Revision         int
	ExpiresAt        time.Time `json:"expires_at"`
	Settings         struct {
		Background           string
		Brightness, Contrast int
		ZoomPercent          float64 `json:"zoom_percent"`
	}
	Revisions []struct {
		Revision int
		Document string
		Settings struct{ Brightness int }
	}
}

func (s *service) edited(a accepted, body string) state {
	s.Helper()
	r := s.patch(a, body)
	if r.StatusCode != http.StatusOK {
		s.Fatalf("PATCH %s: %d %s", body, r.StatusCode, r.body)
	}
	var got state
	r.decode(s.T, &got)
	return got
}

func TestAnEditQueuesThePhotoAnewAndMovesItsExpiry(t *testing.T) {
	s := newService(t)
	a := s.upload()
	s.finish(a, "a picture")
	s.clock.Forward(time.Hour)
	got := s.edited(a, `{"document": "gb-passport", "brightness": 12, "background": "#E0e0e0"}`)
	if got.Status != "queued" || got.Revision != 2 || got.Document != "gb-passport" || got.Settings.Brightness != 12 || got.Settings.Background != "#e0e0e0" {
		t.Errorf("the photo is %+v", got)
	}
	if !got.ExpiresAt.Equal(a.ExpiresAt.Add(time.Hour)) {
		t.Errorf("it expires at %s, before the edit at %s", got.ExpiresAt, a.ExpiresAt)
	}
	if got := s.edited(a, `{"background": "light grey"}`); got.Settings.Background != "#e0e0e0" || got.Revision != 2 {
		t.Errorf("by its name the same colour makes %+v", got)
	}
	s.isProblem(s.get(a.path("/result"), a.bearer()...), 409, "not_ready")
	s.finish(a, "another picture")
	if r := s.get(a.path("/result"), a.bearer()...); string(r.body) != "another picture" {
		t.Errorf("the result is %q", r.body)
	}
}

func TestEveryEarlierStateCanBeRestored(t *testing.T) {
	s := newService(t)
	a := s.upload()
	s.edited(a, `{"brightness": 10}`)
	s.edited(a, `{"brightness": 20, "document": "gb-passport"}`)
	got := s.edited(a, `{"restore_revision": 2, "contrast": 5}`)
	if got.Document != "us-passport" || got.Settings.Brightness != 10 || got.Settings.Contrast != 5 || got.Revision != 4 {
		t.Errorf("the photo is %+v", got)
	}
	if len(got.Revisions) != 4 || got.Revisions[2].Document != "gb-passport" || got.Revisions[2].Settings.Brightness != 20 {
		t.Errorf("its revisions are %+v", got.Revisions)
	}
	if got := s.edited(a, `{"restore_revision": 1}`); got.Settings.Brightness != 0 || got.Settings.Background != "auto" || got.Settings.ZoomPercent != 100 {
		t.Errorf("the first state is %+v", got)
	}
}

func TestAnEditThatChangesNothingLeavesThePhotoAsItIs(t *testing.T) {
	s := newService(t)
	a := s.upload()
	s.finish(a, "a picture")
	for _, body := range []string{`{}`, `{"brightness": 0}`, `{"zoom_percent": 100, "background": "auto"}`, `{"restore_revision": 1}`} {
		if got := s.edited(a, body); got.Status != "ready" || got.Revision != 1 {
			t.Errorf("after %s the photo is %+v", body, got)
		}
	}
}

func TestEditsAtOnceAllCount(t *testing.T) {
	s := newService(t)
	a := s.upload()
	s.claim(a) // a worker is at it
	var all sync.WaitGroup
	for _, body := range []string{`{"brightness": 1}`, `{"contrast": 2}`, `{"zoom_percent": 110}`, `{"background": "original"}`} {
		all.Go(func() { s.edited(a, body) })
	}
	all.Wait()
	got := s.edited(a, `{}`)
	if got.Revision != 5 || got.Settings.Brightness != 1 || got.Settings.Contrast != 2 || got.Settings.ZoomPercent != 110 || got.Settings.Background != "original" {
		t.Errorf("the photo is %+v", got)
	}
}

func TestAnEditThatCannotBeIsRefusedAndChangesNothing(t *testing.T) {
	s := newService(t)
	a := s.upload()
	for _, tt := range []struct {
		body, code string
		status     int
	}{
		{`{"brightness": 101}`, "invalid_request", 422},
		{`{"brightness": 1e99}`, "invalid_request", 422},
		{`{"brightness": "very"}`, "invalid_request", 422},
		{`{"background": "mauve"}`, "invalid_setting", 422},
		{`{"background": "#ggg"}`, "invalid_setting", 422},
		{`{"background": ""}`, "invalid_setting", 422},
		{`{"right_mm": -21}`, "invalid_request", 422},
		{`{"zoom_percent": 0}`, "invalid_request", 422},
		{`{"turn_deg": 180}`, "invalid_request", 422},
		{`{"age_band": "old"}`, "invalid_request", 422},
		{`{"smoothing": 5}`, "invalid_request", 422},
		{`{"document": "xx-nothing"}`, "unknown_document", 422},
		{`{"restore_revision": 9}`, "unknown_revision", 422},
		{`{"restore_revision": -1}`, "invalid_request", 422},
		{`[]`, "invalid_request", 422},
		{`{`, "unreadable_body", 400},
		{``, "unreadable_body", 400},
		{`{"document": "` + strings.Repeat("a", 20<<10) + `"}`, "body_too_large", 413},
	} {
		r := s.patch(a, tt.body)
		if len(tt.body) > 100 {
			tt.body = tt.body[:100]
		}
		t.Run(tt.body, func(*testing.T) { s.isProblem(r, tt.status, tt.code) })
	}
	if got := s.edited(a, `{}`); got.Revision != 1 {
		t.Errorf("the photo is %+v", got)
	}
}

func TestOnlyALivingPhotoIsEditedAndOnlyByItsKey(t *testing.T) {
	s := newService(t)
	a, other := s.upload(), s.upload()
	stranger := other
	stranger.ID = a.ID
	s.isProblem(s.patch(stranger, `{"contrast": 1}`), 404, "not_found")

	failed := s.upload()
	s.must(s.photos.Finish(t.Context(), s.claim(failed), photo.Outcome{Status: photo.Failed, Reason: photo.Broken, Now: s.clock.Now()}))
	s.isProblem(s.patch(failed, `{"contrast": 1}`), 409, "not_editable")

	s.clock.Forward(48 * time.Hour)
	s.isProblem(s.patch(a, `{"contrast": 1}`), 410, "expired")
}

// The limits in the OpenAPI document are those of package edit.
func TestTheDocumentedLimitsAreTheRealOnes(t *testing.T) {
	s := newService(t)
	var doc struct {
		Components struct {
			Schemas map[string]struct {
				Properties map[string]struct{ Minimum, Maximum *float64 }
			}
		}
	}
	s.get("/openapi.json").decode(t, &doc)
	for name, p := range doc.Components.Schemas["ChangeBody"].Properties {
		if p.Maximum == nil {
			continue
		}
		for _, limit := range []struct {
			value float64
			valid bool
		}{{*p.Minimum, true}, {*p.Maximum, true}, {*p.Minimum - 1, false}, {*p.Maximum + 1, false}} {
			var settings edit.Settings
			if err := json.Unmarshal(fmt.Appendf(nil, `{%q: %g}`, name, limit.value), &settings); err != nil {
				t.Fatal(err)
			}
			if err := settings.Validate(); (err == nil) != limit.valid {
				t.Errorf("%s of %g: %v", name, limit.value, err)
			}
		}
	}
}

func TestAPhotoMayHaveASizeOfOnesOwn(t *testing.T) {
	const own = "custom:40x50,head=30-36,background=light-grey"
	s := newService(t)
	r := s.get("/v1/documents/" + url.PathEscape(own))
	var spec struct {
		ID    string
		Width struct{ Value float64 } `json:"width_mm"`
	}
	r.decode(t, &spec)
	if spec.ID != own || spec.Width.Value != 40 {
		t.Errorf("the document is %s", r.body)
	}
	r = s.post([]field{{"file", "me.jpg", portrait(t)}, {"document", "", own}})
	if r.StatusCode != http.StatusAccepted {
		t.Fatalf("upload: %d %s", r.StatusCode, r.body)
	}
	var a accepted
	r.decode(t, &a)
	s.finish(a, portrait(t))
	if got := s.get(a.path("/result")+"?download=true", a.bearer()...).Header.Get("Content-Disposition"); got != `attachment; filename="custom.jpg"` {
		t.Errorf("the file is called %s", got)
	}
	if got := s.edited(a, `{"document": "custom:50x60,head=36-40"}`); got.Document != "custom:50x60,head=36-40" {
		t.Errorf("the photo is %+v", got)
	}
	for _, bad := range []string{"custom:5x60,head=36-40", "custom:50x60", "custom:50x60,head=40-36"} {
		p := s.isProblem(s.patch(a, `{"document": "`+bad+`"}`), 422, "invalid_custom_document")
		if len(p.Errors) != 1 || !strings.HasPrefix(p.Errors[0].Location, "document.") {
			t.Errorf("%s: %+v", bad, p.Errors)
		}
		s.isProblem(s.post([]field{{"document", "", bad}, {"file", "me.jpg", portrait(t)}}), 422, "invalid_custom_document")
		s.isProblem(s.get("/v1/documents/"+url.PathEscape(bad)), 422, "invalid_custom_document")
	}
}
