package httpapi_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/passportphotogenie/passportphotogenie/internal/check"
	"github.com/passportphotogenie/passportphotogenie/internal/httpapi"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/preview"
	"github.com/passportphotogenie/passportphotogenie/internal/ratelimit"
	"github.com/passportphotogenie/passportphotogenie/internal/tasks"
	"github.com/passportphotogenie/passportphotogenie/internal/testpictures"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

// looker stands in for the workers.
type looker func(ctx context.Context, p photo.Preview) (preview.Answer, error)

// Look is httpapi.Previews.
func (l looker) Look(ctx context.Context, p photo.Preview) (preview.Answer, error) { return l(ctx, p) }

// nothingSeen has no check to tell of any preview.
type nothingSeen struct{}

func (nothingSeen) Look(context.Context, photo.Preview) (preview.Answer, error) {
	return preview.Answer{Report: []byte(`{"checks":[]}`)}, nil
}

func looks(l looker) func(*httpapi.Options) {
	return func(o *httpapi.Options) { o.Previews = l }
}

// aPreview is the smiling portrait as a client would send it before the upload.
func aPreview(t *testing.T) string {
	t.Helper()
	img := testpictures.Pixels(t, portraits.Smiling)
	scale := float64(photo.MaxPreviewSide) / float64(max(img.Rect.Dx(), img.Rect.Dy()))
	return string(testpictures.JPEG(t, testpictures.Scaled(img, scale)))
}

func (s *service) check(fields []field, headers ...string) reply {
	s.Helper()
	body, kind := form(fields...)
	return s.do(s.request(http.MethodPost, "/v1/checks", body, append(headers, "Content-Type", kind)...))
}

type checked struct {
	Document string
	Checks   []check.Check
	Hints    []string
	Problem  *problem
}

func TestAPreviewIsAnsweredWithItsChecks(t *testing.T) {
	report := check.Report{
		Document: "de-passport", Summary: []string{"Step back."}, Checks: aReport.Checks,
	}
	file := aPreview(t)
	s := newService(t, looks(func(_ context.Context, p photo.Preview) (preview.Answer, error) {
		want := photo.Preview{Order: photo.Order{Document: "de-passport", AgeBand: photo.From6To10}, Format: photo.JPEG, Picture: []byte(file)}
		if diff := cmp.Diff(want, p); diff != "" {
			t.Error(diff)
		}
		b, err := json.Marshal(report)
		return preview.Answer{Report: b}, err
	}))
	r := s.check([]field{{"file", "me.jpg", file}, {"document", "", "de-passport"}, {"age_band", "", "6_10"}})
	if r.StatusCode != http.StatusOK || r.Header.Get("Cache-Control") != "private, no-store" {
		t.Fatalf("got %d %s, Cache-Control %q", r.StatusCode, r.body, r.Header.Get("Cache-Control"))
	}
	var got checked
	r.decode(t, &got)
	if diff := cmp.Diff(checked{Document: "de-passport", Checks: report.Checks, Hints: report.Summary}, got); diff != "" {
		t.Error(diff)
	}
	s.nothingLeft()
}

func TestAPreviewOfWhichNoPhotoCanBeMadeIsAnAnswerToo(t *testing.T) {
	for _, reason := range []photo.Reason{photo.NoFace, photo.SeveralFaces, photo.FaceCutOff} {
		s := newService(t, looks(func(context.Context, photo.Preview) (preview.Answer, error) {
			return preview.Answer{Reason: reason}, nil
		}))
		r := s.check([]field{{"file", "me.jpg", aPreview(t)}, {"document", "", "us-passport"}})
		var got checked
		r.decode(t, &got)
		if r.StatusCode != http.StatusOK || got.Checks == nil || got.Problem == nil || got.Problem.Code != string(reason) || got.Problem.Detail != reason.Advice() {
			t.Errorf("%s: got %d %s", reason, r.StatusCode, r.body)
		}
	}
}

