package edit

import "github.com/passportphotogenie/passportphotogenie/internal/geom"

// Change is what a client wants otherwise. A nil field leaves the setting as it
// is, so that two changes made at once, one of the light and one of the place,
// both come through.
type Change struct {
	Background  *Background
	TurnDeg     *float64
	Right       *geom.MM
	Down        *geom.MM
	ZoomPercent *float64
	Brightness  *int
	Contrast    *int
	Warmth      *int
	Sharpness   *int
	Declared    Declarations
}

// Declarations are the answers that a client gives or takes back.
type Declarations struct{ Glasses, Hair, HeadCovering, Age *Answer }

// To returns the settings with the change made, or an InvalidError.
func (c Change) To(s Settings) (Settings, error) {
	set(&s.Background, c.Background)
	set(&s.TurnDeg, c.TurnDeg)
	set(&s.Right, c.Right)
	set(&s.Down, c.Down)
	set(&s.ZoomPercent, c.ZoomPercent)
	set(&s.Brightness, c.Brightness)
	set(&s.Contrast, c.Contrast)
	set(&s.Warmth, c.Warmth)
	set(&s.Sharpness, c.Sharpness)
	set(&s.Declared.Glasses, c.Declared.Glasses)
	set(&s.Declared.Hair, c.Declared.Hair)
	set(&s.Declared.HeadCovering, c.Declared.HeadCovering)
	set(&s.Declared.Age, c.Declared.Age)
	if s.ZoomPercent == 100 {
		s.ZoomPercent = 0 // one way to say it, so that settings compare
	}
	return s, s.Validate()
}

func set[T any](field *T, value *T) {
	if value != nil {
		*field = *value
	}
}
