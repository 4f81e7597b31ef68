package secret

import (
	"strings"
	"testing"
)

func TestACodeIsReadAsPeopleTypeIt(t *testing.T) {
	for range 20 {
		pair := NewPair()
		code, shown := pair.Code, pair.Spoken()
		for _, typed := range []string{shown, strings.ToUpper(shown), " " + strings.ReplaceAll(shown, "-", " ") + " ", strings.ReplaceAll(shown, "o", "0"), strings.ReplaceAll(shown, "l", "1")} {
			if got, ok := ParseCode(typed); !ok || got != code {
				t.Errorf("%s was read as %s, %v", typed, got.Reveal(), ok)
			}
		}
	}
	for _, typed := range []string{"", "abcde", "abcde-fghij-k", "abcde-fghi9", "ab\ncde-fghij"} {
		if _, ok := ParseCode(typed); ok {
			t.Errorf("%q was taken", typed)
		}
	}
}
