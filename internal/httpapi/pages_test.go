package httpapi_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// has checks that a page shows all the texts.
func (s *service) has(r reply, status int, texts ...string) {
	s.Helper()
	if r.StatusCode != status || !strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") {
		s.Fatalf("got %d %s: %s", r.StatusCode, r.Header.Get("Content-Type"), r.body)
	}
	for _, text := range texts {
		if !strings.Contains(string(r.body), text) {
			s.Errorf("the page lacks %q:\n%s", text, r.body)
		}
	}
}

// send submits the page's form as a browser without scripts does.
func (s *service) send(fields ...field) reply {
	s.Helper()
	body, kind := form(fields...)
	return s.do(s.request("POST", "/photos", body, "Content-Type", kind, "Accept", "text/html,*/*", "Sec-Fetch-Site", "same-origin"))
}

var statement, points = field{"statement", "", "13_or_older"}, field{"face_points", "", "agreed"}

func TestThePlainPagesWorkFromUploadToDeletion(t *testing.T) {
	s := newService(t)
	s.has(s.get("/"), 200, "United States: Passport (50.8 × 50.8 mm)", "accepts a photo that you took yourself", "13 or older")

	r := s.send(field{"document", "", "us-passport"}, field{"age_band", "", "adult"}, field{"file", "me.jpg", portrait(t)}, statement, points)
	page := r.Header.Get("Location")
	if r.StatusCode != http.StatusSeeOther || !strings.HasPrefix(page, "/photos/") {
		t.Fatalf("got %d to %q: %s", r.StatusCode, page, r.body)
	}
	cookie := "photo_key=" + r.Cookies()[0].Value
	a := accepted{ID: strings.TrimPrefix(page, "/photos/"), Key: r.Cookies()[0].Value}
	s.has(s.get(page, "Cookie", cookie), 200, "being made", `http-equiv="refresh"`, "Finding eyes and chin")

	s.finish(a, "a picture")
	s.has(s.get(page, "Cookie", cookie), 200, "Look at it with care", "30.2 mm", "25 to 35 mm", "The head has the right size.",
		a.path("/result?download=1"), a.path("/print-sheet?paper=letter&amp;format=pdf&amp;download=1"), "are deleted on", `width="304" height="304"`)
	if strings.Contains(string(s.get(page, "Cookie", cookie).body), a.Key) {
		t.Error("the key is in the page")
	}

	r = s.do(s.request("POST", page+"/delete", nil, "Cookie", cookie, "Sec-Fetch-Site", "same-origin"))
	s.has(r, 200, "Deleted", "receipt")
	for _, c := range r.Cookies() {
		if c.MaxAge >= 0 || c.Value != "" {
			t.Errorf("the browser keeps cookie %s", c.Raw)
		}
	}
	s.nothingLeft()
	s.has(s.get(page, "Cookie", cookie), 404, "There is no such photo")
}

func TestAPageOffersTheSheetThatTheDocumentAllows(t *testing.T) {
	s := newService(t)
	for document, want := range map[string]string{
		"us-passport": "Sheet to print: <a", // anyone may print
		"cn-visa":     "For the photo shop, beside the photo: <a",
		"de-passport": "It reaches the office by a code", // on no paper
	} {
		a := s.ready(document, "a picture")
		r := s.get("/photos/"+a.ID, "Cookie", "photo_key="+a.Key)
		s.has(r, 200, want)
		if offered := strings.Contains(string(r.body), "/print-sheet"); offered != (document != "de-passport") {
			t.Errorf("%s: a sheet is offered: %v", document, offered)
		}
	}
}

func TestAPageSaysWhyAPhotoCouldNotBeMade(t *testing.T) {
	s := newService(t)
	a := s.upload()
	s.must(s.photos.Finish(t.Context(), s.claim(a), photo.Outcome{Status: photo.Rejected, Reason: photo.SeveralFaces, Now: s.clock.Now()}))
	s.has(s.get("/photos/"+a.ID, "Cookie", "photo_key="+a.Key), 200, "No photo could be made", "more than one person")
}

func TestAPageIsForItsKeyOnly(t *testing.T) {
	s := newService(t)
	a, other := s.upload(), s.upload()
	s.has(s.get("/photos/"+a.ID), 404, "There is no such photo")
	s.has(s.get("/photos/"+a.ID, "Cookie", "photo_key="+other.Key), 404, "There is no such photo")
	r := s.do(s.request("POST", "/photos/"+a.ID+"/delete", nil, "Cookie", "photo_key="+other.Key))
	s.has(r, 404, "There is no such photo")
	s.clock.Forward(49 * time.Hour)
	s.has(s.get("/photos/"+a.ID, "Cookie", "photo_key="+a.Key), 410, "being deleted")
}

func TestTheFormComesBackWithWhatIsWrong(t *testing.T) {
	s := newService(t)
	doc, file := field{"document", "", "us-passport"}, field{"file", "me.jpg", portrait(t)}
	s.has(s.send(doc, file, points), 422, "Please tick the box that says that you are 13 or older", "<form")
	s.has(s.send(doc, file, statement), 422, "Please tick the box about points of the face", "<form")
	s.has(s.send(doc, field{"age_band", "", "1_5"}, statement, points, field{"file", "me.jpg", "%PDF-1.7"}), 415, "a PDF document",
		`<option value="us-passport" data-note="`, `value="1_5" selected>`, `value="13_or_older" required checked>`, `value="agreed" required checked>`)
	s.nothingLeft()

	// A script asks for the problem alone.
	body, kind := form(doc, file)
	r := s.do(s.request("POST", "/photos", body, "Content-Type", kind, "Accept", "application/problem+json"))
	s.isProblem(r, 422, "statement_missing")
}

func TestPagesLoadNothingFromElsewhere(t *testing.T) {
	s := newService(t)
	page := string(s.get("/").body)
	if found := regexp.MustCompile(`(?:src|href|action)="(?:https?:)?//[^"]*"`).FindString(page); found != "" {
		t.Errorf("the page refers to %s", found)
	}
	assets := regexp.MustCompile(`"(/assets/[^"]+)"`).FindAllStringSubmatch(page, -1)
	if len(assets) != 3 {
		t.Fatalf("the page has assets %v, want three", assets)
	}
	for _, a := range assets {
		if r := s.get(a[1]); r.StatusCode != 200 || !strings.Contains(r.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d %v", a[1], r.StatusCode, r.Header)
		}
	}
}
