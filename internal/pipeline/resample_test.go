package pipeline

import (
	"image"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/geom"
	"github.com/passportphotogenie/passportphotogenie/internal/raster"
	"github.com/passportphotogenie/passportphotogenie/internal/testpictures"
)

// Halving whole pixels before the one resampling must not show: decision 0005.
func TestAHalvedPictureGivesThePhotoThatTheWholeOneGives(t *testing.T) {
	p := raster.NewPyramid(testpictures.Decode(t, testpictures.Megapixels(t, 12)))
	for _, scale := range []float64{0.45, 0.35, 0.26} {
		place := geom.Turn(geom.Point{X: 1500, Y: 1200}, 0.03, scale).Then(geom.Similarity{A: 1, X: -1200, Y: -900})
		photoFrom := func(img *image.RGBA, toLevel geom.Similarity) *image.RGBA {
			return raster.Resample(img, toLevel.Inverse().Then(place), 600, 600)
		}
		whole, halved := photoFrom(p.Level(0)), photoFrom(p.LevelFor(scale))
		if off := levels(whole.Pix, halved.Pix); off > 0.8 {
			t.Errorf("at scale %g the photos are %.2f levels apart", scale, off)
		}
	}
}
