package httpapi_test

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/httpapi"
	"github.com/passportphotogenie/passportphotogenie/internal/testpdf"
	"github.com/passportphotogenie/passportphotogenie/internal/vault"
)

// aPhoto is a JPEG of a size in pixels.
func aPhoto(t *testing.T, w, h int) string {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewRGBA(image.Rect(0, 0, w, h)), nil); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// ready sends a portrait for a document and makes it ready.
func (s *service) ready(document, picture string) accepted {
	s.Helper()
	r := s.post([]field{{"file", "me.jpg", portrait(s.T)}, {"document", "", document}})
	var a accepted
	r.decode(s.T, &a)
	s.finish(a, picture)
	return a
}

// pages says what Poppler finds in a PDF.
func (s *service) pages(pdf []byte) (info, text string) {
	s.Helper()
	file := testpdf.Write(s, pdf)
	return file.Info(s), file.Text(s)
}

func TestAReadyPhotoIsPrintedOnPaper(t *testing.T) {
	s := newService(t)
	a := s.upload()
	s.isProblem(s.get(a.path("/print-sheet"), a.bearer()...), 409, "not_ready")
	var links struct{ Links map[string]string }
	s.get(a.path(""), a.bearer()...).decode(t, &links)
	if got, there := links.Links["print_sheet"]; there {
		t.Errorf("the photo is not ready and links to %s", got)
	}
	s.finish(a, aPhoto(t, 600, 600))
	s.get(a.path(""), a.bearer()...).decode(t, &links)
	if links.Links["print_sheet"] != a.path("/print-sheet") {
		t.Errorf("the links are %v", links.Links)
	}

	for _, tt := range []struct{ query, kind, disposition, page string }{
		{"", "application/pdf", `inline; filename="us-passport-a4.pdf"`, "595.28 x 841.89"},
		{"?paper=letter&download=1", "application/pdf", `attachment; filename="us-passport-letter.pdf"`, "612 x 792"},
		{"?paper=custom&width_mm=100&height_mm=200", "application/pdf", `inline; filename="us-passport-custom.pdf"`, "283.46 x 566.93"},
		{"?paper=custom&width_mm=420&height_mm=420", "application/pdf", `inline; filename="us-passport-custom.pdf"`, "1190.55 x 1190.55"},
		{"?paper=4x6&format=jpeg", "image/jpeg", `inline; filename="us-passport-4x6.jpg"`, "1200 x 1800"},
		{"?paper=4x6&format=jpeg&dpi=600&copies=fill", "image/jpeg", `inline; filename="us-passport-4x6.jpg"`, "2400 x 3600"},
	} {
		r := s.get(a.path("/print-sheet"+tt.query), a.bearer()...)
		if r.StatusCode != 200 || r.Header.Get("Content-Type") != tt.kind || r.Header.Get("Content-Disposition") != tt.disposition ||
			r.Header.Get("Cache-Control") != "private, no-store" {
			t.Errorf("%s: %d %v", tt.query, r.StatusCode, r.Header)
			continue
		}
		if got := s.sizeOf(r); !strings.Contains(got, tt.page) {
			t.Errorf("%s: the page is %s, want %s", tt.query, got, tt.page)
		}
	}
}

// sizeOf says how large a sheet is, in points or in pixels.
func (s *service) sizeOf(r reply) string {
	s.Helper()
	if r.Header.Get("Content-Type") == "application/pdf" {
		info, _ := s.pages(r.body)
		return info
	}
	c, err := jpeg.DecodeConfig(bytes.NewReader(r.body))
	s.must(err)
	return strings.ReplaceAll(image.Pt(c.Width, c.Height).String(), ",", " x ")
}

func TestASheetHoldsAsManyPhotosAsAreWanted(t *testing.T) {
	s := newService(t)
	a := s.ready("us-passport", aPhoto(t, 600, 600))
	for query, want := range map[string]string{
		"":             "1 photo, 50.8 × 50.8 mm", // prints_needed
		"?copies=4":    "4 photos, 50.8 × 50.8 mm",
		"?copies=fill": "15 photos, 50.8 × 50.8 mm",
		"?copies=16":   "16 photos, 50.8 × 50.8 mm",
	} {
		if _, text := s.pages(s.get(a.path("/print-sheet"+query), a.bearer()...).body); !strings.Contains(text, want) {
			t.Errorf("%s: the sheet lacks %q: %s", query, want, text)
		}
	}
}

func TestWhereOnlyAProfessionalMayPrintThereIsAFileForTheShop(t *testing.T) {
	s := newService(t)
	picture := aPhoto(t, 413, 531)
	a := s.ready("gb-passport", picture)
	r := s.get(a.path("/print-sheet?copies=fill"), a.bearer()...)
	if got, want := r.Header.Get("Content-Disposition"), `inline; filename="gb-passport-for-the-shop.pdf"`; got != want {
		t.Errorf("Content-Disposition %q, want %q", got, want)
	}
	if _, text := s.pages(r.body); !strings.Contains(text, "For the photo shop") || !strings.Contains(text, "2 prints, 35 × 45 mm (413 × 531 px, 300 DPI)") {
		t.Errorf("the page says: %s", text)
	}
	r = s.get(a.path("/print-sheet?format=jpeg&dpi=600"), a.bearer()...)
	if string(r.body) != picture || r.Header.Get("Content-Disposition") != `inline; filename="gb-passport-for-the-shop.jpg"` {
		t.Errorf("the shop's picture is another, or named %s", r.Header.Get("Content-Disposition"))
	}
}

