// Package docspec is the catalogue: what each country's document asks of its
// photo. Every figure is a Fact that names its source, when that was read and
// how sure it is; where an authority publishes nothing, the ICAO 9303 baseline
// stands in and says so. Nothing in here is a guess.
//
// The catalogue is data: one JSON file per country in data/, embedded and
// validated when it is loaded.
package docspec

import "github.com/passportphotogenie/passportphotogenie/internal/geom"

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
	DPI    Fact[int]     `json:"dpi"`

	HeadHeight     Fact[Range]  `json:"head_height_mm" doc:"chin to crown"`
	EyeLine        *Fact[Range] `json:"eye_line_mm,omitempty" doc:"eye line above the bottom edge"`
	SpaceAbove     *Fact[Range] `json:"space_above_mm,omitempty" doc:"crown to top edge"`
	SpaceBelow     *Fact[Range] `json:"space_below_mm,omitempty" doc:"chin to bottom edge"`
	HeadWidth      *Fact[Range] `json:"head_width_mm,omitempty"`
	CrownReference Fact[Crown]  `json:"crown_reference"`

	Background *Fact[string]    `json:"background,omitempty"`
	Glasses    *Fact[string]    `json:"glasses,omitempty"`
	Expression *Fact[string]    `json:"expression,omitempty"`
	Alteration Fact[Alteration] `json:"alteration"`

	PhotoSource  Fact[PhotoSource] `json:"photo_source" doc:"who may take the photo"`
	Channel      Fact[Channel]     `json:"channel" doc:"how the photo reaches the office"`
	PrintsNeeded Fact[int]         `json:"prints_needed"`
	PrintBy      Fact[PrintBy]     `json:"print_by" doc:"who may print it"`
	MaxAgeDays   *Fact[int]        `json:"max_age_days,omitempty"`

	Exceptions []Exception `json:"exceptions,omitempty"`
	Conflicts  []Conflict  `json:"conflicts,omitempty" doc:"sources that disagree with the facts above"`
}

// Fact is a value with its source. Note says what the value alone does not.
type Fact[T any] struct {
	Value  T      `json:"value"`
	Source string `json:"source" doc:"a name in sources"`
	Note   string `json:"note,omitempty"`
}

// Source is where facts were read.
type Source struct {
	Title     string    `json:"title"`
	URL       string    `json:"url,omitempty"`
	Checked   string    `json:"checked" doc:"the day it was read, YYYY-MM-DD" format:"date"`
	Certainty Certainty `json:"certainty"`
}

// Range is a closed interval in millimetres. An end that the authority leaves
// open is nil.
type Range struct {
	Min *geom.MM `json:"min,omitempty"`
	Max *geom.MM `json:"max,omitempty"`
}

// Exception replaces rules for some age bands.
type Exception struct {
	AgeBands   []string     `json:"age_bands"`
	HeadHeight *Fact[Range] `json:"head_height_mm,omitempty"`
	EyeLine    *Fact[Range] `json:"eye_line_mm,omitempty"`
}

// Conflict records a source that says otherwise, so that the person sees there
// are two.
type Conflict struct {
	Field  string `json:"field"`
	Says   string `json:"says"`
	Source string `json:"source"`
}

// Certainty is how sure a source makes a fact.
type Certainty string

// Official was read on the authority's own page, secondary in a list or guide
// compiled by others, baseline is ICAO 9303 where the authority says nothing.
const (
	Official  Certainty = "official"
	Secondary Certainty = "secondary"
	Baseline  Certainty = "baseline"
)

// Kind is the sort of document.
type Kind string

// The kinds.
const (
	Passport Kind = "passport"
	Visa     Kind = "visa"
)

// Crown is the top of the head that a head height is measured to.
type Crown string

// Skull ignores the hair, Hair includes it; CrownUnknown means the authority
// does not say, and a careful photo satisfies both.
const (
	Skull        Crown = "skull"
	Hair         Crown = "hair"
	CrownUnknown Crown = "unknown"
)

// Alteration is what may be done to the picture beyond cropping, levelling,
// scaling and compression.
type Alteration string

// FormatOnly forbids everything else; BackgroundAllowed lets the background be
// replaced.
const (
	FormatOnly        Alteration = "format_only"
	BackgroundAllowed Alteration = "background_allowed"
)

// PhotoSource is who may take the photo.
type PhotoSource string

// From anyone to nobody but the office itself. SourceUnknown means that no rule
// was found, which is not a permission.
const (
	SourceUnknown    PhotoSource = "unknown"
	Self             PhotoSource = "self"
	Professional     PhotoSource = "professional"
	ApprovedProvider PhotoSource = "approved_provider"
	AtOffice         PhotoSource = "at_office"
)

// Channel is how a photo reaches the office.
type Channel string

// A file, a paper print, or a code under which a provider stored it.
const (
	Upload Channel = "upload"
	Print  Channel = "print"
	Code   Channel = "code"
)

// PrintBy is who may print a photo.
type PrintBy string

// Anyone at home, or a professional only.
const (
	PrintByAnyone       PrintBy = "anyone"
	PrintByProfessional PrintBy = "professional"
)

// PixelSize returns the finished photo's width and height in pixels at the
// document's own resolution, at least 300 DPI.
func (s Spec) PixelSize() (width, height int) {
	perMM := geom.PixelsPerMM(float64(s.PrintDPI()))
	return int(float64(s.Width.Value)*perMM + 0.5), int(float64(s.Height.Value)*perMM + 0.5)
}

// PrintDPI is the resolution of the finished photo: the document's own, and
// never under 300.
func (s Spec) PrintDPI() int { return max(s.DPI.Value, 300) }

// For returns the rules that hold for a person of the age band.
func (s Spec) For(ageBand string) Spec {
	for _, e := range s.Exceptions {
		for _, band := range e.AgeBands {
			if band != ageBand {
				continue
			}
			if e.HeadHeight != nil {
				s.HeadHeight = *e.HeadHeight
			}
			if e.EyeLine != nil {
				s.EyeLine = e.EyeLine
			}
		}
	}
	return s
}

// Certainty returns how sure the named source is.
func (s Spec) Certainty(source string) Certainty { return s.Sources[source].Certainty }

// AcceptsSelfMade reports whether the office takes a photo that the person took.
func (s Spec) AcceptsSelfMade() bool {
	return s.PhotoSource.Value == Self
}

// Contains reports whether v lies in the range, ends included.
func (r Range) Contains(v geom.MM) bool { return r.Excess(v) == 0 }

// Excess is how far v lies outside: negative below, positive above, 0 within.
func (r Range) Excess(v geom.MM) geom.MM {
	if r.Min != nil && v < *r.Min {
		return v - *r.Min
	}
	if r.Max != nil && v > *r.Max {
		return v - *r.Max
	}
	return 0
}

// Middle is where a photo is safest; with one open end, that end itself.
func (r Range) Middle() (geom.MM, bool) {
	switch {
	case r.Min != nil && r.Max != nil:
		return (*r.Min + *r.Max) / 2, true
	case r.Min != nil:
		return *r.Min, true
	case r.Max != nil:
		return *r.Max, true
	}
	return 0, false
}
