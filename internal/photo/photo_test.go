package photo

import (
	"fmt"
	"strings"
	"testing"
	"time"
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

func TestOnlyOurOwnIDsParse(t *testing.T) {
	if _, ok := ParseID(string(NewID())); !ok {
		t.Error("a fresh ID does not parse")
	}
	for _, bad := range []string{"", "..", "../../../../etc/passwd/aaaaa", strings.Repeat("a", 25), strings.Repeat("a", 27), strings.ToUpper(string(NewID())), strings.Repeat("a", 25) + "\n", strings.Repeat("a", 26) + "\n"} {
		if _, ok := ParseID(bad); ok {
			t.Errorf("%q parses", bad)
		}
	}
}

func TestAPhotoExpiresAtTheInstantAndNotBefore(t *testing.T) {
	at := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	p := Photo{ExpiresAt: at}
	if p.Expired(at.Add(-time.Millisecond)) || !p.Expired(at) {
		t.Error("the instant of expiry is wrong")
	}
}

func TestEveryReasonHasAdvice(t *testing.T) {
	for _, r := range []Reason{NoFace, SeveralFaces, FaceTooSmall, FaceCutOff, Unreadable, TooManyPixels, Animated, Broken, KillsChild} {
		if r.Advice() == "" {
			t.Errorf("%s has no advice", r)
		}
	}
}
