// Package plaintext is what people may type into a field for words: text with line
// breaks and nothing that makes it read differently from what it says.
package plaintext

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Parse returns a text as it is kept: with "\n" for line breaks and nothing around
// it. It is not ok when it is longer than most characters or has control
// characters, or marks that turn the direction of what follows.
func Parse(s string, most int) (text string, ok bool) {
	s = strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n"))
	if !utf8.ValidString(s) || utf8.RuneCountInString(s) > most {
		return "", false
	}
	for _, r := range s {
		if unicode.IsControl(r) && r != '\n' && r != '\t' || unicode.Is(unicode.Bidi_Control, r) && !gentle(r) {
			return "", false
		}
	}
	return s, true
}

// gentle marks give a direction to a single place and belong to ordinary Arabic
// and Hebrew text.
func gentle(r rune) bool { return r == '\u200e' || r == '\u200f' || r == '\u061c' }
