// Package printsheet lays finished photos out on paper, in real millimetres,
// and writes the sheet as PDF or as JPEG.
//
// A sheet has the document's name, a bar of exactly 50 mm and printing advice at
// its top, and below them a grid of photos with marks to cut along. The bar is
// there because a printer that fits the page to its paper makes every photo
// wrong without anybody noticing: whoever measures the bar knows.
//
// A document whose prints only a professional may make gets no sheet for home
// but a page for the shop: one photo at its size, with what the shop has to
// know. All lengths are millimetres on the paper, X to the right and Y down from
// its top left corner.
package printsheet

import (
	"errors"
	"fmt"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

// MaxCopies is the most copies of a photo that one order may ask for.
const MaxCopies = 99

// Format is the kind of file that a sheet becomes.
type Format string

// PDF is for printers, JPEG for photo shops and kiosks.
const (
	PDF  Format = "pdf"
	JPEG Format = "jpeg"
)

// Order says what is wanted on paper.
type Order struct {
	Spec   docspec.Spec
	Paper  Paper
	Format Format
	Copies int  // prints of the photo; 0 for as many as the document asks for
	Fill   bool // as many as fit on one sheet, whatever Copies says
}

// Rect is a rectangle on the paper.
type Rect struct{ X, Y, W, H geom.MM }

// Sheet is a laid-out page, and how often it is needed.
type Sheet struct {
	Paper  Size   // as it lies, upright or across
	Photos []Rect // on a full page
	Turned bool   // the photos lie on their side, turned clockwise
	Copies int    // photos on all pages together
	Fits   int    // photos that fit on this paper at the most

	photo  Size
	title  string
	header header
}

// ForShop reports whether the document's prints are a professional's work, so
// that it gets a page for the shop and no sheet for home.
func ForShop(s docspec.Spec) bool { return s.PrintBy.Value == docspec.PrintByProfessional }

// prints is how many prints are wanted: what the person said, or what the
// document asks for, which may be none; one where no rule was found.
func (o Order) prints() int {
	switch needed := o.Spec.PrintsNeeded; {
	case o.Copies > 0:
		return o.Copies
	case needed == nil:
		return 1
	default:
		return max(needed.Value, 0)
	}
}

// Pages is how many sheets of paper hold all copies.
func (s Sheet) Pages() int { return (s.Copies + len(s.Photos) - 1) / len(s.Photos) }

// OnPage returns the photos of a page, counted from 0; only the last page may
// hold fewer than the others.
func (s Sheet) OnPage(page int) []Rect {
	left := s.Copies - page*len(s.Photos)
	return s.Photos[:max(0, min(left, len(s.Photos)))]
}

// ErrNoSize is the answer where a document asks for pixels and has no size on
// paper.
var ErrNoSize = errors.New("the document has no size on paper")

// TooSmallError says that a paper does not hold a single photo with its header
// and margins.
type TooSmallError struct{ Paper, Photo Size }

func (e TooSmallError) Error() string {
	return fmt.Sprintf("paper of %v does not hold a photo of %v", e.Paper, e.Photo)
}
