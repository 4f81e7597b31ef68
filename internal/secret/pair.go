package secret

import (
	"regexp"
	"strings"
)

// Pair opens one thing to whoever reads a letter: the token by a click on a link, where
// it stands after the # and so reaches no server's log, and the code by being typed
// in, for browsers that run no scripts.
type Pair struct {
	Token Key // 256 bits
	Code  Key // 50 bits: enough where tries are counted
}

// PairHashes are what is kept of a Pair; zero for none.
type PairHashes struct{ Token, Code Hash }

// NewPair returns fresh ones.
func NewPair() Pair { return Pair{Token: NewKey(), Code: Key(NewKey().Reveal()[:codeLength])} }

// Hashes returns what is kept of the pair.
func (p Pair) Hashes() PairHashes { return PairHashes{p.Token.Hash(), p.Code.Hash()} }

// codeLength is in letters and digits, of 5 bits each.
const codeLength = 10

var codePattern = regexp.MustCompile(`^[a-z2-7]{10}$`)

// ParseCode reads a code as people type it: with capitals, spaces and dashes, and
// with 0, 1 and 8, which no code has, for the letters that look like them.
func ParseCode(typed string) (code Key, ok bool) {
	s := strings.NewReplacer("-", "", " ", "", "0", "o", "1", "l", "8", "b").Replace(strings.ToLower(strings.TrimSpace(typed)))
	return Key(s), codePattern.MatchString(s)
}

// Spoken is the code as a letter shows it; empty without one.
func (p Pair) Spoken() string {
	s := p.Code.Reveal()
	if len(s) != codeLength {
		return ""
	}
	return s[:codeLength/2] + "-" + s[codeLength/2:]
}
