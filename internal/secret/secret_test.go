package secret

import (
	"fmt"
	"strings"
	"testing"
)

func TestAKeyOpensItsHashOnlyAndNeverPrints(t *testing.T) {
	key, other := NewKey(), NewKey()
	if h := key.Hash(); !h.Opens(key) || h.Opens(other) || h.Opens("") {
		t.Error("the hash opens for the wrong key, or not for its own")
	}
	for _, format := range []string{"%v", "%s", "%#v", "%+v"} {
		if text := fmt.Sprintf(format, key); strings.Contains(text, key.Reveal()) {
			t.Errorf("%s prints the key", format)
		}
	}
}

func TestOnlyOurOwnNamesAreNames(t *testing.T) {
	if !IsName(NewName()) {
		t.Error("a fresh name is none")
	}
	for _, bad := range []string{"", "..", "../../../../etc/passwd/aaaaa", strings.Repeat("a", 25), strings.Repeat("a", 27), strings.ToUpper(NewName()), strings.Repeat("a", 25) + "\n", strings.Repeat("a", 26) + "\n"} {
		if IsName(bad) {
			t.Errorf("%q is a name", bad)
		}
	}
}
