package plaintext

import (
	"strings"
	"testing"
)

func TestOnlyPlainTextIsTaken(t *testing.T) {
	for in, want := range map[string]string{
		"  two\r\nlines \n": "two\nlines",
		"a\tb":              "a\tb",
		"שלום\u200f!":       "שלום\u200f!",
		"<b>&amp;</b>":      "<b>&amp;</b>", // whoever shows it escapes it
		"":                  "",
	} {
		if got, ok := Parse(in, 20); !ok || got != want {
			t.Errorf("%q: %q, %v", in, got, ok)
		}
	}
	for _, in := range []string{"a\x00b", "a\rb", "a\x1b[2Jb", "a\u202eb", "a\u2066b", "a\x85b", "\xff", strings.Repeat("ä", 21)} {
		if got, ok := Parse(in, 20); ok {
			t.Errorf("%q was taken as %q", in, got)
		}
	}
}
