package contest

import (
	"errors"

	"github.com/passportphotogenie/passportphotogenie/internal/plaintext"
)

// MaxWords is the longest that a message or a note may be, in characters.
const MaxWords = 2000

// ErrWords says that a text is too long or is not plain text.
var ErrWords = errors.New("the text is longer than 2000 characters or is not plain text")

// Words returns a text as it is kept; see plaintext.
func Words(s string) (string, error) {
	text, ok := plaintext.Parse(s, MaxWords)
	if !ok {
		return "", ErrWords
	}
	return text, nil
}