func TestABadPreviewGetsAClearProblem(t *testing.T) {
	s := newService(t, looks(func(context.Context, photo.Preview) (preview.Answer, error) {
		return preview.Answer{Reason: photo.Unreadable}, nil // what passes the door breaks in the studio
	}))
	me, doc := aPreview(t), field{"document", "", "us-passport"}
	pixels := testpictures.Pixels(t, portraits.Smiling)
	file := func(b []byte) []field { return []field{doc, {"file", "a.jpg", string(b)}} }
	for _, tt := range []struct {
		name   string
		fields []field
		status int
		code   string
	}{
		{"no file", []field{doc}, 422, "file_missing"},
		{"two files", []field{doc, {"file", "a.jpg", me}, {"file", "b.jpg", me}}, 422, "several_files"},
		{"an empty file", file(nil), 400, "empty_picture"},
		{"no document", []field{{"file", "a.jpg", me}}, 422, "document_missing"},
		{"an unknown document", []field{{"file", "a.jpg", me}, doc2("xx-passport")}, 422, "unknown_document"},
		{"an unknown age band", []field{doc, {"age_band", "", "13"}, {"file", "a.jpg", me}}, 422, "unknown_age_band"},
		{"an unknown field", []field{doc, {"birthday", "", "2001-01-01"}, {"file", "a.jpg", me}}, 422, "unknown_field"},
		{"a PDF", file([]byte("%PDF-1.7\n")), 415, "unsupported_format"},
		{"a HEIC", file(testpictures.HEIC(t, testpictures.Scaled(pixels, 0.2))), 415, "unsupported_format"},
		{"an animation", file(testpictures.AnimatedWebP(t, testpictures.Scaled(pixels, 0.1))), 422, "animated_picture"},
		{"2000 pixels", file(testpictures.JPEG(t, testpictures.Scaled(testpictures.NoFace(), 2000/float64(testpictures.NoFace().Rect.Dx())))), 422, "too_many_pixels"},
		{"641 pixels", file(testpictures.PNG(t, testpictures.Scaled(testpictures.NoFace(), 641/float64(max(testpictures.NoFace().Rect.Dx(), testpictures.NoFace().Rect.Dy()))))), 422, "too_many_pixels"},
		{"100 megapixels", file(testpictures.HugePNGHeader()), 422, "too_many_pixels"},
		{"a bomb", file(testpictures.PNGBomb(t)), 422, "too_many_pixels"},
		{"a JPEG without a size", file([]byte("\xff\xd8\xff\xe0 and no more")), 422, "unreadable_picture"},
		{"a JPEG cut in half", file(testpictures.Truncated([]byte(me))), 422, "unreadable_picture"},
		{"10 MB", file([]byte(me + strings.Repeat("x", 10<<20))), 413, "too_large"},
		{"a byte too many", file([]byte(me + strings.Repeat("x", photo.MaxPreviewBytes+1-len(me)))), 413, "too_large"},
	} {
		t.Run(tt.name, func(*testing.T) {
			p := s.isProblem(s.check(tt.fields), tt.status, tt.code)
			if tt.status == 413 && !strings.Contains(p.Detail, "512 kB") {
				t.Errorf("the detail is: %s", p.Detail)
			}
			s.nothingLeft()
		})
	}
	s.isProblem(s.do(s.request("POST", "/v1/checks", nil)), 400, "empty_body")
	s.isProblem(s.do(s.request("POST", "/v1/checks", strings.NewReader("{}"), "Content-Type", "application/json")), 415, "not_a_form")
	s.isProblem(s.check(file([]byte(me)), "Origin", "https://elsewhere.example", "Sec-Fetch-Site", "cross-site"), 403, "cross_origin")
}

// A body of unknown length is cut off where it gets too long.
func TestAnEndlessPreviewIsCutOff(t *testing.T) {
	s := newService(t)
	head := "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\n\r\n\xff\xd8\xff"
	body := io.MultiReader(strings.NewReader(head), io.LimitReader(zero{}, 100<<20))
	var start, end runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&start)
	s.isProblem(s.do(s.request("POST", "/v1/checks", body, "Content-Type", "multipart/form-data; boundary=b")), 413, "too_large")
	runtime.ReadMemStats(&end)
	if grown := end.TotalAlloc - start.TotalAlloc; grown > 8<<20 {
		t.Errorf("allocated %d MB", grown>>20)
	}
}

// slow begins to send a preview and stops; it returns when it has a place.
func (s *service) slow() net.Conn {
	s.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	s.must(err)
	s.Cleanup(func() { _ = c.Close() })
	_, err = fmt.Fprintf(c, "POST /v1/checks HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 50000\r\n\r\n--b\r\n")
	s.must(err)
	return c
}

func TestASlowPreviewLosesItsPlaceSoon(t *testing.T) {
	s := newService(t)
	c := s.slow()
	answer := make([]byte, 12)
	if _, err := io.ReadFull(c, answer); err != nil || string(answer) != "HTTP/1.1 400" {
		t.Errorf("got %q, error %v", answer, err)
	}
	if r := s.check([]field{{"file", "me.jpg", aPreview(t)}, {"document", "", "us-passport"}}); r.StatusCode != http.StatusOK {
		t.Errorf("the place is not free again: %d %s", r.StatusCode, r.body)
	}
}

