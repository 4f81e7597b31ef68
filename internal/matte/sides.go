package matte

import (
	"image"
	"math"

	"github.com/passportphotogenie/passportphotogenie/internal/matting"
)

// sides are the colours around a block of the photo: of the sure sitter and of
// the sure background. Without both they tell nothing.
type sides struct {
	known       bool
	front, back spread
	odds        float64 // what the front's narrower spread adds to its likelihood's logarithm
	alike       float64 // how much the two look the same: 0 not at all, to 1
}

const (
	sidesReach = 0.12 // face heights around a pixel that count
	alikeScale = 0.1  // squared distance, in variances, where alike has fallen to 1/e
)

// A colour is plainly one side's where its likelihood there is so many times that
// of the other (the logarithm), and where it is no further from that side's mean
// than those it is made of. Hair against the light mixes both sides' colours and
// is neither's.
const (
	plainFrom, plainTo = 2, 6
	belongs, foreign   = 1, 3
)

// blocks are the sides around each block, row by row.
type blocks struct {
	columns int
	sides   []sides
}

func (b *blocks) at(x, y int) *sides { return &b.sides[y/block*b.columns+x/block] }

func (c *Coarse) sides(photo *image.RGBA, t *matting.Trimap) *blocks {
	front, back := newTallies(photo, t, matting.Foreground), newTallies(photo, t, matting.Background)
	radius := int(sidesReach*c.Head.Height/block) + 1
	b := &blocks{front.width, make([]sides, front.width*front.height)}
	for i := range b.sides {
		x, y := i%front.width, i/front.width
		f, g := front.around(x, y, radius), back.around(x, y, radius)
		if f[0] > 0 && g[0] > 0 {
			b.sides[i] = newSides(f.spread(), g.spread())
		}
	}
	return b
}

func newSides(front, back spread) sides {
	both := spread{front.mean, front.variance + back.variance - grain}
	return sides{
		known: true, front: front, back: back,
		odds:  1.5 * math.Log(back.variance/front.variance),
		alike: math.Exp(-both.apart(back.mean) / alikeScale),
	}
}

// tell is 1 for a colour that is plainly the sitter's, -1 for one that is plainly
// the background's, 0 for one that may be either's or is neither's.
func (s *sides) tell(pix []uint8) float64 {
	if !s.known {
		return 0
	}
	colour := [3]float64{float64(pix[0]), float64(pix[1]), float64(pix[2])}
	front, back := s.front.apart(colour), s.back.apart(colour)
	odds := 1.5*(back-front) + s.odds
	if odds < 0 {
		return -ramp(-odds, plainFrom, plainTo) * (1 - ramp(back, belongs, foreign))
	}
	return ramp(odds, plainFrom, plainTo) * (1 - ramp(front, belongs, foreign))
}
