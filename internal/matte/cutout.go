package matte

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"math"

	"github.com/passportphotogenie/passportphotogenie/internal/matting"
)

// Cutout is a photo's sitter without what was behind: how much of each pixel is
// the sitter, and the colour of that share.
type Cutout struct {
	Alpha   []float32   // 0..1, row by row
	Colours *image.RGBA // opaque
}

// Refine finds the sitter's outline in a photo, hair by hair. The photo must be
// of the coarse matte's size, opaque, and begin at the origin.
func Refine(photo *image.RGBA, c *Coarse) (*Cutout, error) {
	if photo.Rect != image.Rect(0, 0, c.Width, c.Height) || photo.Rect.Empty() {
		return nil, fmt.Errorf("refine the matte: a photo of %v, a matte of %d x %d pixels", photo.Rect, c.Width, c.Height)
	}
	if h := c.Head; !h.Centre.Finite() || !(h.Height > 0) || math.IsInf(h.Height, 0) || math.IsNaN(h.Roll) || math.IsInf(h.Roll, 0) {
		return nil, errors.New("refine the matte: the head has no place or no size")
	}
	o := c.outline()
	t := c.trimap(o)
	alpha, err := matting.Alpha(photo, t, c.guess(o, photo, t))
	if err != nil {
		return nil, fmt.Errorf("refine the matte: %w", err)
	}
	o.settle(alpha, c.Width)
	colours, err := matting.Colours(photo, alpha)
	if err != nil {
		return nil, fmt.Errorf("refine the matte: %w", err)
	}
	return &Cutout{alpha, colours}, nil
}

// most is the alpha that is too little to be hair, far outside of the network's
// outline; inside of it, what lacks so little of 1 is no hole.
const most = 0.2

// settle clears the haze that is left beside the outline where something behind
// the head resembles it, and fills the shade of it inside. The further from the
// outline, the more is cleared.
func (o *outline) settle(alpha []float32, width int) {
	for i, a := range alpha {
		if a == 0 || a == 1 {
			continue
		}
		cell := o.at(i%width, i/width)
		away := float64(o.away[cell])
		if o.body.in[cell] {
			alpha[i] = min(a/(1-most*float32(ramp(away, inFrom, inTo))), 1)
		} else {
			cut := most * float32(ramp(away, 0, outTo))
			alpha[i] = max((a-cut)/(1-cut), 0)
		}
	}
}

// Over lays the sitter over a background of one colour, which must be opaque.
//
// It mixes the values as the file has them, not amounts of light. Alpha was
// found that way: it says how far a pixel's sRGB value lies between two others.
// Mixed as light, a pixel half covered by dark hair comes out at 188 of 255 on
// white instead of 128, so that hair looks thinner and edges bitten off.
func (c *Cutout) Over(background color.RGBA) *image.RGBA {
	out := image.NewRGBA(c.Colours.Rect)
	behind := [3]float32{float32(background.R), float32(background.G), float32(background.B)}
	for i, a := range c.Alpha {
		for k := range 3 {
			v := a*float32(c.Colours.Pix[4*i+k]) + (1-a)*behind[k]
			out.Pix[4*i+k] = uint8(v + 0.5)
		}
		out.Pix[4*i+3] = 255
	}
	return out
}

// CutOut returns the sitter on nothing, with straight alpha, as PNG has it.
func (c *Cutout) CutOut() *image.NRGBA {
	out := image.NewNRGBA(c.Colours.Rect)
	copy(out.Pix, c.Colours.Pix)
	for i, a := range c.Alpha {
		out.Pix[4*i+3] = uint8(255*a + 0.5)
	}
	return out
}
