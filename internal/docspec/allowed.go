package docspec

import "strings"

// Rules on glasses and expression are sentences in the catalogue. These two say what
// they come to; a test goes through every sentence that there is.

// refusals are how a rule on glasses begins that takes none but by exception.
var refusals = []string{"not allowed", "none", "without", "only for medical reasons"}

// GlassesAllowed reports whether the office takes glasses, with whatever conditions.
// Without a rule it does not: ICAO allows them, but most offices have ceased to, and a
// photo without glasses is taken everywhere.
func (s Spec) GlassesAllowed() bool {
	if s.Glasses == nil {
		return false
	}
	for _, no := range refusals {
		if strings.HasPrefix(s.Glasses.Value, no) {
			return false
		}
	}
	return true
}

// SmileAllowed reports whether the office takes a slight smile with a closed mouth.
// Without a rule it does not: ICAO's baseline is a neutral face.
func (s Spec) SmileAllowed() bool {
	if s.Expression == nil {
		return false
	}
	rule := s.Expression.Value
	return strings.Contains(rule, "smile") && !strings.Contains(rule, "no smile")
}
