package retention

import (
	"testing"
	"time"
)

func TestAPicturesLifeKeepsThePoliciesWindow(t *testing.T) {
	for _, tt := range []struct {
		life        time.Duration
		development bool
		ok          bool
	}{
		{48 * time.Hour, false, true},
		{71 * time.Hour, false, true},
		{72 * time.Hour, false, false},
		{72 * time.Hour, true, false},
		{47 * time.Hour, false, false},
		{2 * time.Second, true, true},
		{0, true, false},
	} {
		life, err := NewPictureLife(tt.life, tt.development)
		if (err == nil) != tt.ok {
			t.Errorf("%v (development: %v): %v", tt.life, tt.development, err)
		}
		edit := time.Date(2026, 3, 28, 23, 0, 0, 0, time.UTC)
		if err == nil && life.ExpiresAt(edit).Sub(edit) != tt.life {
			t.Errorf("%v: expires at %v", tt.life, life.ExpiresAt(edit))
		}
	}
}
