package typeset

import (
	"bytes"
	"fmt"
	"image/jpeg"
	"math"

	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

// maxPixels is far more than a finished photo has: 100 x 100 mm at 600 DPI has
// 5.6 million.
const maxPixels = 20_000_000

// Inspect refuses, before it is decoded, what can't be a photo of a size: a file
// that is no JPEG, one that is too large, and one whose proportions differ by more
// than a hundredth, which would come out stretched.
func Inspect(photo []byte, width, height geom.MM) error {
	c, err := jpeg.DecodeConfig(bytes.NewReader(photo))
	if err != nil {
		return fmt.Errorf("read the photo's header: %w", err)
	}
	if c.Width < 1 || c.Height < 1 || c.Width*c.Height > maxPixels {
		return fmt.Errorf("the photo has %d x %d pixels", c.Width, c.Height)
	}
	stretched := float64(c.Width) / float64(c.Height) * float64(height/width)
	if !(math.Abs(stretched-1) <= 0.01) { // a size of nothing is none either
		return fmt.Errorf("a photo of %d x %d pixels has not the proportions of %g x %g mm", c.Width, c.Height, float64(width), float64(height))
	}
	return nil
}
