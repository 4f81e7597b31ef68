package matting

import (
	"fmt"
	"image"
)

// Colours returns the colour of the foreground's share of each pixel, so
// that it can be laid over another background without taking the old one's
// colour along. Where alpha is 1 that is the picture's own colour, untouched;
// where alpha is 0 it is some colour from nearby.
//
// The method is T. Germer, T. Uelwer, S. Conrad, S. Harmeling, "Fast Multi-Level
// Foreground Estimation", ICPR 2020: the foreground's and the background's
// colours are sought that mix to the picture's and change little where alpha
// does not. A few sweeps at each size from a single pixel on, each beginning
// with the colours found at half the size, are enough.
func Colours(img *image.RGBA, alpha []float32) (*image.RGBA, error) {
	if err := fits(img, len(alpha)); err != nil {
		return nil, fmt.Errorf("foreground colours: %w", err)
	}
	p := newPicture(img)
	colours := layersOf(p, alpha)
	out := image.NewRGBA(img.Rect)
	for i := range alpha {
		x, y := i%p.width, i/p.width
		to, from := out.Pix[out.PixOffset(x, y):][:4], img.Pix[img.PixOffset(x, y):][:4]
		if alpha[i] == 1 {
			copy(to, from)
			continue
		}
		for c := range 3 {
			to[c] = uint8(255*colours[i].front[c] + 0.5) // 0..1 each
		}
		to[3] = 255
	}
	return out, nil
}

// layers are the two colours that a pixel is mixed of.
type layers struct{ front, back rgb }

// Sweeps over a picture and, since they cost nothing, over a small one; and
// what a difference between neighbours costs where alpha is the same and where
// it is not. The values are the paper's.
const (
	sweeps, sweepsSmall = 2, 10
	small               = 32
	regularisation      = 1e-5
	gradientWeight      = 1
)

func layersOf(p *picture, alpha []float32) []layers {
	if p.width == 1 && p.height == 1 {
		return []layers{{p.at[0], p.at[0]}}
	}
	q, a := skip(p, alpha)
	l := &mixture{p, alpha, enlargeLayers(layersOf(q, a), p.width, p.height)}
	n := sweeps
	if p.width <= small && p.height <= small {
		n = sweepsSmall
	}
	for i, v := range alpha { // nothing to seek: it is plain to see
		switch v {
		case 0:
			l.at[i].back = p.at[i]
		case 1:
			l.at[i].front = p.at[i]
		}
	}
	for range n {
		l.sweep()
	}
	return l.at
}

// skip takes every other pixel. Averages would mix colours that no alpha can
// take apart again.
func skip(p *picture, alpha []float32) (*picture, []float32) {
	q := &picture{width: (p.width + 1) / 2, height: (p.height + 1) / 2}
	q.at = make([]rgb, q.width*q.height)
	a := make([]float32, len(q.at))
	for y := range q.height {
		for x := range q.width {
			q.at[y*q.width+x] = p.at[2*y*p.width+2*x]
			a[y*q.width+x] = alpha[2*y*p.width+2*x]
		}
	}
	return q, a
}

func enlargeLayers(coarse []layers, width, height int) []layers {
	out := make([]layers, width*height)
	w := (width + 1) / 2
	for y := range height {
		row := coarse[y/2*w:]
		for x := range width {
			out[y*width+x] = row[x/2]
		}
	}
	return out
}

// mixture is a picture, its alpha, and the layers that it is taken apart into.
type mixture struct {
	*picture
	alpha []float32
	at    []layers
}

// sweep solves each pixel that is a mixture for its two colours, given its
// neighbours'. In a small picture it solves all of them, to spread the layers'
// colours to where they are hidden.
func (m *mixture) sweep() {
	all := m.width <= small && m.height <= small
	for y := range m.height {
		for x := range m.width {
			i := y*m.width + x
			if a := m.alpha[i]; all || a > 0 && a < 1 {
				m.solve(i, [4]int{
					y*m.width + max(x-1, 0), y*m.width + min(x+1, m.width-1),
					max(y-1, 0)*m.width + x, min(y+1, m.height-1)*m.width + x,
				})
			}
		}
	}
}

func (m *mixture) solve(i int, neighbours [4]int) {
	a0, a1 := m.alpha[i], 1-m.alpha[i]
	var front, back rgb
	for c, v := range m.picture.at[i] {
		front[c], back[c] = a0*v, a1*v
	}
	var sum float32
	for _, j := range neighbours {
		d := a0 - m.alpha[j]
		w := regularisation + gradientWeight*max(d, -d)
		sum += w
		n := &m.at[j]
		for c := range 3 {
			front[c] += w * n.front[c]
			back[c] += w * n.back[c]
		}
	}
	a00, a01, a11 := a0*a0+sum, a0*a1, a1*a1+sum
	inverse := 1 / (a00*a11 - a01*a01)
	for c := range 3 {
		f := inverse * (a11*front[c] - a01*back[c])
		b := inverse * (a00*back[c] - a01*front[c])
		m.at[i].front[c] = min(max(f, 0), 1)
		m.at[i].back[c] = min(max(b, 0), 1)
	}
}
