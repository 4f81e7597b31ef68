package evidence

import (
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
	"github.com/passportphotogenie/passportphotogenie/internal/typeset"
)

// The page is A4, and its margins are wide enough to print it on Letter as well.
const (
	pageWidth  geom.MM = 210
	pageHeight geom.MM = 297
	margin     geom.MM = 12
	column             = pageWidth - 2*margin
)

// measure is how large a page is set: its type, and its pictures beside their room.
type measure struct{ text, picture float64 }

// measures are tried in turn until everything fits on the page.
func measures() []measure {
	return []measure{{1, 1}, {1, 0.9}, {0.97, 0.85}, {0.94, 0.8}, {0.92, 0.75}, {0.9, 0.7}, {0.86, 0.66}, {0.8, 0.6}}
}

// PDF returns one page of A4 with the photo, a JPEG, at its real size and enlarged
// with its lines, what was measured and what the document asks. The file names its
// document, this program and the day, nothing else.
func (e Evidence) PDF(photo []byte, now time.Time) ([]byte, error) {
	size := e.Report.Size
	if err := typeset.Inspect(photo, geom.MM(size.Width), geom.MM(size.Height)); err != nil {
		return nil, err
	}
	faces, err := typeset.Fonts()
	if err != nil {
		return nil, err
	}
	day := now.UTC().Truncate(24 * time.Hour)
	pdf := typeset.NewPDF(docspec.ShortID(e.Spec.ID)+"-report", pageWidth, pageHeight, photo)
	pdf.AddPage()
	e.layOut(faces, day).draw(pdf)
	return pdf.File(day)
}

// layOut sets the page as large as it fits. When even the smallest does not fit,
// checks are left out from the end of the table, where those that fit stand.
func (e Evidence) layOut(faces typeset.Typefaces, day time.Time) *page {
	rows := e.rows()
	var p *page
	for _, m := range measures() {
		if p = e.compose(faces, m, rows, day); p.fits() {
			return p
		}
	}
	smallest := measures()[len(measures())-1]
	for shown := len(rows) - 1; shown >= 0; shown-- {
		if p = e.compose(faces, smallest, rows[:shown], day); p.fits() {
			break
		}
	}
	return p
}

func (e Evidence) compose(faces typeset.Typefaces, m measure, rows []row, day time.Time) *page {
	p := &page{faces: faces, measure: m, y: margin}
	e.heading(p, day)
	e.pictures(p)
	e.table(p, rows)
	e.sources(p, day)
	return p
}

// page is being set from its top to its bottom: nothing is drawn before all of it is
// known to fit.
type page struct {
	measure
	faces typeset.Typefaces
	y     geom.MM // where the next thing begins
	inks  []func(typeset.PDF)
	lines []line // above all inks
}

// line is a line of text in its colour.
type line struct {
	typeset.Line
	colour rgb
}

func (p *page) fits() bool { return p.y <= pageHeight-margin }

func (p *page) ink(f func(typeset.PDF)) { p.inks = append(p.inks, f) }

func (p *page) draw(pdf typeset.PDF) {
	for _, ink := range p.inks {
		ink(pdf)
	}
	for _, l := range p.lines {
		pdf.SetTextColor(l.colour.parts())
		pdf.Write(l.Line)
	}
}

// style is a size of type on this page.
func (p *page) style(size typeset.Points, bold bool) typeset.Style {
	return typeset.Style{Size: size * typeset.Points(p.text), Bold: bold}
}

// mm is a distance that shrinks with the type.
func (p *page) mm(v geom.MM) geom.MM { return v * geom.MM(p.text) }

// leading is from one line to the next, in sizes of the type.
const leading = 1.22

func height(s typeset.Style) geom.MM { return s.Size.MM() * leading }

// write sets one line whose upper end is at y.
func (p *page) write(s typeset.Style, colour rgb, x, y geom.MM, text string) {
	p.lines = append(p.lines, line{typeset.Line{Style: s, X: x, Baseline: y + s.Size.MM()*0.95, Text: text}, colour})
}

// block sets a text into lines and returns how high they are.
func (p *page) block(s typeset.Style, colour rgb, at box, text string) geom.MM {
	lines := p.faces.Wrap(s, text, at.w)
	for i, l := range lines {
		p.write(s, colour, at.x, at.y+geom.MM(i)*height(s), l)
	}
	return geom.MM(len(lines)) * height(s)
}

// paragraph sets a text over the page's whole width, below what there is.
func (p *page) paragraph(s typeset.Style, colour rgb, text string) {
	p.y += p.block(s, colour, box{margin, p.y, column, 0}, text)
}

// box is a rectangle on the page.
type box struct{ x, y, w, h geom.MM }

func (p *page) fill(colour rgb, b box) {
	p.ink(func(pdf typeset.PDF) {
		pdf.SetFillColor(colour.parts())
		pdf.Rect(float64(b.x), float64(b.y), float64(b.w), float64(b.h), "F")
	})
}

// rgb is a colour.
type rgb uint32

const (
	black rgb = 0x101820
	grey  rgb = 0x4a5a68
	pale  rgb = 0xdfe6ec
	paper rgb = 0xffffff
)

func (c rgb) parts() (r, g, b int) { return int(c >> 16), int(c >> 8 & 0xff), int(c & 0xff) }
