package check

import (
	"image"
	"math"

	"github.com/lucasb-eyer/go-colorful"

	"github.com/passportphotogenie/passportphotogenie/internal/geom"
	"github.com/passportphotogenie/passportphotogenie/internal/matte"
	"github.com/passportphotogenie/passportphotogenie/internal/raster"
)

// Background is what was measured behind the person in a finished photo. What could
// not be measured, because there is no background or it is see-through, is NaN.
type Background struct {
	Colour     colorful.Color // the median
	Uniformity float64        // mean gradient of luminance: background_uniformity.go
	Shadow     float64        // by how much L* falls in the darkest place, 0..100
	ShadowAt   []geom.Point   // the corners of the place that is darker, in the photo's pixels; none if none is
	Measured   bool
}

// backgroundSide is the long side that a photo is reduced to for its background to be
// measured: at about the scale that the standard looks at.
const backgroundSide = 320

// clearance is how far from the person the background is measured, in face heights:
// beyond hair that the matte does not see.
const clearance = 0.06

// leastBackground is the share of the photo below which too little is left to judge.
const leastBackground = 0.01

// wall is a reduced photo with the pixels that are surely background.
type wall struct {
	img     *image.RGBA
	toLevel geom.Similarity
	clear   []bool
	count   int
}

// ExamineBackground measures what is behind the person in a photo. toPhoto maps the
// picture that the matte was made of to the photo.
func ExamineBackground(photo *raster.Pyramid, m *matte.Matte, toPhoto geom.Similarity) Background {
	w := newWall(photo, m, toPhoto)
	if float64(w.count) < leastBackground*float64(len(w.clear)) || w.count == 0 {
		return Background{}
	}
	b := Background{Colour: w.median(), Uniformity: w.gradient(), Measured: true}
	b.Shadow, b.ShadowAt = w.shadow()
	return b
}

func newWall(photo *raster.Pyramid, m *matte.Matte, toPhoto geom.Similarity) *wall {
	size := photo.Bounds().Size()
	long := max(size.X, size.Y)
	level := 0
	for long>>level > backgroundSide {
		level++
	}
	w := &wall{}
	w.img, w.toLevel = photo.Level(level)
	width, height := w.img.Rect.Dx(), w.img.Rect.Dy()
	c := m.In(toPhoto.Then(w.toLevel), width, height)
	w.clear = farFrom(c, int(math.Ceil(clearance*c.Head.Height)))
	for _, in := range w.clear {
		if in {
			w.count++
		}
	}
	return w
}

// farFrom marks the pixels without a person within a square of the radius around.
func farFrom(c *matte.Coarse, radius int) []bool {
	// Running totals, with a row and a column of zeros before the first.
	w := c.Width + 1
	sum := make([]int32, w*(c.Height+1))
	for y := range c.Height {
		row := int32(0)
		for x := range c.Width {
			if i := y*c.Width + x; c.Median[i] > matte.SureBackground {
				row++
			}
			sum[(y+1)*w+x+1] = sum[y*w+x+1] + row
		}
	}
	clear := make([]bool, c.Width*c.Height)
	for y := range c.Height {
		y0, y1 := max(y-radius, 0), min(y+radius+1, c.Height)
		for x := range c.Width {
			x0, x1 := max(x-radius, 0), min(x+radius+1, c.Width)
			clear[y*c.Width+x] = sum[y1*w+x1]-sum[y0*w+x1]-sum[y1*w+x0]+sum[y0*w+x0] == 0
		}
	}
	return clear
}

// median is that of each channel.
func (w *wall) median() colorful.Color {
	var counts [3][256]int
	w.each(func(i int) {
		for c := range counts {
			counts[c][w.img.Pix[4*i+c]]++
		}
	})
	var rgb [3]float64
	for c := range counts {
		n := 0
		for v, k := range counts[c] {
			if n += k; 2*n >= w.count {
				rgb[c] = float64(v) / 255
				break
			}
		}
	}
	return colorful.Color{R: rgb[0], G: rgb[1], B: rgb[2]}
}

// each calls f for every clear pixel. The picture's rows have no gaps.
func (w *wall) each(f func(i int)) {
	for i, in := range w.clear {
		if in {
			f(i)
		}
	}
}
