package check

import (
	"math"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
)

// gradient is the mean magnitude of the Sobel gradient of luminance over the wall
// (ISO/IEC 29794-5), in steps of 255, not divided by the kernel's weights. Only pixels
// whose neighbours are wall too count.
func (w *wall) gradient() float64 {
	width, height := w.img.Rect.Dx(), w.img.Rect.Dy()
	luma := make([]float64, len(w.clear))
	for i := range luma {
		luma[i] = float64(luminanceOfBytes(w.img.Pix[4*i], w.img.Pix[4*i+1], w.img.Pix[4*i+2]))
	}
	sum, n := 0.0, 0
	for y := 1; y < height-1; y++ {
		for x := 1; x < width-1; x++ {
			i := y*width + x
			if !w.clear[i] || !w.clear[i-1] || !w.clear[i+1] || !w.clear[i-width] || !w.clear[i+width] {
				continue
			}
			a, b, c := luma[i-width-1], luma[i-width], luma[i-width+1]
			d, e := luma[i-1], luma[i+1]
			f, g, h := luma[i+width-1], luma[i+width], luma[i+width+1]
			sum += math.Hypot(c+2*e+h-a-2*d-f, f+2*g+h-a-2*b-c)
			n++
		}
	}
	if n == 0 {
		return 0
	}
	return sum / float64(n)
}

// backgroundUniformity judges the gradient itself; the standard's quality of it is
// told in docs/checks.md.
func backgroundUniformity(in Input) Check {
	b := in.background()
	return mostGradient.reading(b.Uniformity, Ratio).check(BackgroundUniformity, docspec.Baseline, map[Outcome]string{
		Pass:        "The background is even.",
		Warn:        "Something can be seen in the background. A plain wall without pattern is safer" + in.orReplace() + ".",
		Fail:        "The background is not even. Stand before a plain wall without pattern, pictures or furniture, and take another picture" + in.orReplace() + ".",
		NotAssessed: noBackground,
	}).finished()
}
