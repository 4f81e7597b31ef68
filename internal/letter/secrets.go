package letter

import (
	"regexp"
	"strings"

	"github.com/passportphotogenie/passportphotogenie/internal/secret"
)

// Secrets open one thing to whoever reads the letter: the token by a click on a link,
// where it stands after the # and so reaches no server's log, and the code by being
// typed in, for browsers that run no scripts. Whoever asks for a letter with secrets
// keeps the hashes of both.
type Secrets struct {
	Token secret.Key // 256 bits
	Code  secret.Key // 50 bits: enough where tries are counted
}

// NewSecrets returns fresh ones.
func NewSecrets() Secrets {
	return Secrets{Token: secret.NewKey(), Code: secret.Key(secret.NewKey().Reveal()[:codeLength])}
}

// codeLength is in letters and digits, of 5 bits each.
const codeLength = 10

var codePattern = regexp.MustCompile(`^[a-z2-7]{10}$`)

// ParseCode reads a code as people type it: with capitals, spaces and dashes, and
// with 0, 1 and 8, which no code has, for the letters that look like them.
func ParseCode(typed string) (code secret.Key, ok bool) {
	s := strings.NewReplacer("-", "", " ", "", "0", "o", "1", "l", "8", "b").Replace(strings.ToLower(typed))
	return secret.Key(s), codePattern.MatchString(s)
}

// spoken is a code as a letter shows it.
func spoken(code secret.Key) string {
	s := code.Reveal()
	if len(s) != codeLength {
		return ""
	}
	return s[:codeLength/2] + "-" + s[codeLength/2:]
}
