package httpapi_test

import (
	"bytes"
	"image"
	"image/png"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/passportphotogenie/passportphotogenie/internal/httpapi"
)

func TestAReportIsServedAsAPageToShow(t *testing.T) {
	s := newService(t)
	a := s.ready("us-passport", aPhoto(t, 600, 600))
	page := a.path("/report?format=pdf")
	for name, r := range map[string]reply{
		"by its format":         s.get(page, a.bearer()...),
		"by the Accept header":  s.get(a.path("/report"), append(a.bearer(), "Accept", "application/pdf")...),
		"with the cookie alone": s.get(page, "Cookie", "photo_key="+a.Key),
	} {
		if r.StatusCode != 200 || r.Header.Get("Content-Type") != "application/pdf" || r.Header.Get("Cache-Control") != "private, no-store" ||
			r.Header.Get("Content-Disposition") != `inline; filename="us-passport-report.pdf"` {
			t.Errorf("%s: %d %v %.200s", name, r.StatusCode, r.Header, r.body)
			continue
		}
		info, text := s.pages(r.body)
		if !strings.Contains(info, "Pages:           1\n") {
			t.Errorf("%s: %s", name, info)
		}
		for _, want := range []string{"United States: Passport", "30.2 mm", "25 to 35 mm", "Are the glasses off?", "read on", "the office decides"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: the page lacks %q: %s", name, want, text)
			}
		}
		if all := info + text; strings.Contains(all, a.ID) || strings.Contains(all, "me.jpg") {
			t.Errorf("%s: the page names the photo: %s", name, all)
		}
	}
	if got := s.get(page+"&download=1", a.bearer()...).Header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment; ") {
		t.Errorf("Content-Disposition %q", got)
	}
	for _, accept := range []string{"", "*/*", "application/json", "application/pdf;q=0.2, application/json", "text/html,*/*;q=0.8"} {
		if r := s.get(a.path("/report"), append(a.bearer(), "Accept", accept)...); r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("Accept %q gets %s", accept, r.Header.Get("Content-Type"))
		}
	}
	s.isProblem(s.get(a.path("/report?format=svg"), a.bearer()...), 422, "invalid_request")
}

func TestASeeThroughPhotoIsShownOnWhite(t *testing.T) {
	s := newService(t)
	var b bytes.Buffer
	s.must(png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, 600, 600))))
	a := s.ready("us-passport", b.String())
	if r := s.get(a.path("/report?format=pdf"), a.bearer()...); r.StatusCode != 200 {
		t.Errorf("%d %s", r.StatusCode, r.body)
	}
	broken := s.ready("us-passport", "no JPEG at all")
	s.isProblem(s.get(broken.path("/report?format=pdf"), broken.bearer()...), 503, "unavailable")
}

func TestAServedReportFollowsTheServedSchema(t *testing.T) {
	s := newService(t)
	a := s.ready("us-passport", aPhoto(t, 600, 600))
	r := s.get(a.path("/report?format=json"), a.bearer()...)
	address, ok := strings.CutSuffix(r.Header.Get("Link"), `>; rel="describedby"`)
	if !ok {
		t.Fatalf("the report's link is %q", r.Header.Get("Link"))
	}
	schema := s.get(strings.TrimPrefix(address, "<"))
	if schema.StatusCode != 200 || schema.Header.Get("Content-Type") != "application/schema+json" || !strings.HasPrefix(schema.Header.Get("Cache-Control"), "public") {
		t.Fatalf("the schema: %d %v", schema.StatusCode, schema.Header)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema.body))
	s.must(err)
	c := jsonschema.NewCompiler()
	s.must(c.AddResource("report.json", doc))
	compiled, err := c.Compile("report.json")
	s.must(err)
	report, err := jsonschema.UnmarshalJSON(bytes.NewReader(r.body))
	s.must(err)
	if err := compiled.Validate(report); err != nil {
		t.Error(err)
	}
}

func TestTheOverlayIsADrawingThatDoesNothing(t *testing.T) {
	s := newService(t)
	a := s.ready("us-passport", aPhoto(t, 600, 600))
	r := s.get(a.path("/overlay"), a.bearer()...)
	if r.StatusCode != 200 || r.Header.Get("Content-Type") != "image/svg+xml" || r.Header.Get("Cache-Control") != "private, no-store" {
		t.Errorf("%d %v", r.StatusCode, r.Header)
	}
	if policy := r.Header.Values("Content-Security-Policy"); len(policy) != 1 || !strings.HasPrefix(policy[0], "default-src 'none'; ") || strings.Contains(policy[0], "'self'") || !strings.HasSuffix(policy[0], "sandbox") {
		t.Errorf("the policy is %q", policy)
	}
	for _, want := range []string{`viewBox="0 0 50.8 50.8"`, `id="check-head_height" class="check pass"`, "30.2 mm"} {
		if !strings.Contains(string(r.body), want) {
			t.Errorf("the drawing lacks %s: %s", want, r.body)
		}
	}
	var links struct{ Links map[string]string }
	s.get(a.path(""), a.bearer()...).decode(t, &links)
	if links.Links["overlay"] != a.path("/overlay") {
		t.Errorf("the links are %v", links.Links)
	}
}

func TestWhatTellsOfAPhotoIsThereAsLongAsThePhotoIs(t *testing.T) {
	s := newService(t)
	a, other := s.upload(), s.upload()
	paths := []string{"/report", "/report?format=pdf", "/overlay"}
	for _, path := range paths {
		s.isProblem(s.get(a.path(path), a.bearer()...), 409, "not_ready")
	}
	s.finish(a, aPhoto(t, 600, 600))
	for _, path := range paths {
		s.isProblem(s.get(a.path(path), other.bearer()...), 404, "not_found")
		s.isProblem(s.get(a.path(path)), 404, "not_found")
	}
	s.clock.Forward(49 * time.Hour)
	for _, path := range paths {
		s.isProblem(s.get(a.path(path), a.bearer()...), 410, "expired")
	}
}

func TestAReportsPageTakesAPlaceAmongTheSheets(t *testing.T) {
	held := heldVault{came: make(chan struct{}, 1), letGo: make(chan struct{})}
	s := newService(t, func(o *httpapi.Options) { held.Vault, o.Vault, o.MaxSheets = o.Vault, &held, 1 })
	a := s.ready("us-passport", aPhoto(t, 600, 600))
	first := make(chan reply, 1)
	go func() { first <- s.get(a.path("/print-sheet"), a.bearer()...) }()
	<-held.came
	second := make(chan reply, 1)
	go func() { second <- s.get(a.path("/report?format=pdf"), a.bearer()...) }()
	<-held.came // it reads the report, and waits
	close(held.letGo)
	for _, r := range []reply{<-first, <-second} {
		if r.StatusCode != 200 {
			t.Errorf("%d %s", r.StatusCode, r.body)
		}
	}
}
