package crop

import "math"

// searchSteps of a golden section leave 0.618^searchSteps of the interval: a
// hundred-thousandth, a few hundredths of a pixel.
const searchSteps = 24

// best searches scale, down and across, each inside the other: partial minima
// of a convex function are convex, so each search has one valley.
func (p *problem) best() (perMM, across, down float64) {
	// From a head as high as the photo to one of a tenth of it.
	lo, hi := p.headPx/float64(p.height), 10*p.headPx/float64(p.height)
	nominal := p.headPx / (0.65 * float64(p.height))
	reach := 2 * p.headPx
	acrossFor := func(k, v float64) (float64, float64) {
		return minimise(-reach, reach, func(u float64) float64 { return p.cost(placement{k, u, v}, nominal) })
	}
	downFor := func(k float64) (float64, float64) {
		return minimise(-reach, reach, func(v float64) float64 { _, c := acrossFor(k, v); return c })
	}
	perMM, _ = minimise(lo, hi, func(k float64) float64 { _, c := downFor(k); return c })
	down, _ = downFor(perMM)
	across, _ = acrossFor(perMM, down)
	return perMM, across, down
}

// minimise returns where the convex f is least on [lo, hi], and its value there.
func minimise(lo, hi float64, f func(float64) float64) (at, value float64) {
	ratio := (math.Sqrt(5) - 1) / 2
	a, b := hi-ratio*(hi-lo), lo+ratio*(hi-lo)
	fa, fb := f(a), f(b)
	for range searchSteps {
		if fa <= fb {
			hi, b, fb = b, a, fa
			a = hi - ratio*(hi-lo)
			fa = f(a)
		} else {
			lo, a, fa = a, b, fb
			b = lo + ratio*(hi-lo)
			fb = f(b)
		}
	}
	if fa <= fb {
		return a, fa
	}
	return b, fb
}
