package check

import "math"

// limit is what a measured value is held against. Within grey of an end nothing is
// sure: the check warns.
type limit struct {
	Limits
	grey float64
}

func least(v, grey float64) limit { return limit{Limits{Min: &v}, grey} }

func most(v, grey float64) limit { return limit{Limits{Max: &v}, grey} }

func between(lo, hi, grey float64) limit { return limit{Limits{Min: &lo, Max: &hi}, grey} }

// least is where a warning begins, of a limit with an upper end.
func (l limit) least() float64 { return *l.Max - l.grey }

// The limits that no office publishes. Each was chosen on graded copies of
// portraits, so that the clearly bad ones fail and the clean ones pass: tools/calibrate
// makes them, docs/checks.md says how they separate.
var (
	leastSharpness   = least(31, 3)       // % of detail
	mostBlocking     = most(8, 2)         // ratio
	mostNoise        = most(7.5, 1.5)     // steps of 255
	leastEyeOpening  = least(18, 2)       // % of the eye's width
	mostMouthGap     = most(0.085, 0.015) // T
	mostSmile        = most(0.51, 0.02)   // of the face's width
	mostAllowedSmile = most(0.6, 0.03)    // the same
	mostAside        = most(10, 3)        // the same
	mostRed          = most(16, 6)        // % of the iris
	leastUniformity  = least(50, 5)       // of 100
	meanLuminance    = between(0.25, 0.8, 0.05)
	leastVariance    = least(0.006, 0.002)
	mostUnder        = most(15, 5) // % of the face
	mostOver         = most(8, 4)  // % of the face
	leastRange       = least(5.5, 0.5)
	mostOffSkin      = most(4.5, 1.5) // CIELAB
	mostGradient     = most(12, 5)    // steps of 255
	mostShadow       = most(11, 2.5)  // L*
	mostOffColour    = most(8, 2)     // Delta E 2000
)

// reading is a value with what it is held against.
type reading struct {
	value, uncertainty float64
	limits             Limits
	unit               Unit
}

// reading is a value held against the limit.
func (l limit) reading(value float64, unit Unit) reading {
	return reading{value, l.grey, l.Limits, unit}
}

// judge: inside passes, outside fails, a straddled limit warns.
func (r reading) judge() Outcome {
	low, high := r.value-r.uncertainty, r.value+r.uncertainty
	lo, hi := math.Inf(-1), math.Inf(1)
	if r.limits.Min != nil {
		lo = *r.limits.Min
	}
	if r.limits.Max != nil {
		hi = *r.limits.Max
	}
	switch {
	case math.IsNaN(r.value) || math.IsInf(r.value, 0):
		return NotAssessed
	case low >= lo && high <= hi:
		return Pass
	case high < lo || low > hi:
		return Fail
	}
	return Warn
}
