package matte

import (
	"image"

	"github.com/passportphotogenie/passportphotogenie/internal/matting"
)

// block is the side in pixels of the blocks that colours are gathered in.
const block = 4

// tally counts pixels and adds up their colours and the squares of them.
type tally [5]float64 // number, red, green, blue, squares

// tallies are running totals over the blocks of a photo, with a row and a
// column of zeros before the first, so that any rectangle of blocks is four
// look-ups.
type tallies struct {
	width, height int // in blocks
	sum           []tally
}

func newTallies(photo *image.RGBA, t *matting.Trimap, mark matting.Mark) *tallies {
	b := &tallies{width: (t.Width + block - 1) / block, height: (t.Height + block - 1) / block}
	b.sum = make([]tally, (b.width+1)*(b.height+1))
	for i, m := range t.Marks {
		if m != mark {
			continue
		}
		x, y := i%t.Width, i/t.Width
		into := &b.sum[(y/block+1)*(b.width+1)+x/block+1]
		into[0]++
		for c, v := range photo.Pix[y*photo.Stride+4*x:][:3] {
			into[1+c] += float64(v)
			into[4] += float64(v) * float64(v)
		}
	}
	for y := 1; y <= b.height; y++ {
		for x := 1; x <= b.width; x++ {
			i := y*(b.width+1) + x
			for k := range b.sum[i] {
				b.sum[i][k] += b.sum[i-1][k] + b.sum[i-b.width-1][k] - b.sum[i-b.width-2][k]
			}
		}
	}
	return b
}

// around adds up the blocks within the radius of block x, y.
func (b *tallies) around(x, y, radius int) (t tally) {
	x0, x1 := max(x-radius, 0), min(x+radius+1, b.width)
	y0, y1 := max(y-radius, 0), min(y+radius+1, b.height)
	w := b.width + 1
	for k := range t {
		t[k] = b.sum[y1*w+x1][k] - b.sum[y0*w+x1][k] - b.sum[y1*w+x0][k] + b.sum[y0*w+x0][k]
	}
	return t
}

// spread are colours by their mean and variance, the latter over all channels
// together, of them and of a camera's grain.
type spread struct {
	mean     [3]float64
	variance float64
}

// grain is the variance of a camera's grain, in squared steps of an 8-bit file.
const grain = 3 * 3 * 3

func (t tally) spread() (s spread) {
	variance := t[4] / t[0]
	for c := range s.mean {
		s.mean[c] = t[1+c] / t[0]
		variance -= s.mean[c] * s.mean[c]
	}
	s.variance = max(variance, 0) + grain
	return s
}

// apart is the squared distance of a colour from the mean in units of the
// variance: about 1 for a colour that belongs there.
func (s *spread) apart(colour [3]float64) float64 {
	d := 0.0
	for c, v := range colour {
		d += (v - s.mean[c]) * (v - s.mean[c])
	}
	return d / s.variance
}
