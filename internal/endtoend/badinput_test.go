package endtoend

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/testpictures"
	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

// What is refused at the door: status and code of the problem.
func TestABadUploadGetsAClearProblem(t *testing.T) {
	s := newService(t)
	s.start("api")
	smiling := string(testpictures.Portrait(t, portraits.Smiling))
	doc := part{"document", "", "us-passport"}
	file := func(content string) part { return part{"file", "a.jpg", content} }
	for _, tt := range []struct {
		name  string
		parts []part
		code  int
		word  string
	}{
		{"no file", []part{doc}, 422, ""},
		{"an empty file", []part{doc, file("")}, 400, "empty_picture"},
		{"two files", []part{doc, file(smiling), file(smiling)}, 422, ""},
		{"no document", []part{file(smiling)}, 422, ""},
		{"an unknown document", []part{{"document", "", "xx-passport"}, file(smiling)}, 422, ""},
		{"an unknown age band", []part{doc, {"age_band", "", "old"}, file(smiling)}, 422, ""},
		{"an unknown field", []part{doc, {"shoe_size", "", "44"}, file(smiling)}, 422, ""},
		{"30 MB", []part{doc, file(smiling + strings.Repeat("x", 30<<20))}, 413, "too_large"},
		{"a 100-megapixel header", []part{doc, file(string(testpictures.HugeJPEGHeader(t)))}, 422, "too_many_pixels"},
		{"a PNG bomb", []part{doc, file(string(testpictures.PNGBomb(t)))}, 422, "too_many_pixels"},
		{"a GIF", []part{doc, file("GIF89a\x01\x00\x01\x00\x00\x00\x00;")}, 415, "unsupported_format"},
		{"an SVG", []part{doc, file(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>`)}, 415, "unsupported_format"},
		{"a PDF", []part{doc, file("%PDF-1.7\n%x")}, 415, "unsupported_format"},
		{"HTML", []part{doc, file("<!doctype html><script>alert(1)</script>")}, 415, "unsupported_format"},
		{"text", []part{doc, file("hello")}, 415, "unsupported_format"},
		{"a moving WebP", []part{doc, file(string(testpictures.AnimatedWebP(t, testpictures.Pixels(t, portraits.Astronaut))))}, 422, "animated_picture"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			body, contentType := form(t, tt.parts...)
			a := s.send(http.MethodPost, "/v1/photos", "", body, "Content-Type", contentType)
			if a.code != tt.code {
				t.Fatalf("%d, want %d: %s", a.code, tt.code, a.body)
			}
			f := a.problem(t)
			if f.Code == "" || f.Detail == "" || tt.word != "" && f.Code != tt.word {
				t.Errorf("code %q, want %q; detail %q", f.Code, tt.word, f.Detail)
			}
			if got := a.header.Get("Content-Type"); got != "application/problem+json" {
				t.Errorf("content type %q", got)
			}
		})
	}
	if got := s.send(http.MethodPost, "/v1/photos", "", nil).code; got < 400 || got >= 500 {
		t.Errorf("an empty body: %d", got)
	}
}

// What is accepted, and what becomes of it.
func TestWhateverIsAcceptedEndsWithAPhotoOrAReason(t *testing.T) {
	s := newService(t)
	s.startAll()
	smiling := testpictures.Pixels(t, portraits.Smiling)
	for _, tt := range []struct {
		name   string
		file   []byte
		status string
		code   string
	}{
		{"the first portrait", testpictures.Portrait(t, portraits.Smiling), "ready", ""},
		{"the second portrait", testpictures.Portrait(t, portraits.Tilted), "ready", ""},
		{"HEIC", testpictures.HEIC(t, smiling), "ready", ""},
		{"AVIF", testpictures.AVIF(t, smiling), "ready", ""},
		{"WebP", testpictures.WebP(t, smiling), "ready", ""},
		{"TIFF", testpictures.TIFF(t, smiling), "ready", ""},
		{"CMYK", testpictures.CMYK(t, smiling), "ready", ""},
		{"greyscale", testpictures.JPEG(t, testpictures.Grey(smiling)), "ready", ""},
		{"16-bit PNG", testpictures.PNG(t, testpictures.Sixteen(smiling)), "ready", ""},
		{"alpha", testpictures.PNG(t, testpictures.Alpha(smiling)), "ready", ""},
		{"EXIF orientation 6", testpictures.WithOrientation(t, smiling, 6), "ready", ""},
		{"truncated JPEG", testpictures.Truncated(testpictures.Portrait(t, portraits.Smiling)), "rejected", "unreadable_picture"},
		{"no face", testpictures.JPEG(t, testpictures.NoFace()), "rejected", "no_face"},
		{"two faces", testpictures.JPEG(t, testpictures.TwoFaces(t)), "rejected", "several_faces"},
		{"a face of 60 px", testpictures.JPEG(t, testpictures.SmallFace(t, 60)), "rejected", "face_too_small"},
		{"a face cut by the edge", testpictures.JPEG(t, testpictures.CutFace(t)), "rejected", "face_cut_off"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			id, key := s.accepted("de-passport", tt.file)
			f := s.settled(id, key, time.Minute)
			if f.Status != tt.status || f.Problem.Code != tt.code {
				t.Errorf("%s with problem %q, want %s with %q", f.Status, f.Problem.Code, tt.status, tt.code)
			}
			if tt.code != "" && f.Problem.Detail == "" {
				t.Error("the person is not told what to do")
			}
		})
	}
	id, key := s.accepted("us-passport", testpictures.Portrait(t, portraits.Astronaut))
	if f := s.settled(id, key, time.Minute); f.Status != "ready" || f.Report.Verdict != "take_another" {
		t.Errorf("a face too small for print: %s, verdict %s", f.Status, f.Report.Verdict)
	}
}

func TestNobodyOpensAPhotoWithoutItsKey(t *testing.T) {
	s := newService(t)
	s.start("api")
	id, key := s.accepted("us-passport", testpictures.Portrait(t, portraits.Smiling))
	_, other := s.accepted("us-passport", testpictures.Portrait(t, portraits.Smiling))
	for name, k := range map[string]string{"no key": "", "a wrong key": "aaaa", "another photo's key": other} {
		for _, path := range []string{"", "/result", "/report", "/events"} {
			if got := s.send(http.MethodGet, "/v1/photos/"+id+path, k, nil).code; got != http.StatusNotFound {
				t.Errorf("%s opens %s: %d", name, path, got)
			}
		}
		if got := s.send(http.MethodDelete, "/v1/photos/"+id, k, nil).code; got != http.StatusNotFound {
			t.Errorf("%s deletes: %d", name, got)
		}
	}
	if got := s.get(id, key).code; got != http.StatusOK {
		t.Errorf("its own key: %d", got)
	}
}
