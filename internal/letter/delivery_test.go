package letter

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

func TestWhatATryCameTo(t *testing.T) {
	l := Letter{Written: noon, Until: noon.Add(keepTrying)}
	for name, tt := range map[string]struct {
		sent   error
		state  State
		reason Reason
	}{
		"taken":      {nil, Sent, ""},
		"refused":    {Failure{Refused, 550}, Failed, Refused},
		"no secret":  {Failure{SecretLost, 0}, Failed, SecretLost},
		"later":      {fmt.Errorf("wrapped: %w", Failure{Deferred, 451}), Waiting, Deferred},
		"not us":     {Failure{LoginRefused, 535}, Waiting, LoginRefused},
		"unexpected": {errors.New("no idea"), Waiting, Unreachable},
	} {
		o := l.After(1, tt.sent, 0, noon)
		if o.State != tt.state || o.Reason != tt.reason || !o.Now.Equal(noon) || o.Next.IsZero() == (tt.state == Waiting) {
			t.Errorf("%s: %+v", name, o)
		}
	}
}

func TestTriesGetRarerAndEnd(t *testing.T) {
	l := Letter{Written: noon, Until: noon.Add(keepTrying)}
	now, tries := noon, 0
	for now.Before(l.Until) {
		tries++
		o := l.After(tries, Failure{Unreachable, 0}, 0, now)
		if d := o.Next.Sub(now); d <= 0 || d > longestWait || o.Next.After(l.Until) {
			t.Fatalf("try %d: the next after %s", tries, d)
		}
		now = o.Next
	}
	if tries < 15 || tries > 30 {
		t.Errorf("%d tries in three days", tries)
	}
}

func TestTheWaitIsSpread(t *testing.T) {
	for try, want := range map[int]time.Duration{0: firstWait, 1: firstWait, 2: 2 * firstWait, 5: 16 * firstWait, 11: longestWait, 1000: longestWait} {
		if got := wait(try, 0); got != want {
			t.Errorf("try %d: %s, not %s", try, got, want)
		}
		if got := wait(try, 1); got != want-want/4 {
			t.Errorf("try %d, spread: %s", try, got)
		}
	}
}
