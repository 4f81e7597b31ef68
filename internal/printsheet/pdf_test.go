package printsheet

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
	"github.com/passportphotogenie/passportphotogenie/internal/testpdf"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// file writes a sheet's PDF into a file.
func (s Sheet) file(t *testing.T, photo []byte) testpdf.File {
	t.Helper()
	b, err := s.PDF(photo, noon)
	if err != nil {
		t.Fatal(err)
	}
	return testpdf.Write(t, b)
}

func TestAPrintedPDFMeasuresWhatItSays(t *testing.T) {
	const perMM = 600 / 25.4
	for _, tt := range []struct {
		paper  string
		w, h   geom.MM
		copies int
	}{
		{"a4", 35, 45, 2},
		{"4x6", 35, 45, 6}, // turned
		{"4x6", 50.8, 50.8, 2},
		{"letter", 50, 70, 1},
		{"10x15", 33, 48, 3},
	} {
		t.Run(fmt.Sprintf("%s %v", tt.paper, Size{tt.w, tt.h}), func(t *testing.T) {
			doc := spec(tt.w, tt.h, 1)
			s := plan(t, Order{Spec: doc, Paper: paper(t, tt.paper), Format: PDF, Copies: tt.copies})
			m := s.file(t, aPhoto(t, doc)).Page(t)
			near(t, "the page's width", m.Bounds().Dx(), perMM, s.Paper.W)
			near(t, "the page's height", m.Bounds().Dy(), perMM, s.Paper.H)
			for _, p := range s.Photos {
				got := measured(m, int((p.X+p.W/2)*perMM), int((p.Y+p.H/2)*perMM))
				near(t, "left edge", got.Min.X, perMM, p.X)
				near(t, "top edge", got.Min.Y, perMM, p.Y)
				near(t, "width", got.Dx(), perMM, p.W)
				near(t, "height", got.Dy(), perMM, p.H)
			}
			near(t, "the bar", longestBlack(m, int(s.Photos[0].Y*perMM)), perMM, BarLength)
		})
	}
}

func TestATurnedPhotoHasItsTopToTheRight(t *testing.T) {
	doc := spec(35, 45, 1)
	s := plan(t, Order{Spec: doc, Paper: paper(t, "4x6"), Format: PDF, Fill: true})
	onPDF := s.file(t, aPhoto(t, doc)).Page(t)
	b, err := s.JPEG(context.Background(), aPhoto(t, doc), 600)
	if err != nil {
		t.Fatal(err)
	}
	onJPEG := decoded(t, b)
	p := s.Photos[0]
	at := func(x, y geom.MM) (int, int) { return int(x * 600 / 25.4), int(y * 600 / 25.4) }
	for name, m := range map[string]image.Image{"PDF": onPDF, "JPEG": onJPEG} {
		if k := kindOf(m.At(at(p.X+p.W-5, p.Y+p.H/2))); k != isRed {
			t.Errorf("%s: the right is %c, want the photo's top, %c", name, k, isRed)
		}
		if k := kindOf(m.At(at(p.X+5, p.Y+p.H/2))); k != isBlue {
			t.Errorf("%s: the left is %c, want the photo's bottom, %c", name, k, isBlue)
		}
	}
}

func TestThePDFHoldsThePhotoAsItIsAndNothingPersonal(t *testing.T) {
	doc := spec(35, 45, 2)
	photo := aPhoto(t, doc)
	s := plan(t, Order{Spec: doc, Paper: paper(t, "a4"), Format: PDF, Copies: 40})
	b, err := s.PDF(photo, noon)
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(b, photo); n != 1 {
		t.Errorf("the photo's bytes stand in the file %d times, want once", n)
	}
	if !bytes.Contains(b, []byte("/PrintScaling /None")) {
		t.Error("the file does not ask to be printed at its size")
	}
	if again, err := s.PDF(photo, noon); err != nil || !bytes.Equal(b, again) {
		t.Errorf("the same sheet makes another file: %v", err)
	}
	info := s.file(t, photo).Info(t)
	for _, want := range []string{"xx-passport", "PassPortphotoGenie", "Pages:           2", "2026-03-01T12:00:00"} {
		if !strings.Contains(info, want) {
			t.Errorf("pdfinfo lacks %q:\n%s", want, info)
		}
	}
	for _, field := range []string{"Author:", "Subject:", "Keywords:", "Creator:"} {
		if strings.Contains(info, field) {
			t.Errorf("the file has a field %s\n%s", field, info)
		}
	}
}

