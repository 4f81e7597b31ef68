package httpapi_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/httpapi"
	"github.com/passportphotogenie/passportphotogenie/internal/intake"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/testpictures"
	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

const idempotencyKey = "0f8fad5b-d9cb-469f-a165-70867728950e"

func TestAnUploadIsAcceptedAndOpensWithItsKey(t *testing.T) {
	s := newService(t)
	r := s.post([]field{{"file", "me.jpg", portrait(t)}, {"document", "", "de-passport"}, {"age_band", "", "6_10"}})
	var a accepted
	r.decode(t, &a)
	if r.StatusCode != http.StatusAccepted || a.Status != "queued" || r.Header.Get("Location") != a.path("") || a.Links["self"] != a.path("") {
		t.Errorf("got %d %s, Location %q", r.StatusCode, r.body, r.Header.Get("Location"))
	}
	if !a.ExpiresAt.Equal(s.clock.Now().Add(48 * time.Hour)) {
		t.Errorf("expires at %s", a.ExpiresAt)
	}
	var p struct {
		Status, Document string
		AgeBand          string `json:"age_band"`
		Revision         int
	}
	s.get(a.path(""), a.bearer()...).decode(t, &p)
	if p.Status != "queued" || p.Document != "de-passport" || p.AgeBand != "6_10" || p.Revision != 1 {
		t.Errorf("the photo is %+v", p)
	}
	if depths, err := s.queue.Depths(t.Context()); err != nil || depths[0].Pending != 1 {
		t.Errorf("queue has %+v, error %v, want one pending", depths, err)
	}
}

func TestTheCookieIsThePhotosAndTheBrowsersAlone(t *testing.T) {
	s := newService(t)
	r := s.post([]field{{"document", "", "us-passport"}, {"file", "me.jpg", portrait(t)}})
	var a accepted
	r.decode(t, &a)
	paths := map[string]bool{}
	for _, c := range r.Cookies() {
		if c.Name == "visitor" {
			continue // another test's concern
		}
		paths[c.Path] = true
		if c.Name != "photo_key" || c.Value != a.Key || !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteStrictMode || c.MaxAge != 72*60*60 {
			t.Errorf("cookie %s", c.Raw)
		}
	}
	if !paths["/v1/photos/"+a.ID] || !paths["/photos/"+a.ID] || len(paths) != 2 {
		t.Errorf("cookie paths %v", paths)
	}
	if r := s.get(a.path(""), "Cookie", "photo_key="+a.Key); r.StatusCode != http.StatusOK {
		t.Errorf("with the cookie: %d", r.StatusCode)
	}
}

func TestABadUploadGetsAClearProblemAndLeavesNothing(t *testing.T) {
	s := newService(t)
	me := portrait(t)
	doc := field{"document", "", "us-passport"}
	small := testpictures.Scaled(testpictures.Pixels(t, portraits.Smiling), 0.1)
	for _, tt := range []struct {
		name   string
		fields []field
		status int
		code   string
	}{
		{"no file", []field{doc}, 422, "file_missing"},
		{"nothing at all", nil, 422, "file_missing"},
		{"two files", []field{doc, {"file", "a.jpg", me}, {"file", "b.jpg", me}}, 422, "several_files"},
		{"an empty file", []field{doc, {"file", "a.jpg", ""}}, 400, "empty_picture"},
		{"no document", []field{{"file", "a.jpg", me}}, 422, "document_missing"},
		{"an unknown document", []field{doc2("xx-passport"), {"file", "a.jpg", me}}, 422, "unknown_document"},
		{"an unknown document after the file", []field{{"file", "a.jpg", me}, doc2("xx-passport")}, 422, "unknown_document"},
		{"two documents", []field{doc, doc, {"file", "a.jpg", me}}, 422, "repeated_field"},
		{"an unknown field", []field{doc, {"birthday", "", "2001-01-01"}, {"file", "a.jpg", me}}, 422, "unknown_field"},
		{"an unknown age band", []field{doc, {"age_band", "", "13"}, {"file", "a.jpg", me}}, 422, "unknown_age_band"},
		{"a novel as document", []field{doc2(strings.Repeat("a", 300)), {"file", "a.jpg", me}}, 422, "field_too_long"},
		{"a PDF under a picture's name", []field{doc, {"file", "a.jpg", "%PDF-1.7\n"}}, 415, "unsupported_format"},
		{"text under a picture's name", []field{doc, {"file", "a.jpg", "hello"}}, 415, "unsupported_format"},
		{"an animation", []field{doc, {"file", "a.webp", string(testpictures.AnimatedWebP(t, small))}}, 422, "animated_picture"},
		{"100 megapixels", []field{doc, {"file", "a.png", string(testpictures.HugePNGHeader())}}, 422, "too_many_pixels"},
		{"30 MB", []field{doc, {"file", "a.jpg", me + strings.Repeat("x", 30<<20)}}, 413, "too_large"},
		{"a byte too many", []field{doc, {"file", "a.jpg", me + strings.Repeat("x", photo.MaxBytes+1-len(me))}}, 413, "too_large"},
	} {
		t.Run(tt.name, func(*testing.T) {
			s.isProblem(s.post(tt.fields), tt.status, tt.code)
			s.nothingLeft()
		})
	}
}

