package printsheet

import (
	"bytes"
	"fmt"
	"image/jpeg"
	"math"
)

// maxPixels is far more than a finished photo has: 100 x 100 mm at 600 DPI has
// 5.6 million.
const maxPixels = 20_000_000

// inspect refuses, before it is decoded, what can't be this sheet's photo: a file
// that is no JPEG, one that is too large, and one whose proportions differ by
// more than a hundredth, which would come out stretched.
func (s Sheet) inspect(photo []byte) error {
	c, err := jpeg.DecodeConfig(bytes.NewReader(photo))
	if err != nil {
		return fmt.Errorf("read the photo's header: %w", err)
	}
	if c.Width < 1 || c.Height < 1 || c.Width*c.Height > maxPixels {
		return fmt.Errorf("the photo has %d x %d pixels", c.Width, c.Height)
	}
	stretched := float64(c.Width) / float64(c.Height) * float64(s.photo.H/s.photo.W)
	if math.Abs(stretched-1) > 0.01 {
		return fmt.Errorf("a photo of %d x %d pixels has not the proportions of %v", c.Width, c.Height, s.photo)
	}
	return nil
}
