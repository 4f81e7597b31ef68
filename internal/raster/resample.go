package raster

import (
	"image"
	"math"

	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

// Resample draws an opaque picture that begins at the origin through toOut into
// one of the given size, by Catmull-Rom's kernel, stretched where the picture
// gets smaller so that every pixel counts. What the picture does not reach stays
// transparent.
//
// The outcome is that of golang.org/x/image/draw.CatmullRom, which computes its
// weights anew for every pixel, to within a step of the file's 8 bits.
func Resample(src *image.RGBA, toOut geom.Similarity, width, height int) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, width, height))
	back := toOut.Inverse()
	k := newKernel(math.Max(math.Abs(back.A), math.Abs(back.B)))
	size := src.Rect.Size()
	for y := range height {
		for x := range width {
			q := back.Apply(geom.Point{X: float64(x) + 0.5, Y: float64(y) + 0.5})
			if q.X < 0 || q.Y < 0 || q.X >= float64(size.X) || q.Y >= float64(size.Y) {
				continue
			}
			blend(src, k.at(q.X-0.5, size.X), k.at(q.Y-0.5, size.Y), out.Pix[out.PixOffset(x, y):][:4])
		}
	}
	return out
}

// blend writes the weighted mean of the pixels in the columns and rows.
func blend(src *image.RGBA, columns, rows taps, out []uint8) {
	var r, g, b int
	for j, w := range rows.weights {
		pix := src.Pix[(rows.first+j)*src.Stride+4*columns.first:][:4*len(columns.weights)]
		var rr, gg, bb int
		for _, v := range columns.weights {
			rr += v * int(pix[0])
			gg += v * int(pix[1])
			bb += v * int(pix[2])
			pix = pix[4:]
		}
		r += w * rr
		g += w * gg
		b += w * bb
	}
	if n := rows.sum() * columns.sum(); n != one*one {
		r, g, b = r*one/n*one, g*one/n*one, b*one/n*one
	}
	out[0], out[1], out[2], out[3] = level(r), level(g), level(b), 255
}

func level(v int) uint8 {
	return uint8(min(max((v+one*one/2)/(one*one), 0), 255)) // #nosec G115 -- clamped
}

// taps are the weights of the pixels from the first on along one direction.
type taps struct {
	first   int
	weights []int
	cut     bool // some fell beyond the picture's edge
}

func (t taps) sum() int {
	if !t.cut {
		return one
	}
	sum := 0
	for _, w := range t.weights {
		sum += w
	}
	return sum
}

// kernel holds the taps for places between two pixels, in steps so small that
// none can be told from the next.
type kernel [phases]taps

// phases between two pixels, and the sum of all weights.
const phases, one = 256, 1 << 14

// newKernel is as many times wider as the picture gets smaller.
func newKernel(stretch float64) *kernel {
	stretch = math.Max(stretch, 1)
	k := new(kernel)
	for i := range k {
		at := (float64(i) + 0.5) / phases
		first := int(math.Floor(at-2*stretch)) + 1
		last := int(math.Ceil(at+2*stretch)) - 1
		k[i] = taps{first, shares(first, last, at, stretch), false}
	}
	return k
}

// shares are the weights of the pixels, adding up to one.
func shares(first, last int, at, stretch float64) []int {
	weights := make([]float64, last-first+1)
	sum := 0.0
	for i := range weights {
		weights[i] = catmullRom(math.Abs(float64(first+i)-at) / stretch)
		sum += weights[i]
	}
	out := make([]int, len(weights))
	given, total := 0, 0.0
	for i, w := range weights { // what rounding leaves over goes to the next
		total += w
		upTo := int(math.Round(one * total / sum))
		out[i] = upTo - given
		given = upTo
	}
	return out
}

func catmullRom(t float64) float64 {
	switch {
	case t < 1:
		return (1.5*t-2.5)*t*t + 1
	case t < 2:
		return ((-0.5*t+2.5)*t-4)*t + 2
	}
	return 0
}

// at returns the taps around a place between the pixels of a line that has n.
func (k *kernel) at(v float64, n int) taps {
	pixel := math.Floor(v)
	t := k[min(int((v-pixel)*phases), phases-1)] // the difference may round to 1
	t.first += int(pixel)
	if t.first < 0 {
		t.first, t.weights, t.cut = 0, t.weights[-t.first:], true
	}
	if over := t.first + len(t.weights) - n; over > 0 {
		t.weights, t.cut = t.weights[:len(t.weights)-over], true
	}
	return t
}