func doc2(id string) field { return field{"document", "", id} }

func TestWhatIsNoFormIsRefused(t *testing.T) {
	s := newService(t)
	s.isProblem(s.do(s.request("POST", "/v1/photos", nil)), 400, "empty_body")
	s.isProblem(s.do(s.request("POST", "/v1/photos", strings.NewReader("{}"), "Content-Type", "application/json")), 415, "not_a_form")
	s.isProblem(s.do(s.request("POST", "/v1/photos", strings.NewReader("x"), "Content-Type", "multipart/form-data")), 415, "not_a_form")
}

func TestARepeatedUploadIsAnsweredAsTheFirst(t *testing.T) {
	s := newService(t)
	fields := []field{{"file", "me.jpg", portrait(t)}, {"document", "", "us-passport"}}
	var first, again accepted
	s.post(fields, "Idempotency-Key", idempotencyKey).decode(t, &first)
	r := s.post(fields, "Idempotency-Key", idempotencyKey)
	r.decode(t, &again)
	if r.StatusCode != http.StatusAccepted || first.ID == "" || again.ID != first.ID || again.Key != first.Key {
		t.Errorf("got %d %s after %+v", r.StatusCode, r.body, first)
	}
	fields[1].value = "gb-passport"
	s.isProblem(s.post(fields, "Idempotency-Key", idempotencyKey), 422, "idempotency_mismatch")
	s.isProblem(s.post(fields, "Idempotency-Key", "7"), 422, "weak_idempotency_key")
	if rows, keys, blobs := s.left(); rows != 1 || keys != 1 || blobs != 1 {
		t.Errorf("stored %d rows, %d keys, %d blobs", rows, keys, blobs)
	}
}

// hanging starts an upload that stops half-way, and returns when its row is
// reserved.
func (s *service) hanging(headers string) net.Conn {
	s.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	s.must(err)
	s.Cleanup(func() { _ = c.Close() })
	_, err = fmt.Fprintf(c, "POST /v1/photos HTTP/1.1\r\nHost: x\r\n%sContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 5000000\r\n\r\n"+
		"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\n\r\n%s", headers, portrait(s.T))
	s.must(err)
	s.until("a reserved row", func() bool { rows, _, _ := s.left(); return rows == 1 })
	return c
}

func TestAClientThatStopsHalfWayLeavesNothing(t *testing.T) {
	s := newService(t)
	c := s.hanging("")
	s.until("a key", func() bool { _, keys, _ := s.left(); return keys == 1 })
	s.must(c.Close())
	s.until("nothing left", func() bool { rows, keys, blobs := s.left(); return rows+keys+blobs == 0 })
}

func TestASecondUploadWhileTheFirstRunsIsAConflict(t *testing.T) {
	s := newService(t)
	s.hanging("Idempotency-Key: " + idempotencyKey + "\r\n")
	r := s.post([]field{{"file", "me.jpg", portrait(t)}, {"document", "", "us-passport"}}, "Idempotency-Key", idempotencyKey)
	s.isProblem(r, 409, "idempotency_running")
	if r.Header.Get("Retry-After") == "" {
		t.Error("Retry-After is missing")
	}
}

func TestTooManyUploadsAtATimeAreAskedToComeBack(t *testing.T) {
	s := newService(t, func(o *httpapi.Options) { o.MaxUploads = 1 })
	c := s.hanging("")
	fields := []field{{"file", "me.jpg", portrait(t)}, {"document", "", "us-passport"}}
	r := s.post(fields)
	s.isProblem(r, 503, "too_many_uploads")
	if r.Header.Get("Retry-After") == "" {
		t.Error("Retry-After is missing")
	}
	s.must(c.Close())
	s.until("room for another", func() bool { return s.post(fields).StatusCode == http.StatusAccepted })
}

