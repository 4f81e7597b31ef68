package printsheet

import (
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/typeset"
)

// PDF returns the sheet's pages with the photo, a JPEG, embedded as it is: no
// pixel is encoded again. The file names its document, this program and the time
// it was made, nothing else.
func (s Sheet) PDF(photo []byte, made time.Time) ([]byte, error) {
	if err := typeset.Inspect(photo, s.photo.W, s.photo.H); err != nil {
		return nil, err
	}
	pdf := typeset.NewPDF(s.title, s.Paper.W, s.Paper.H, photo)
	for page := range s.Pages() {
		pdf.AddPage()
		s.drawPage(pdf, s.OnPage(page))
	}
	return pdf.File(made)
}

func (s Sheet) drawPage(pdf typeset.PDF, photos []Rect) {
	pdf.SetTextColor(0, 0, 0)
	pdf.Write(s.header.lines...)
	pdf.SetFillColor(0, 0, 0)
	for _, r := range append(barInk(s.header.bar), cutMarks(s.Paper, photos)...) {
		pdf.Rect(float64(r.X), float64(r.Y), float64(r.W), float64(r.H), "F")
	}
	for _, r := range photos {
		s.drawPhoto(pdf, r)
	}
}

// drawPhoto puts the photo into its rectangle, on its side if the sheet says so.
func (s Sheet) drawPhoto(pdf typeset.PDF, r Rect) {
	if !s.Turned {
		pdf.Photo(r.X, r.Y, r.W, r.H)
		return
	}
	x, y := r.X+r.W/2, r.Y+r.H/2 // the middle, about which it turns
	pdf.TransformBegin()
	pdf.TransformRotate(-90, float64(x), float64(y))
	pdf.Photo(x-s.photo.W/2, y-s.photo.H/2, s.photo.W, s.photo.H)
	pdf.TransformEnd()
}