func TestASheetThatCanNotBeIsRefusedByTheNameOfItsParameter(t *testing.T) {
	s := newService(t)
	a := s.ready("ca-passport", aPhoto(t, 591, 827))
	for _, tt := range []struct{ query, code, locations string }{
		{"paper=a0", "invalid_request", "query.paper"},
		{"paper=A4%00", "invalid_request", "query.paper"},
		{"format=svg", "invalid_request", "query.format"},
		{"dpi=1200000", "invalid_request", "query.dpi"},
		{"format=jpeg&dpi=-300", "invalid_request", "query.dpi"},
		{"copies=0", "invalid_request", "query.copies"},
		{"copies=100", "invalid_request", "query.copies"},
		{"copies=-1", "invalid_request", "query.copies"},
		{"copies=all%0A", "invalid_request", "query.copies"},
		{"paper=custom", "invalid_request", "query.width_mm query.height_mm"},
		{"paper=custom&width_mm=120", "invalid_request", "query.height_mm"},
		{"paper=custom&width_mm=20&height_mm=1e9", "invalid_request", "query.width_mm query.height_mm"},
		{"paper=custom&width_mm=-120&height_mm=NaN", "invalid_request", "query.width_mm query.height_mm"},
		{"paper=custom&width_mm=Inf&height_mm=wide", "invalid_request", "query.width_mm query.height_mm"},
		{"paper=a4&width_mm=120", "invalid_request", "query.width_mm"},
		{"paper=custom&width_mm=80&height_mm=80", "paper_too_small", "query.paper query.width_mm query.height_mm"},
	} {
		r := s.get(a.path("/print-sheet?"+tt.query), a.bearer()...)
		var at []string
		for _, e := range s.isProblem(r, 422, tt.code).Errors {
			at = append(at, e.Location)
		}
		if got := strings.Join(at, " "); got != tt.locations {
			t.Errorf("%s: the problem is at %q, want %q: %s", tt.query, got, tt.locations, r.body)
		}
	}
}

func TestABrokenPhotoIsOurFaultAndPrintsNothing(t *testing.T) {
	s := newService(t)
	a := s.ready("us-passport", "no JPEG at all")
	s.isProblem(s.get(a.path("/print-sheet"), a.bearer()...), 503, "unavailable")
	s.isProblem(s.get(a.path("/print-sheet?format=jpeg"), a.bearer()...), 503, "unavailable")
}

// heldVault keeps whoever reads a result until it is let go.
type heldVault struct {
	httpapi.Vault
	came, letGo chan struct{}
}

func (v heldVault) Read(ctx context.Context, item vault.Item) ([]byte, error) {
	select {
	case v.came <- struct{}{}:
	default:
	}
	<-v.letGo
	return v.Vault.Read(ctx, item)
}

func TestOnlySoManySheetsAreMadeAtATime(t *testing.T) {
	held := heldVault{came: make(chan struct{}, 1), letGo: make(chan struct{})}
	s := newService(t, func(o *httpapi.Options) { held.Vault, o.Vault, o.MaxSheets = o.Vault, &held, 1 })
	a := s.ready("us-passport", aPhoto(t, 600, 600))
	first := make(chan reply, 1)
	go func() { first <- s.get(a.path("/print-sheet"), a.bearer()...) }()
	select {
	case <-held.came:
	case r := <-first:
		t.Fatalf("the first sheet was not held: %d %s", r.StatusCode, r.body)
	}
	start := time.Now()
	r := s.get(a.path("/print-sheet"), a.bearer()...)
	s.isProblem(r, 503, "too_many_sheets")
	if r.Header.Get("Retry-After") == "" || time.Since(start) > 10*time.Second {
		t.Errorf("refused after %v, Retry-After %q", time.Since(start), r.Header.Get("Retry-After"))
	}
	close(held.letGo)
	if r := <-first; r.StatusCode != 200 {
		t.Errorf("the first sheet: %d %s", r.StatusCode, r.body)
	}
	if r := s.get(a.path("/print-sheet"), a.bearer()...); r.StatusCode != 200 {
		t.Errorf("a sheet after the first: %d %s", r.StatusCode, r.body)
	}
}

func TestASeeThroughPhotoIsPrintedOnWhite(t *testing.T) {
	s := newService(t)
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, 600, 600))); err != nil {
		t.Fatal(err)
	}
	a := s.ready("us-passport", b.String())
	for _, format := range []string{"pdf", "jpeg"} {
		r := s.get(a.path("/print-sheet")+"?paper=a4&format="+format, a.bearer()...)
		if r.StatusCode != 200 {
			t.Fatalf("%s: %d %s", format, r.StatusCode, r.body)
		}
		if format != "jpeg" {
			continue
		}
		img, err := jpeg.Decode(bytes.NewReader(r.body))
		if err != nil {
			t.Fatal(err)
		}
		dark := 0
		for y := img.Bounds().Dy() / 3; y < 2*img.Bounds().Dy()/3; y++ {
			for x := range img.Bounds().Dx() {
				if red, _, _, _ := img.At(x, y).RGBA(); red < 0x8000 {
					dark++
				}
			}
		}
		if dark > 20_000 {
			t.Errorf("%d pixels of the sheet are dark", dark)
		}
	}
}
