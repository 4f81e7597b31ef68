// Package raster looks at a picture through a similarity: what does the square
// around this face look like, upright and at 192 pixels? A Pyramid holds the
// picture at full size and at halves of it, so that a look at a reduced scale
// averages the pixels it covers instead of skipping them.
//
// Coordinates are those of the full-size picture unless said otherwise.
package raster

import (
	"image"
	"math"

	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

// smallest is the side below which a level is not halved again.
const smallest = 32

// Pyramid is an opaque picture and its successive halves. Level 0 is the
// picture itself; it is not copied.
type Pyramid struct{ levels []*image.RGBA }

// NewPyramid makes the halves down to some 32 pixels. The picture must not be
// empty and must begin at the origin.
func NewPyramid(full *image.RGBA) *Pyramid {
	p := &Pyramid{levels: []*image.RGBA{full}}
	for last := full; last.Rect.Dx() >= 2*smallest && last.Rect.Dy() >= 2*smallest; {
		last = half(last)
		p.levels = append(p.levels, last)
	}
	return p
}

// Bounds returns the size of the full picture.
func (p *Pyramid) Bounds() image.Rectangle { return p.levels[0].Rect }

// Level returns the picture halved n times, or as often as the pyramid goes,
// and the transform from full-size coordinates to that level's.
func (p *Pyramid) Level(n int) (*image.RGBA, geom.Similarity) {
	n = max(0, min(n, len(p.levels)-1))
	return p.levels[n], geom.Similarity{A: 1 / float64(int(1)<<n)}
}

// Half returns the pyramid of the picture at half its size, which shares this
// one's levels, or nil where the picture is too small to be halved.
func (p *Pyramid) Half() *Pyramid {
	if len(p.levels) == 1 {
		return nil
	}
	return &Pyramid{p.levels[1:]}
}

// LevelFor returns the smallest level that still has at least one pixel for
// each pixel of a picture drawn at the scale (drawn pixels per full-size pixel).
func (p *Pyramid) LevelFor(scale float64) (*image.RGBA, geom.Similarity) {
	if scale <= 0 || scale >= 1 {
		return p.Level(0)
	}
	return p.Level(int(math.Log2(1 / scale)))
}

// half averages blocks of 2 x 2 pixels; an odd last row or column counts twice,
// so that the half covers all of the picture.
func half(src *image.RGBA) *image.RGBA {
	width, height := src.Rect.Dx(), src.Rect.Dy()
	dst := image.NewRGBA(image.Rect(0, 0, (width+1)/2, (height+1)/2))
	for y := range dst.Rect.Dy() {
		top := src.Pix[2*y*src.Stride:]
		low := src.Pix[min(2*y+1, height-1)*src.Stride:]
		row := dst.Pix[y*dst.Stride : y*dst.Stride+4*dst.Rect.Dx()]
		for x := 0; x < len(row); x += 4 {
			i, j := 2*x, min(2*x+4, 4*(width-1))
			row[x] = avg(top[i], top[j], low[i], low[j])
			row[x+1] = avg(top[i+1], top[j+1], low[i+1], low[j+1])
			row[x+2] = avg(top[i+2], top[j+2], low[i+2], low[j+2])
			row[x+3] = 255
		}
	}
	return dst
}

func avg(a, b, c, d uint8) uint8 {
	return uint8((uint(a) + uint(b) + uint(c) + uint(d) + 2) / 4) // #nosec G115 -- a mean of bytes is a byte
}
