package contest

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxWords is the longest that a message or a note may be, in characters.
const MaxWords = 2000

// ErrWords says that a text is too long or is not plain text.
var ErrWords = errors.New("the text is longer than 2000 characters or is not plain text")

// Words returns a text as it is kept: plain text with line breaks and nothing
// around it. Control characters are refused, and so are the marks that turn the
// direction of what follows: they could make a text read differently from what
// it says.
func Words(s string) (string, error) {
	s = strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n"))
	if !utf8.ValidString(s) || utf8.RuneCountInString(s) > MaxWords {
		return "", ErrWords
	}
	for _, r := range s {
		if unicode.IsControl(r) && r != '\n' && r != '\t' || unicode.Is(unicode.Bidi_Control, r) && !gentle(r) {
			return "", ErrWords
		}
	}
	return s, nil
}

// gentle marks give a direction to a single place and belong to ordinary Arabic
// and Hebrew text.
func gentle(r rune) bool { return r == '\u200e' || r == '\u200f' || r == '\u061c' }
