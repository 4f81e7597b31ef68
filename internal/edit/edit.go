// Package edit is what a person may change about a photo: where the head stands
// in it, what is behind the head, and the light. The limits are honest ones: no
// setting can change the shape of anything, or light by more than a lamp would.
//
// A photo's settings are whole at each revision. A change names some of them and
// leaves the rest as they are.
package edit

import (
	"fmt"
	"math"

	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

// Settings are all that was chosen for a photo besides its document. The zero
// value is the photo as we would make it.
type Settings struct {
	Background Background `json:"background,omitempty"`

	TurnDeg     float64 `json:"turn_deg,omitempty"`     // beyond level eyes, positive clockwise
	Right       geom.MM `json:"right_mm,omitempty"`     // the head moves to the right of the photo
	Down        geom.MM `json:"down_mm,omitempty"`      // the head moves down
	ZoomPercent float64 `json:"zoom_percent,omitempty"` // 0 means 100; above it the head grows

	Brightness int `json:"brightness,omitempty"` // -100..100
	Contrast   int `json:"contrast,omitempty"`   // -100..100
	Warmth     int `json:"warmth,omitempty"`     // -100 (blue) .. 100 (yellow)
	Sharpness  int `json:"sharpness,omitempty"`  // 0..100

	Declared Declared `json:"declared,omitzero"` // changes the report only
}

// Limits of the settings.
const (
	MostTurnDeg      = 15.0
	MostMove         = geom.MM(20)
	LeastZoomPercent = 60.0
	MostZoomPercent  = 160.0
	MostLight        = 100
)

// Percent is the zoom in per cent.
func (s Settings) Percent() float64 {
	if s.ZoomPercent == 0 {
		return 100
	}
	return s.ZoomPercent
}

// Zoom is the factor by which the head grows.
func (s Settings) Zoom() float64 { return s.Percent() / 100 }

// Moves reports whether the photo is placed otherwise than the plan would.
func (s Settings) Moves() bool {
	return s.TurnDeg != 0 || s.Right != 0 || s.Down != 0 || s.Zoom() != 1
}

// Light reports whether brightness, contrast, warmth or sharpness is changed.
func (s Settings) Light() bool {
	return s.Brightness != 0 || s.Contrast != 0 || s.Warmth != 0 || s.Sharpness != 0
}

// InvalidError says which setting can't be had, and what can.
type InvalidError struct{ Field, Detail string }

// Error names field and reason.
func (e InvalidError) Error() string { return e.Field + " " + e.Detail }

// Validate answers an InvalidError for the first setting outside its limits.
func (s Settings) Validate() error {
	if err := s.Background.validate(); err != nil {
		return err
	}
	for _, f := range []struct {
		field     string
		value     float64
		low, high float64
	}{
		{"turn_deg", s.TurnDeg, -MostTurnDeg, MostTurnDeg},
		{"right_mm", float64(s.Right), -float64(MostMove), float64(MostMove)},
		{"down_mm", float64(s.Down), -float64(MostMove), float64(MostMove)},
		{"zoom_percent", s.Percent(), LeastZoomPercent, MostZoomPercent},
		{"brightness", float64(s.Brightness), -MostLight, MostLight},
		{"contrast", float64(s.Contrast), -MostLight, MostLight},
		{"warmth", float64(s.Warmth), -MostLight, MostLight},
		{"sharpness", float64(s.Sharpness), 0, MostLight},
	} {
		if math.IsNaN(f.value) || f.value < f.low || f.value > f.high {
			return InvalidError{f.field, fmt.Sprintf("must lie between %g and %g", f.low, f.high)}
		}
	}
	return nil
}
