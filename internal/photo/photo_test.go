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
}

func TestEveryReasonHasAdvice(t *testing.T) {
	for _, r := range []Reason{NoFace, SeveralFaces, FaceTooSmall, FaceCutOff, Unreadable, TooManyPixels, Animated, Broken, KillsChild} {
		if r.Advice() == "" {
			t.Errorf("%s has no advice", r)
		}
	}
}
