package printsheet

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

// points is a size of type: 72 points make an inch.
type points float64

func (p points) mm() geom.MM { return geom.MM(p) * geom.PerInch / 72 }

// style is a size of type in one of the two weights.
type style struct {
	size points
	bold bool
}

// line is one line of text; it stands on its baseline.
type line struct {
	style
	x, baseline geom.MM
	text        string
}

// typefaces are the Go fonts: the same outlines in PDF and JPEG, so that one
// measurement holds for both.
type typefaces struct{ regular, bold *opentype.Font }

// fonts reads the two fonts once; they are never changed.
var fonts = sync.OnceValues(func() (typefaces, error) {
	regular, err := opentype.Parse(goregular.TTF)
	if err != nil {
		return typefaces{}, fmt.Errorf("read font: %w", err)
	}
	bold, err := opentype.Parse(gobold.TTF)
	if err != nil {
		return typefaces{}, fmt.Errorf("read font: %w", err)
	}
	return typefaces{regular, bold}, nil
})

func (t typefaces) of(s style) *opentype.Font {
	if s.bold {
		return t.bold
	}
	return t.regular
}

// width is how long a text is in a style.
func (t typefaces) width(s style, text string) geom.MM {
	const em = 1000 // a size at which rounding does not matter
	var buf sfnt.Buffer
	var total fixed.Int26_6
	f := t.of(s)
	for _, r := range text {
		glyph, err := f.GlyphIndex(&buf, r)
		if err != nil {
			continue
		}
		if advance, err := f.GlyphAdvance(&buf, glyph, fixed.I(em), font.HintingNone); err == nil {
			total += advance
		}
	}
	return s.size.mm() * geom.MM(total) / (64 * em)
}

// wrap breaks a text into lines no longer than room, at spaces. A word longer
// than room stands alone.
func (t typefaces) wrap(s style, text string, room geom.MM) []string {
	var lines []string
	current := ""
	for _, word := range strings.Split(text, " ") {
		longer := strings.TrimPrefix(current+" "+word, " ")
		if current != "" && t.width(s, longer) > room {
			lines, current = append(lines, current), word
			continue
		}
		current = longer
	}
	return append(lines, current)
}
