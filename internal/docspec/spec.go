// Package docspec is the catalogue: what each country's document asks of its
// photo. Every figure is a Fact that names its source, when that was read and
// how sure it is; where an authority publishes nothing, the ICAO 9303 baseline
// stands in and says so. Nothing in here is a guess.
//
// The catalogue is data: one JSON file per country in data/, embedded and
// validated when it is loaded.
package docspec

import (
	"slices"

	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

// Spec is the rules of one document's photo. A nil fact means the authority
// says nothing that we found.
type Spec struct {
	ID          string            `json:"id" doc:"lower-case ISO 3166-1 alpha-2, a dash, the document" example:"us-passport"`
	Country     string            `json:"country" doc:"ISO 3166-1 alpha-2" example:"US"`
	CountryName string            `json:"country_name"`
	Name        string            `json:"name"`
	Kind        Kind              `json:"kind"`
	Sources     map[string]Source `json:"sources" doc:"what the facts refer to by name"`

	Width  Fact[geom.MM] `json:"width_mm"`
	Height Fact[geom.MM] `json:"height_mm"`
	DPI    Fact[int]     `json:"dpi" doc:"least resolution of a print"`

	Pixels   *Fact[PixelRange] `json:"pixels,omitempty" doc:"size of the file, for digital use"`
	FileSize *Fact[ByteRange]  `json:"file_size_bytes,omitempty"`

	HeadHeight     Fact[Range]  `json:"head_height_mm" doc:"chin to crown"`
	EyeLine        *Fact[Range] `json:"eye_line_mm,omitempty" doc:"eye line above the bottom edge"`
	SpaceAbove     *Fact[Range] `json:"space_above_mm,omitempty" doc:"crown to top edge"`
	SpaceBelow     *Fact[Range] `json:"space_below_mm,omitempty" doc:"chin to bottom edge"`
	HeadWidth      *Fact[Range] `json:"head_width_mm,omitempty"`
	CrownReference Fact[Crown]  `json:"crown_reference"`

	Backgrounds  *Fact[[]string]  `json:"backgrounds,omitempty" doc:"allowed colours, in words or as #rrggbb where the authority gives that"`
	Glasses      *Fact[string]    `json:"glasses,omitempty"`
	Expression   *Fact[string]    `json:"expression,omitempty"`
	HeadCovering *Fact[string]    `json:"head_covering,omitempty"`
	Alteration   Fact[Alteration] `json:"alteration"`

	PhotoSource  Fact[PhotoSource] `json:"photo_source" doc:"who may take the photo"`
	Channel      Fact[Channel]     `json:"channel" doc:"how the photo reaches the office"`
	Delivery     Fact[Delivery]    `json:"delivery" doc:"finished photo, or uncropped where the office crops"`
	PrintsNeeded *Fact[int]        `json:"prints_needed,omitempty"`
	PrintBy      Fact[PrintBy]     `json:"print_by" doc:"who may print it"`
	MaxAgeDays   *Fact[int]        `json:"max_age_days,omitempty"`

	Exceptions []Exception `json:"exceptions,omitempty"`
	Conflicts  []Conflict  `json:"conflicts,omitempty" doc:"sources that disagree with the facts above"`
}

// Exception replaces rules for some age bands.
type Exception struct {
	AgeBands    []string           `json:"age_bands"`
	HeadHeight  *Fact[Range]       `json:"head_height_mm,omitempty"`
	EyeLine     *Fact[Range]       `json:"eye_line_mm,omitempty"`
	Expression  *Fact[string]      `json:"expression,omitempty"`
	PhotoSource *Fact[PhotoSource] `json:"photo_source,omitempty"`
}

// Conflict records a source that says otherwise, so that the person sees there
// are two.
type Conflict struct {
	Field  string `json:"field"`
	Says   string `json:"says"`
	Source string `json:"source"`
}

// For returns the rules that hold for a person of the age band.
func (s Spec) For(ageBand string) Spec {
	for _, e := range s.Exceptions {
		if slices.Contains(e.AgeBands, ageBand) {
			s = s.except(e)
		}
	}
	return s
}

func (s Spec) except(e Exception) Spec {
	if e.HeadHeight != nil {
		s.HeadHeight = *e.HeadHeight
	}
	if e.EyeLine != nil {
		s.EyeLine = e.EyeLine
	}
	if e.Expression != nil {
		s.Expression = e.Expression
	}
	if e.PhotoSource != nil {
		s.PhotoSource = *e.PhotoSource
	}
	return s
}

// Certainty returns how sure the named source is.
func (s Spec) Certainty(source string) Certainty { return s.Sources[source].Certainty }

// Uncropped reports whether the office crops by itself and wants the picture as
// it was taken.
func (s Spec) Uncropped() bool { return s.Delivery.Value == Uncropped }

// OnPaper reports whether the photo has a size on paper: the office asks neither
// for pixels only nor for an uncropped picture.
func (s Spec) OnPaper() bool { return !s.Digital() && !s.Uncropped() }

// AcceptsSelfMade reports whether the office takes a photo that the person took.
func (s Spec) AcceptsSelfMade() bool {
	return s.PhotoSource.Value == Self
}