func TestAnUploadIsAcceptedWhileRedisIsDown(t *testing.T) {
	s := newService(t)
	s.redis.Stop()
	start := time.Now()
	a := s.upload()
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("took %s", took)
	}
	stranded, err := s.photos.Stranded(t.Context(), s.clock.Now().Add(time.Minute), 9)
	if err != nil || len(stranded) != 1 || string(stranded[0].ID) != a.ID {
		t.Errorf("the sweep finds %v, error %v", stranded, err)
	}
}

func TestWhileAStoreIsDownNothingIsKept(t *testing.T) {
	fields := []field{{"file", "me.jpg", portrait(t)}, {"document", "", "us-passport"}}
	t.Run("blobs", func(t *testing.T) {
		s := newService(t)
		// A file where the directory belongs fails for root too.
		blocked := filepath.Join(s.blobDir, "photos")
		s.must(os.WriteFile(blocked, nil, 0o600))
		r := s.post(fields)
		s.isProblem(r, 503, "unavailable")
		if r.Header.Get("Retry-After") == "" {
			t.Error("Retry-After is missing")
		}
		s.must(os.Remove(blocked))
		if _, keys, _ := s.left(); keys != 0 {
			t.Errorf("left: %d keys", keys)
		}
	})
	t.Run("records", func(t *testing.T) {
		s := newService(t)
		s.must(s.db.Close())
		s.isProblem(s.post(fields), 503, "unavailable")
	})
}

func TestALargeUploadStreamsThrough(t *testing.T) {
	s := newService(t)
	head := portrait(t)
	before := "--b\r\nContent-Disposition: form-data; name=\"document\"\r\n\r\nus-passport\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\n\r\n" + head
	padding := int64(photo.MaxBytes - len(head))
	body := io.MultiReader(strings.NewReader(before), io.LimitReader(zero{}, padding), strings.NewReader("\r\n--b--\r\n"))
	r := s.request("POST", "/v1/photos", body, "Content-Type", "multipart/form-data; boundary=b")
	r.ContentLength = int64(len(before)) + padding + int64(len("\r\n--b--\r\n"))
	var start, end runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&start)
	if got := s.do(r); got.StatusCode != http.StatusAccepted {
		t.Fatalf("got %d %s", got.StatusCode, got.body)
	}
	runtime.ReadMemStats(&end)
	if grown := end.TotalAlloc - start.TotalAlloc; grown > 8<<20 {
		t.Errorf("allocated %d MB for a picture of 25 MB", grown>>20)
	}
}

type zero struct{}

func (zero) Read(b []byte) (int, error) { clear(b); return len(b), nil }

func TestAClientThatAsksFirstIsToldBeforeItSends(t *testing.T) {
	s := newService(t)
	c, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	s.must(err)
	defer func() { _ = c.Close() }()
	_, err = io.WriteString(c, "POST /v1/photos HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 40000000\r\n\r\n")
	s.must(err)
	s.must(c.SetReadDeadline(time.Now().Add(5 * time.Second)))
	b := make([]byte, 64)
	n, err := c.Read(b)
	if err != nil || !strings.HasPrefix(string(b[:n]), "HTTP/1.1 413") {
		t.Errorf("got %q, error %v", b[:n], err)
	}
}

// panicking is an intake with a bug.
type panicking struct{ httpapi.Intake }

func (panicking) Accept(context.Context, intake.Upload) (intake.Accepted, error) {
	panic(errors.New("secret-of-a-person"))
}

func TestAPanicIsAProblemAndSaysNothing(t *testing.T) {
	s := newService(t, func(o *httpapi.Options) { o.Intake = panicking{} })
	r := s.post([]field{{"file", "me.jpg", portrait(t)}, {"document", "", "us-passport"}})
	s.isProblem(r, 500, "internal_error")
	if strings.Contains(string(r.body)+s.log.String(), "secret-of-a-person") {
		t.Errorf("the panic's text is in %s or the log", r.body)
	}
	if !strings.Contains(s.log.String(), "httpapi") {
		t.Errorf("the log does not say where: %s", s.log)
	}
}
