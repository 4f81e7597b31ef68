package printsheet

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"

	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

const (
	photoName = "photo"
	family    = "go"
)

// PDF returns the sheet's pages with the photo, a JPEG, embedded as it is: no
// pixel is encoded again. The file names its document, this program and the time
// it was made, nothing else.
func (s Sheet) PDF(photo []byte, made time.Time) ([]byte, error) {
	if err := s.inspect(photo); err != nil {
		return nil, err
	}
	pdf := fpdf.NewCustom(&fpdf.InitType{UnitStr: "mm", Size: fpdf.SizeType{Wd: float64(s.Paper.W), Ht: float64(s.Paper.H)}})
	pdf.SetCatalogSort(true)
	pdf.SetTitle(s.title, true)
	pdf.SetProducer("PassPortphotoGenie", true)
	pdf.SetCreationDate(made.UTC())
	pdf.SetModificationDate(made.UTC())
	pdf.SetMargins(0, 0, 0)
	pdf.SetAutoPageBreak(false, 0)
	pdf.AddUTF8FontFromBytes(family, "", goregular.TTF)
	pdf.AddUTF8FontFromBytes(family, "B", gobold.TTF)
	pdf.RegisterImageOptionsReader(photoName, fpdf.ImageOptions{ImageType: "JPG"}, bytes.NewReader(photo))
	for page := range s.Pages() {
		pdf.AddPage()
		s.drawPage(pdf, s.OnPage(page))
	}
	var b bytes.Buffer
	if err := pdf.Output(&b); err != nil {
		return nil, fmt.Errorf("write PDF: %w", err)
	}
	return unscaled(b.Bytes())
}

func (s Sheet) drawPage(pdf *fpdf.Fpdf, photos []Rect) {
	pdf.SetTextColor(0, 0, 0)
	for _, l := range s.header.lines {
		weight := ""
		if l.bold {
			weight = "B"
		}
		pdf.SetFont(family, weight, float64(l.size))
		pdf.Text(float64(l.x), float64(l.baseline), l.text)
	}
	pdf.SetFillColor(0, 0, 0)
	for _, r := range append(barInk(s.header.bar), cutMarks(s.Paper, photos)...) {
		pdf.Rect(float64(r.X), float64(r.Y), float64(r.W), float64(r.H), "F")
	}
	for _, r := range photos {
		s.drawPhoto(pdf, r)
	}
}

// drawPhoto puts the photo into its rectangle, on its side if the sheet says so.
func (s Sheet) drawPhoto(pdf *fpdf.Fpdf, r Rect) {
	image := func(x, y, w, h geom.MM) {
		pdf.ImageOptions(photoName, float64(x), float64(y), float64(w), float64(h), false, fpdf.ImageOptions{ImageType: "JPG"}, 0, "")
	}
	if !s.Turned {
		image(r.X, r.Y, r.W, r.H)
		return
	}
	x, y := r.X+r.W/2, r.Y+r.H/2 // the middle, about which it turns
	pdf.TransformBegin()
	pdf.TransformRotate(-90, float64(x), float64(y))
	image(x-s.photo.W/2, y-s.photo.H/2, s.photo.W, s.photo.H)
	pdf.TransformEnd()
}

// unscaled adds to a finished file the wish that printing does not scale its
// pages (ISO 32000-1, 12.2, PrintScaling), which viewers take as the default of
// their print dialogue. The library can't write it; its catalogue is the last
// object, so that only the cross-reference table behind it moves.
func unscaled(pdf []byte) ([]byte, error) {
	const wish = "/ViewerPreferences << /PrintScaling /None >>\n"
	catalog, xref := []byte("/Type /Catalog\n"), []byte("\nxref\n")
	at, table := bytes.LastIndex(pdf, catalog), bytes.LastIndex(pdf, xref)
	start := bytes.LastIndex(pdf, []byte("startxref\n"))
	if at < 0 || table < at || start < table || bytes.Contains(pdf[at:table], []byte(" obj")) {
		return nil, errors.New("write PDF: the catalogue is not where it was")
	}
	at += len(catalog)
	var out bytes.Buffer
	out.Write(pdf[:at])
	out.WriteString(wish)
	out.Write(pdf[at:start])
	fmt.Fprintf(&out, "startxref\n%d\n%%%%EOF\n", table+1+len(wish))
	return out.Bytes(), nil
}
