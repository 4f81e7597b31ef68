package docspec

import "github.com/passportphotogenie/passportphotogenie/internal/geom"

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
	Checked   string    `json:"checked,omitempty" doc:"the day it was read, YYYY-MM-DD; a person's own figures have none" format:"date"`
	Certainty Certainty `json:"certainty"`
}

// Certainty is how sure a source makes a fact.
type Certainty string

// Official was read on the authority's own page, secondary in a list or guide
// compiled by others, baseline is ICAO 9303 where the authority says nothing.
// Own are the figures that a person gave for a photo of their own size.
const (
	Official  Certainty = "official"
	Secondary Certainty = "secondary"
	Baseline  Certainty = "baseline"
	Own       Certainty = "own"
)

// Range is a closed interval in millimetres. An end that the authority leaves
// open is nil.
type Range struct {
	Min *geom.MM `json:"min,omitempty"`
	Max *geom.MM `json:"max,omitempty"`
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

// PixelRange is the window for a digital photo's size. A bound of 0 is open.
type PixelRange struct {
	MinWidth  int  `json:"min_width,omitempty"`
	MinHeight int  `json:"min_height,omitempty"`
	MaxWidth  int  `json:"max_width,omitempty"`
	MaxHeight int  `json:"max_height,omitempty"`
	Square    bool `json:"square,omitempty" doc:"width and height have to be equal"`
}

// ByteRange is the window for a file's size in bytes. A bound of 0 is open.
// Where an authority says kB or MB without saying how many bytes these are, the
// narrower reading holds: 1024 for the least size, 1000 for the greatest.
type ByteRange struct {
	Min int64 `json:"min,omitempty"`
	Max int64 `json:"max,omitempty"`
}

// Contains reports whether a picture of the size lies in the window.
func (r PixelRange) Contains(width, height int) bool {
	return width >= r.MinWidth && height >= r.MinHeight && r.Shrink(float64(width), float64(height)) == 1
}

// Shrink is the factor, at most 1, by which a picture of the size must be reduced
// to lie under the upper ends of the window.
func (r PixelRange) Shrink(width, height float64) float64 {
	scale := 1.0
	if r.MaxWidth > 0 {
		scale = min(scale, float64(r.MaxWidth)/width)
	}
	if r.MaxHeight > 0 {
		scale = min(scale, float64(r.MaxHeight)/height)
	}
	return scale
}

// Contains reports whether a file of n bytes lies in the window.
func (r ByteRange) Contains(n int64) bool { return n >= r.Min && (r.Max == 0 || n <= r.Max) }
