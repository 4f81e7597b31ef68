package check

import "math"

// Light is what was measured of the light on a face. What could not be measured
// is NaN.
type Light struct {
	Uniformity   float64 // of both cheeks' histograms, 0..1: illumination_uniformity.go
	Mean         float64 // luminance of the face, 0..1
	Variance     float64 // of the same, 0..0.25
	Under, Over  float64 // shares of the face that are nearly black and nearly white
	DynamicRange float64 // entropy of the face's luminance, bits
	OffSkin      float64 // distance of the cheeks' colour from any skin's: natural_colour.go
}

func noLight() Light {
	n := math.NaN()
	return Light{n, n, n, n, n, n, n}
}

// Luminance values that count as nearly black and nearly white (ISO/IEC 29794-5).
const (
	nearlyBlack = 25
	nearlyWhite = 247
)

// leastFace is the number of pixels of an aligned face below which it lies so far
// outside of the picture that nothing can be said of its light.
const leastFace = 2000

// ExamineLight measures the light on a face alone.
func ExamineLight(s Subject) Light {
	if a, ok := align(s); ok {
		return measureLight(a)
	}
	return noLight()
}

func measureLight(a *aligned) Light {
	l := noLight()
	var count [256]int
	total := 0
	for i, in := range a.inFace {
		if in {
			count[a.luminance[i]]++
			total++
		}
	}
	if total < leastFace {
		return l
	}
	l.Mean, l.Variance, l.Under, l.Over, l.DynamicRange = 0, 0, 0, 0, 0
	for v, n := range count {
		share, at := float64(n)/float64(total), float64(v)/255
		l.Mean += share * at
		l.Variance += share * at * at
		if v <= nearlyBlack {
			l.Under += share
		}
		if v >= nearlyWhite {
			l.Over += share
		}
		if n > 0 {
			l.DynamicRange -= share * math.Log2(share)
		}
	}
	l.Variance = max(l.Variance-l.Mean*l.Mean, 0)
	l.Uniformity = cheekLikeness(a)
	l.OffSkin = offSkin(a)
	return l
}
