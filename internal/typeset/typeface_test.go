package typeset

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

func TestWrappedTextFitsItsRoomAndLosesNothing(t *testing.T) {
	faces, err := Fonts()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a-zé/ü.]{1,60}( [a-z-]{1,40}){0,6}`).Draw(t, "text")
		room := geom.MM(rapid.Float64Range(0.1, 80).Draw(t, "room"))
		s := Style{Size: 8}
		lines := faces.Wrap(s, text, room)
		for _, l := range lines {
			if w := faces.Width(s, l); w > room && utf8.RuneCountInString(l) > 1 {
				t.Fatalf("%q is %.2f mm long, with room for %.2f", l, w, room)
			}
		}
		if got, want := strings.Join(lines, ""), text; strings.ReplaceAll(got, " ", "") != strings.ReplaceAll(want, " ", "") {
			t.Fatalf("%q became %q", want, got)
		}
	})
}

func TestAMissingCharacterIsNamed(t *testing.T) {
	faces, err := Fonts()
	if err != nil {
		t.Fatal(err)
	}
	if got := faces.Missing(Line{Text: "45 × 35 mm, Übersicht 旅"}); got != "旅" {
		t.Errorf("the font lacks %q", got)
	}
}
