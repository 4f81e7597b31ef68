package docspec

import (
	"fmt"
	"math"

	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

// leastDPI is the least resolution of a finished photo.
const leastDPI = 300

// PixelSize returns the finished photo's width and height in pixels: its
// millimetres at the document's own resolution, at least 300 DPI. Where the
// document asks for pixels, it is the size nearest to that inside their window.
func (s Spec) PixelSize() (width, height int) {
	perMM := geom.PixelsPerMM(float64(max(s.DPI.Value, leastDPI)))
	w, h := float64(s.Width.Value)*perMM, float64(s.Height.Value)*perMM
	if s.Pixels == nil {
		return int(w + 0.5), int(h + 0.5)
	}
	px := s.Pixels.Value
	scale := 1.0
	for _, bound := range []struct {
		limit int
		size  float64
	}{{px.MaxWidth, w}, {px.MaxHeight, h}} {
		if bound.limit > 0 {
			scale = math.Min(scale, float64(bound.limit)/bound.size)
		}
	}
	scale = math.Max(scale, math.Max(float64(px.MinWidth)/w, float64(px.MinHeight)/h))
	return within(w*scale, px.MinWidth, px.MaxWidth), within(h*scale, px.MinHeight, px.MaxHeight)
}

// within rounds to a whole pixel and keeps to the window, where a bound of 0 is
// open: the millimetres' proportions may differ from it by a pixel.
func within(v float64, lo, hi int) int {
	n := max(int(v+0.5), lo)
	if hi > 0 {
		n = min(n, hi)
	}
	return n
}

// PixelsPerMM is the finished photo's resolution.
func (s Spec) PixelsPerMM() float64 {
	if s.Pixels == nil {
		return geom.PixelsPerMM(float64(s.PrintDPI()))
	}
	width, _ := s.PixelSize()
	return float64(width) / float64(s.Width.Value)
}

// PrintDPI is the resolution that the finished file names, in whole dots per
// inch: the document's own and never under 300, unless its pixels decide.
func (s Spec) PrintDPI() int {
	if s.Pixels == nil {
		return max(s.DPI.Value, leastDPI)
	}
	return int(s.PixelsPerMM()*float64(geom.PerInch) + 0.5)
}

// Digital reports whether the authority asks for pixels only. The millimetres
// of such a document are its pixels at 300 DPI: a scale to reckon in.
func (s Spec) Digital() bool {
	return s.Pixels != nil && s.Certainty(s.Width.Source) == Baseline
}

// Size is the photo's size as its authority gives it, for people.
func (s Spec) Size() string {
	if s.Digital() {
		w, h := s.PixelSize()
		return fmt.Sprintf("%d × %d px", w, h)
	}
	return fmt.Sprintf("%g × %g mm", float64(s.Width.Value), float64(s.Height.Value))
}
