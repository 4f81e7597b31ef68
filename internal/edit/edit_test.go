package edit

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestAChangeLeavesWhatItDoesNotName(t *testing.T) {
	before := Settings{Background: "#d0d0d0", TurnDeg: 2, Brightness: 10}
	warmth := 20
	got, err := Change{Warmth: &warmth}.To(before)
	want := before
	want.Warmth = 20
	if err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	if before.Warmth != 0 {
		t.Error("the settings of the revision before were changed")
	}
}

func TestAChangeBackToAHundredPerCentIsNoChange(t *testing.T) {
	hundred := 100.0
	got, err := Change{ZoomPercent: &hundred}.To(Settings{ZoomPercent: 120})
	if err != nil || got != (Settings{}) || got.Moves() {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestASettingOutsideItsLimitsIsRefusedByName(t *testing.T) {
	for _, tt := range []struct {
		field string
		s     Settings
	}{
		{"background", Settings{Background: "mauve"}},
		{"background", Settings{Background: "#ffff"}},
		{"background", Settings{Background: "#gggggg"}},
		{"turn_deg", Settings{TurnDeg: 90}},
		{"turn_deg", Settings{TurnDeg: math.NaN()}},
		{"right_mm", Settings{Right: -21}},
		{"down_mm", Settings{Down: 1e9}},
		{"zoom_percent", Settings{ZoomPercent: 1}},
		{"zoom_percent", Settings{ZoomPercent: -100}},
		{"brightness", Settings{Brightness: 101}},
		{"contrast", Settings{Contrast: -101}},
		{"warmth", Settings{Warmth: 1000}},
		{"sharpness", Settings{Sharpness: -1}},
	} {
		var invalid InvalidError
		if err := tt.s.Validate(); !errors.As(err, &invalid) || invalid.Field != tt.field {
			t.Errorf("%+v: %v, want an error about %s", tt.s, err, tt.field)
		}
	}
}

func TestEveryParsedBackgroundIsValidAndKeepsItsName(t *testing.T) {
	for _, s := range []string{"auto", "original", "transparent", "#ffffff", "#0A0b0C"} {
		b, err := ParseBackground(s)
		if err != nil || b.String() != s {
			t.Errorf("%s became %s: %v", s, b, err)
		}
	}
	if rgb, ok := Background("#0A0b0C").Colour(); !ok || rgb != [3]uint8{10, 11, 12} {
		t.Errorf("the colour is %v", rgb)
	}
	rapid.Check(t, func(t *rapid.T) {
		b, err := ParseBackground(rapid.String().Draw(t, "text"))
		if err == nil && b.validate() != nil {
			t.Errorf("%q parsed and is not valid", b)
		}
	})
}
