// Package typeset puts text and photos on pages that are measured in millimetres:
// typefaces whose lines can be measured before anything is drawn, so that a page
// is laid out first, and the PDF file that holds the pages.
//
// X runs to the right and Y down from a page's upper left corner. A text stands
// on its baseline.
package typeset

import (
	"fmt"
	"strings"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

// Points is a size of type: 72 points make an inch.
type Points float64

// MM is the size in millimetres.
func (p Points) MM() geom.MM { return geom.MM(p) * geom.PerInch / 72 }

// Style is a size of type in one of the two weights.
type Style struct {
	Size Points
	Bold bool
}

// Line is one line of text; it stands on its baseline.
type Line struct {
	Style
	X, Baseline geom.MM
	Text        string
}

// Typefaces are the Go fonts: the same outlines in PDF and JPEG, so that one
// measurement holds for both.
type Typefaces struct{ regular, bold face }

// face is a font with the widths of its Latin characters, which are asked for again
// and again while lines are broken.
type face struct {
	*opentype.Font
	latin *[0x180]fixed.Int26_6
}

// em is a size at which rounding does not matter.
const em = 1000

// Fonts reads the two fonts once; they are never changed.
var Fonts = sync.OnceValues(func() (Typefaces, error) {
	regular, err := newFace(goregular.TTF)
	if err != nil {
		return Typefaces{}, fmt.Errorf("read font: %w", err)
	}
	bold, err := newFace(gobold.TTF)
	if err != nil {
		return Typefaces{}, fmt.Errorf("read font: %w", err)
	}
	return Typefaces{regular, bold}, nil
})

func newFace(ttf []byte) (face, error) {
	f, err := opentype.Parse(ttf)
	if err != nil {
		return face{}, err
	}
	with := face{f, new([0x180]fixed.Int26_6)}
	for r := range with.latin {
		with.latin[r] = with.look(rune(r))
	}
	return with, nil
}

// look asks the font for a character's width; it is 0 where the font fails.
func (f face) look(r rune) fixed.Int26_6 {
	var buf sfnt.Buffer
	glyph, err := f.GlyphIndex(&buf, r)
	if err != nil {
		return 0
	}
	advance, err := f.GlyphAdvance(&buf, glyph, fixed.I(em), font.HintingNone)
	if err != nil {
		return 0
	}
	return advance
}

func (f face) advance(r rune) fixed.Int26_6 {
	if r >= 0 && int(r) < len(f.latin) {
		return f.latin[r]
	}
	return f.look(r)
}

func (t Typefaces) of(s Style) face {
	if s.Bold {
		return t.bold
	}
	return t.regular
}

// Of is the font of a style.
func (t Typefaces) Of(s Style) *opentype.Font { return t.of(s).Font }

// Width is how long a text is in a style.
func (t Typefaces) Width(s Style, text string) geom.MM {
	var total fixed.Int26_6
	f := t.of(s)
	for _, r := range text {
		total += f.advance(r)
	}
	return s.Size.MM() * geom.MM(total) / (64 * em)
}

// Missing returns the characters of a line that its font does not have.
func (t Typefaces) Missing(l Line) (lacking string) {
	var buf sfnt.Buffer
	for _, r := range l.Text {
		if glyph, err := t.Of(l.Style).GlyphIndex(&buf, r); err != nil || glyph == 0 {
			lacking += string(r)
		}
	}
	return lacking
}

// Wrap breaks a text into lines no longer than room: at spaces, and a word that is
// longer than a line, such as an address, wherever the line is full.
func (t Typefaces) Wrap(s Style, text string, room geom.MM) []string {
	var lines []string
	current := ""
	for _, word := range strings.Split(text, " ") {
		longer := strings.TrimPrefix(current+" "+word, " ")
		if current != "" && t.Width(s, longer) > room {
			lines, longer = append(lines, current), word
		}
		for longer != "" && t.Width(s, longer) > room {
			n := t.fitting(s, longer, room)
			lines, longer = append(lines, longer[:n]), longer[n:]
		}
		current = longer
	}
	return append(lines, current)
}

// fitting is how many bytes of a word fit, at least one character.
func (t Typefaces) fitting(s Style, word string, room geom.MM) int {
	fits := len(word)
	for i := range word {
		if i == 0 {
			continue
		}
		if fits < len(word) && t.Width(s, word[:i]) > room {
			break
		}
		fits = i
	}
	return fits
}
