package typeset

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

// PDF is a file whose pages all have one size. The library's own ways to draw are
// there, in millimetres.
type PDF struct{ *fpdf.Fpdf }

// NewPDF begins a file that holds one photo, a JPEG, which is embedded as it is: no
// pixel is encoded again. The file names its title, this program and the time it was
// made, nothing else.
func NewPDF(title string, width, height geom.MM, photo []byte) PDF {
	pdf := fpdf.NewCustom(&fpdf.InitType{UnitStr: "mm", Size: fpdf.SizeType{Wd: float64(width), Ht: float64(height)}})
	pdf.SetCatalogSort(true)
	pdf.SetTitle(title, true)
	pdf.SetProducer("PassPortphotoGenie", true)
	pdf.SetMargins(0, 0, 0)
	pdf.SetAutoPageBreak(false, 0)
	pdf.AddUTF8FontFromBytes(family, "", goregular.TTF)
	pdf.AddUTF8FontFromBytes(family, "B", gobold.TTF)
	pdf.RegisterImageOptionsReader(photoName, fpdf.ImageOptions{ImageType: "JPG"}, bytes.NewReader(photo))
	return PDF{pdf}
}

// Write sets lines of text, in the colour that the file has for text.
func (p PDF) Write(lines ...Line) {
	for _, l := range lines {
		weight := ""
		if l.Bold {
			weight = "B"
		}
		p.SetFont(family, weight, float64(l.Size))
		p.Text(float64(l.X), float64(l.Baseline), l.Text)
	}
}

// Photo shows the photo. It may be shown several times; the file holds it once.
func (p PDF) Photo(x, y, width, height geom.MM) {
	p.ImageOptions(photoName, float64(x), float64(y), float64(width), float64(height), false, fpdf.ImageOptions{ImageType: "JPG"}, 0, "")
}

// Shape fills a polygon, whose corners are told from a point.
func (p PDF) Shape(x, y geom.MM, corners [][2]geom.MM) {
	points := make([]fpdf.PointType, len(corners))
	for i, c := range corners {
		points[i] = fpdf.PointType{X: float64(x + c[0]), Y: float64(y + c[1])}
	}
	p.Polygon(points, "F")
}

// File ends the file, which then says that it was made at the time.
func (p PDF) File(made time.Time) ([]byte, error) {
	p.SetCreationDate(made.UTC())
	p.SetModificationDate(made.UTC())
	var b bytes.Buffer
	if err := p.Output(&b); err != nil {
		return nil, fmt.Errorf("write PDF: %w", err)
	}
	return unscaled(b.Bytes())
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