func TestASheetSaysWhatItIsAndHowToPrintIt(t *testing.T) {
	shop := spec(35, 45, 2)
	shop.PrintBy = docspec.Fact[docspec.PrintBy]{Value: docspec.PrintByProfessional, Note: "on glossy paper"}
	none, silent := shop, shop
	none.PrintsNeeded, silent.PrintsNeeded = &docspec.Fact[int]{Value: 0}, nil
	unknown := spec(35, 45, 2)
	unknown.PrintBy.Value = docspec.PrintByUnknown
	for _, tt := range []struct {
		name   string
		spec   docspec.Spec
		format Format
		copies int
		want   []string
		not    []string
	}{
		{"a PDF for home", spec(35, 45, 2), PDF, 0,
			[]string{"Atlantis: Passport", "2 photos, 35 × 45 mm", "50 mm", "Print at 100 % (actual size)", "no “fit to page”", "no auto-enhance"}, []string{"shop", "no rule"}},
		{"a JPEG for a kiosk", spec(35, 45, 2), JPEG, 0,
			[]string{"on 10 × 15 cm paper", "Borderless shop prints enlarge by 2 to 4 %", "no “fit”, no auto-enhance"}, []string{"times"}},
		{"a JPEG that does not hold all", spec(35, 45, 6), JPEG, 0, []string{"Print this sheet 2 times for 6 photos of 35 × 45 mm"}, nil},
		{"a page for the shop", shop, PDF, 0,
			[]string{"For the photo shop · Atlantis: Passport", "2 prints, 35 × 45 mm (413 × 531 px, 300 DPI)", "on glossy paper."}, nil},
		{"a page for the shop of an office that takes no prints", none, PDF, 0, []string{"no prints asked for"}, nil},
		{"a page for the shop where nobody knows how many", silent, PDF, 0, []string{"1 print, 35"}, nil},
		{"where nobody knows who may print", unknown, PDF, 0, []string{"We found no rule on who may print this photo"}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := plan(t, Order{Spec: tt.spec, Paper: paper(t, "10x15"), Format: tt.format, Copies: tt.copies})
			text := s.file(t, aPhoto(t, tt.spec)).Text(t)
			for _, want := range tt.want {
				if !strings.Contains(text, want) {
					t.Errorf("the sheet lacks %q: %s", want, text)
				}
			}
			for _, not := range tt.not {
				if strings.Contains(text, not) {
					t.Errorf("the sheet says %q: %s", not, text)
				}
			}
		})
	}
}

func TestWhatIsNotThisSheetsPhotoIsRefused(t *testing.T) {
	s := plan(t, Order{Spec: spec(35, 45, 1), Paper: paper(t, "a4"), Format: PDF})
	for name, photo := range map[string][]byte{
		"no JPEG": []byte("a picture"), "nothing": nil,
		"another document's photo": aPhoto(t, spec(50.8, 50.8, 1)),
		"a huge one":               aPhoto(t, docspec.Spec{Width: spec(35, 45, 1).Width, Height: spec(35, 45, 1).Height, DPI: docspec.Fact[int]{Value: 2900}}),
	} {
		if _, err := s.PDF(photo, noon); err == nil {
			t.Errorf("%s is printed as PDF", name)
		}
		if _, err := s.JPEG(context.Background(), photo, 300); err == nil {
			t.Errorf("%s is printed as JPEG", name)
		}
	}
}

func BenchmarkPDF(b *testing.B) {
	doc := spec(35, 45, 2)
	photo := aPhoto(b, doc)
	s := plan(b, Order{Spec: doc, Paper: paper(b, "a4"), Format: PDF, Fill: true})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.PDF(photo, noon); err != nil {
			b.Fatal(err)
		}
	}
}
