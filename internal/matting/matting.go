// Package matting finds how much of each pixel along an outline belongs to the
// foreground (its alpha), and what colour that share of it has, when the pixels
// around are known. It is about pictures in numbers and knows nothing of people.
//
// Alpha is found by closed-form matting: A. Levin, D. Lischinski, Y. Weiss, "A
// Closed-Form Solution to Natural Image Matting", IEEE Transactions on Pattern
// Analysis and Machine Intelligence 30(2), 2008. Where the foreground's and the
// background's colours each lie on a line within every 3 x 3 window, alpha is a
// linear function of colour there, and the best alpha solves one sparse linear
// system. It is set up over the unknown pixels alone and solved by conjugate
// gradients, from the solution at half the size as a first guess. Pixels about
// which that one leaves no doubt are known from then on, as the paper does it, so
// that what it costs follows the outline and not the picture.
//
// Numbers are float32: against float64 alpha differs in the fourth decimal,
// less than a step of an 8-bit picture, and half the memory moves.
package matting

import (
	"fmt"
	"image"
)

// Guess is an idea of alpha from elsewhere, which decides where the colours say
// nothing: both have a value for each pixel of the picture. Weight is what the
// squared difference from Alpha costs, 0 or more; a pixel's own equation weighs
// about 8 and mostWeight is as good as knowing.
type Guess struct{ Alpha, Weight []float32 }

const mostWeight = 1e4

// smallest is the number of unknown pixels that are solved without first
// looking at half the size.
const smallest = 500

// Alpha returns the foreground's share of each pixel, 0..1, row by row. Known
// pixels are exactly 0 and 1. The guess may be nil. The picture must be opaque
// and begin at the origin.
func Alpha(img *image.RGBA, t *Trimap, g *Guess) ([]float32, error) {
	if err := fits(img, len(t.Marks)); err != nil {
		return nil, fmt.Errorf("matting: %w", err)
	}
	if t.Width != img.Rect.Dx() {
		return nil, fmt.Errorf("matting: a trimap %d wide for a picture %d wide", t.Width, img.Rect.Dx())
	}
	if err := g.fits(len(t.Marks)); err != nil {
		return nil, fmt.Errorf("matting: %w", err)
	}
	alpha := solve(newPicture(img), t, g)
	for i, a := range alpha {
		alpha[i] = min(max(a, 0), 1)
	}
	return alpha, nil
}

func solve(p *picture, t *Trimap, g *Guess) []float32 {
	var coarse []float32
	if t.Unknown() > smallest {
		half := t.half()
		coarse = solve(p.half(), half, g.half(t.Width))
		t = t.from(half.decided(coarse))
	}
	s := newSystem(t)
	s.addLaplacian(p, t)
	if g != nil {
		s.prefer(g, t.Width)
	}
	x := s.vector()
	if coarse != nil {
		s.enlarge(coarse, x)
	} else {
		for _, at := range s.at {
			x[at] = 0.5
		}
	}
	s.improve(x)
	return s.picture(x, t)
}

// picture returns the solution with the known pixels in their places.
func (s *system) picture(x []float32, t *Trimap) []float32 {
	alpha := make([]float32, len(t.Marks))
	for i, m := range t.Marks {
		switch m {
		case Foreground:
			alpha[i] = 1
		case Unknown:
			alpha[i] = x[s.place(i%t.Width, i/t.Width)]
		}
	}
	return alpha
}

// enlarge sets x to alpha at half the size, interpolated between pixels.
func (s *system) enlarge(alpha []float32, x []float32) {
	width := (s.stride - 2*reach + 1) / 2
	height := len(alpha) / width
	for _, at := range s.at {
		u, v := int(at)%s.stride-reach, int(at)/s.stride-reach
		x0, y0 := u/2, v/2
		x1 := min(max(x0+u%2*2-1, 0), width-1)
		y1 := min(max(y0+v%2*2-1, 0), height-1)
		x[at] = (9*alpha[y0*width+x0] + 3*alpha[y0*width+x1] + 3*alpha[y1*width+x0] + alpha[y1*width+x1]) / 16
	}
}

func (g *Guess) fits(n int) error {
	if g == nil {
		return nil
	}
	if len(g.Alpha) != n || len(g.Weight) != n {
		return fmt.Errorf("a guess of %d and %d values for %d pixels", len(g.Alpha), len(g.Weight), n)
	}
	for i, w := range g.Weight {
		if a := g.Alpha[i]; !(w >= 0 && w <= mostWeight && a >= 0 && a <= 1) {
			return fmt.Errorf("a guess of %v with the weight %v", a, w)
		}
	}
	return nil
}

// half returns the guess at half the size. The weights of the four pixels add
// up, as the equations of a surface that varies slowly do.
func (g *Guess) half(width int) *Guess {
	if g == nil {
		return nil
	}
	height := len(g.Alpha) / width
	w, h := (width+1)/2, (height+1)/2
	out := &Guess{make([]float32, w*h), make([]float32, w*h)}
	for i := range out.Alpha {
		x0, y0 := 2*(i%w), 2*(i/w)
		x1, y1 := min(x0+1, width-1), min(y0+1, height-1)
		for _, j := range [...]int{y0*width + x0, y0*width + x1, y1*width + x0, y1*width + x1} {
			out.Alpha[i] += g.Alpha[j] / 4
			out.Weight[i] += g.Weight[j]
		}
	}
	return out
}
