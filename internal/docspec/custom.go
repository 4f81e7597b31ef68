package docspec

import (
	"fmt"
	"strings"

	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

// CustomID is the ID of a document whose rules the person gives.
const CustomID = "custom"

// Limits of a document whose rules the person gives: from a stamp to a sheet
// that a home printer takes, at resolutions that photo printers have.
const (
	leastCustomMM  geom.MM = 10
	mostCustomMM   geom.MM = 200
	leastCustomDPI         = 150
	mostCustomDPI          = 1200
)

// CustomSize is the rules of a photo that the person gives.
type CustomSize struct {
	Width, Height geom.MM
	HeadHeight    Range  // chin to crown; both ends
	EyeLine       *Range // above the bottom edge; nil leaves it to the baseline
	DPI           int    // 0 is 300; the photo never has less than 300
	Background    string // a word of the palette or #rrggbb; empty leaves it open
}

// FieldError says which of the person's figures can't be, and why.
type FieldError struct{ Field, Reason string }

func (e FieldError) Error() string { return e.Field + " " + e.Reason }

// Custom returns a document with the person's own figures. Its error is a
// FieldError.
func Custom(c CustomSize) (Spec, error) {
	if err := c.check(); err != nil {
		return Spec{}, err
	}
	s := Spec{
		ID: c.String(), Name: "Own size", Kind: CustomKind,
		Width: Fact[geom.MM]{Value: c.Width, Source: own}, Height: Fact[geom.MM]{Value: c.Height, Source: own},
		HeadHeight: Fact[Range]{Value: c.HeadHeight, Source: own},
	}
	if c.EyeLine != nil {
		s.EyeLine = &Fact[Range]{Value: *c.EyeLine, Source: own}
	}
	if c.DPI != 0 {
		s.DPI = Fact[int]{Value: c.DPI, Source: own}
	}
	if c.Background != "" {
		s.Backgrounds = &Fact[[]string]{Value: []string{strings.ToLower(c.Background)}, Source: own}
	}
	s.fillIn()
	s.citeSources(map[string]Source{own: {
		Title: "the person's own figures", Certainty: Own,
	}})
	if err := s.eyesFitTheHead(); err != nil {
		return Spec{}, FieldError{"eye_line_mm", "can't be kept together with head_height_mm: the chin or the crown would leave the photo"}
	}
	if err := s.validate(); err != nil {
		return Spec{}, fmt.Errorf("the person's own figures: %w", err)
	}
	return s, nil
}

const own = "own"

func (c CustomSize) check() error {
	for _, side := range []struct {
		field string
		value geom.MM
	}{{"width_mm", c.Width}, {"height_mm", c.Height}} {
		if !(side.value >= leastCustomMM && side.value <= mostCustomMM) { // NaN is neither
			return FieldError{side.field, fmt.Sprintf("has to be %g to %g mm", float64(leastCustomMM), float64(mostCustomMM))}
		}
	}
	if c.HeadHeight.Min == nil || c.HeadHeight.Max == nil {
		return FieldError{"head_height_mm", "needs a least and a greatest height"}
	}
	if err := c.inside("head_height_mm", c.HeadHeight); err != nil {
		return err
	}
	if *c.HeadHeight.Min <= 0 {
		return FieldError{"head_height_mm", "has to be more than 0 mm"}
	}
	if c.EyeLine != nil {
		if err := c.inside("eye_line_mm", *c.EyeLine); err != nil {
			return err
		}
	}
	if c.DPI != 0 && (c.DPI < leastCustomDPI || c.DPI > mostCustomDPI) {
		return FieldError{"dpi", fmt.Sprintf("has to be %d to %d dots per inch", leastCustomDPI, mostCustomDPI)}
	}
	if _, ok := ColourOf(strings.ToLower(c.Background)); !ok && c.Background != "" {
		return FieldError{"background", "has to be #rrggbb or a colour's name, such as white or light grey"}
	}
	return nil
}

// inside checks that a range lies in the photo's height and runs forwards.
func (c CustomSize) inside(field string, r Range) error {
	for _, end := range []*geom.MM{r.Min, r.Max} {
		if end != nil && !(*end >= 0 && *end <= c.Height) {
			return FieldError{field, fmt.Sprintf("has to lie in the photo's height of %g mm", float64(c.Height))}
		}
	}
	if r.Min != nil && r.Max != nil && *r.Min > *r.Max {
		return FieldError{field, "has a least value above its greatest"}
	}
	return nil
}