func TestMorePreviewsThanPlacesAreToldToComeBack(t *testing.T) {
	entered, leave := make(chan struct{}), make(chan struct{})
	s := newService(t, looks(func(context.Context, photo.Preview) (preview.Answer, error) {
		entered <- struct{}{}
		<-leave
		return nothingSeen{}.Look(t.Context(), photo.Preview{})
	}))
	fields := []field{{"file", "me.jpg", aPreview(t)}, {"document", "", "us-passport"}}
	first := make(chan int, 1)
	body, kind := form(fields...)
	ask := s.request(http.MethodPost, "/v1/checks", body, "Content-Type", kind)
	go func() {
		resp, err := http.DefaultClient.Do(ask)
		if err != nil {
			first <- 0
			return
		}
		resp.Body.Close()
		first <- resp.StatusCode
	}()
	<-entered
	second := s.check(fields)
	s.isProblem(second, 503, "busy")
	if second.Header.Get("Retry-After") != "1" {
		t.Errorf("Retry-After is %q", second.Header.Get("Retry-After"))
	}
	close(leave)
	if code := <-first; code != http.StatusOK {
		t.Errorf("the first got %d", code)
	}
}

func TestAPreviewThatNobodyLooksAt(t *testing.T) {
	for _, tt := range []struct {
		err  error
		code string
	}{{fmt.Errorf("preview: %w", preview.ErrBusy), "busy"}, {preview.ErrFailed, "unavailable"}, {io.ErrUnexpectedEOF, "unavailable"}} {
		s := newService(t, looks(func(context.Context, photo.Preview) (preview.Answer, error) { return preview.Answer{}, tt.err }))
		r := s.check([]field{{"file", "me.jpg", aPreview(t)}, {"document", "", "us-passport"}})
		s.isProblem(r, 503, tt.code)
		if r.Header.Get("Retry-After") == "" {
			t.Error("Retry-After is missing")
		}
	}
}

func TestWhoAsksTooOftenWaits(t *testing.T) {
	for _, tt := range []struct {
		name  string
		rates ratelimit.Rates
	}{{"one client", ratelimit.Rates{Client: 2, All: 100}}, {"all together", ratelimit.Rates{Client: 100, All: 2}}} {
		t.Run(tt.name, func(t *testing.T) {
			var seen int
			s := newService(t, looks(func(ctx context.Context, p photo.Preview) (preview.Answer, error) {
				seen++
				return nothingSeen{}.Look(ctx, p)
			}), limitedTo(t, tt.rates))
			fields := []field{{"file", "me.jpg", aPreview(t)}, {"document", "", "us-passport"}}
			for range 2 {
				if r := s.check(fields, "X-Forwarded-For", "198.51.100.7"); r.StatusCode != http.StatusOK {
					t.Fatalf("got %d %s", r.StatusCode, r.body)
				}
			}
			r := s.check(fields, "X-Forwarded-For", "198.51.100.8") // what a client says of itself does not count
			s.isProblem(r, 429, "too_often")
			if after, err := strconv.Atoi(r.Header.Get("Retry-After")); err != nil || after < 1 || after > 60 {
				t.Errorf("Retry-After is %q", r.Header.Get("Retry-After"))
			}
			if seen != 2 {
				t.Errorf("%d were looked at", seen)
			}
		})
	}
}

func TestWithoutRedisNoPreviewIsTaken(t *testing.T) {
	s := newService(t, looks(func(context.Context, photo.Preview) (preview.Answer, error) {
		t.Error("it was looked at")
		return preview.Answer{}, nil
	}))
	s.redis.Stop()
	s.isProblem(s.check([]field{{"file", "me.jpg", aPreview(t)}, {"document", "", "us-passport"}}), 503, "unavailable")
}

// limitedTo counts on a Redis of its own.
func limitedTo(t *testing.T, rates ratelimit.Rates) func(*httpapi.Options) {
	t.Helper()
	where, err := tasks.ParseRedis(testservers.Redis(t))
	if err != nil {
		t.Fatal(err)
	}
	client := where.Client()
	t.Cleanup(func() { _ = client.Close() })
	return func(o *httpapi.Options) { o.Limiter = ratelimit.New(client, "previews", rates) }
}
