package photo

import (
	"testing"
	"time"
)

func TestAPhotoExpiresAtTheInstantAndNotBefore(t *testing.T) {
	at := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	p := Photo{ExpiresAt: at}
	if p.Expired(at.Add(-time.Millisecond)) || !p.Expired(at) {
		t.Error("the instant of expiry is wrong")
	}
	p.Restriction.Since = at.Add(-time.Hour)
	if p.Expired(at.Add(time.Hour)) {
		t.Error("a restricted photo has expired")
	}
}

func TestEveryReasonHasAdvice(t *testing.T) {
	for _, r := range []Reason{NoFace, SeveralFaces, FaceTooSmall, FaceCutOff, Unreadable, TooManyPixels, Animated, Broken, KillsChild, Lost} {
		if r.Advice() == "" {
			t.Errorf("%s has no advice", r)
		}
	}
}
