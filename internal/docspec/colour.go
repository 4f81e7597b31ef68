package docspec

import (
	"regexp"
	"slices"
)

// Colour is a background that a product can paint.
type Colour struct {
	Name string `json:"name"`
	Hex  string `json:"hex" example:"#ffffff"`
}

// palette renders the words that authorities use. Authorities publish no sRGB
// values for them, so these are ours: white is the monitor's white, the others
// are tones that anyone would call by the word. "light" stands for rules that
// ask for any light colour and is painted as light grey.
var palette = []Colour{
	{"white", "#ffffff"},
	{"off-white", "#f7f7f2"},
	{"cream", "#f5f0dc"},
	{"beige", "#ece0c8"},
	{"light brown", "#d9c3a5"},
	{"light", "#e6e6e6"},
	{"light grey", "#e0e0e0"},
	{"grey", "#bfbfbf"},
	{"light blue", "#d2e4f5"},
	{"blue", "#3b6fb6"},
	{"royal blue", "#2a52be"},
	{"red", "#cc0000"},
}

var hexColour = regexp.MustCompile(`^#[0-9a-f]{6}$`)

// Palette lists every word for a background in the catalogue with our rendering
// of it.
func Palette() []Colour { return slices.Clone(palette) }

// BackgroundColours lists what the document's background may be painted with,
// the authority's first choice first; empty where no rule was found.
func (s Spec) BackgroundColours() []Colour {
	if s.Backgrounds == nil {
		return nil
	}
	var found []Colour
	for _, word := range s.Backgrounds.Value {
		if c, ok := ColourOf(word); ok {
			found = append(found, c)
		}
	}
	return found
}

// ColourOf returns our rendering of a word of the palette, or of #rrggbb in lower
// case.
func ColourOf(word string) (Colour, bool) {
	if hexColour.MatchString(word) {
		return Colour{word, word}, true
	}
	i := slices.IndexFunc(palette, func(c Colour) bool { return c.Name == word })
	if i < 0 {
		return Colour{}, false
	}
	return palette[i], true
}
