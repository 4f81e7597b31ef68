package matting

import "math"

// epsilon is the variance, summed over a window's pixels, below which its
// colours count as one; it also keeps the inverse finite. On the drawn heads of
// package testmattes the error grew with it: by 2 to 26 % at 1e-6 and by 30 to
// 70 % at 1e-5 where the background was simple; over stones it fell by 4 %.
const epsilon = 1e-7

// pixels of a window.
const pixels = 9

// pairSlot is the slot of a window's pixel j in the row of its pixel i <= j.
var pairSlot = func() (slots [pixels][pixels]int) {
	for i := range pixels {
		for j := i; j < pixels; j++ {
			slots[i][j] = slot(j%3-i%3, j/3-i/3)
		}
	}
	return slots
}()

// addLaplacian adds the matting Laplacian: the sum over all windows w of
//
//	delta_ij - (1 + (I_i - mean_w)' (cov_w + epsilon/9)^-1 (I_j - mean_w)) / 9
//
// (Levin et al., equation 12). What it says of a known foreground pixel goes to
// the right-hand side. Windows without an unknown pixel say nothing.
func (s *system) addLaplacian(p *picture, t *Trimap) {
	for y := 1; y < t.Height-1; y++ {
		open := func(x int) bool {
			i := y*t.Width + x
			return t.Marks[i-t.Width] == Unknown || t.Marks[i] == Unknown || t.Marks[i+t.Width] == Unknown
		}
		last := 0 // the column up to which an unknown pixel is in reach
		for x := range t.Width {
			if open(x) {
				last = x + 3
			}
			if x >= 2 && x < last {
				s.addWindow(p, t, (y-1)*t.Width+x-2)
			}
		}
	}
}

// addWindow adds the window whose upper left pixel is the picture's pixel i.
func (s *system) addWindow(p *picture, t *Trimap, i int) {
	var number [pixels]int32
	var known [pixels]float32
	corner := s.place(i%t.Width, i/t.Width)
	for k := range pixels {
		number[k] = s.number[corner+k/3*s.stride+k%3]
		if t.Marks[i+k/3*t.Width+k%3] == Foreground {
			known[k] = 1
		}
	}
	c := centred(p, i)
	whiten(&c)
	for k, n := range number {
		if n >= 0 {
			s.rows[n][0] += float32(1 - 1.0/pixels - dot3(c[k], c[k]))
		}
		for l := k + 1; l < pixels; l++ {
			m := number[l]
			if n < 0 && m < 0 {
				continue
			}
			v := float32(-1.0/pixels - dot3(c[k], c[l]))
			switch {
			case n < 0:
				s.b[s.at[m]] -= v * known[k]
			case m < 0:
				s.b[s.at[n]] -= v * known[l]
			default:
				s.rows[n][pairSlot[k][l]] += v
			}
		}
	}
}

// centred returns the window's colours less their mean.
func centred(p *picture, i int) (c [pixels][3]float64) {
	var mean [3]float64
	for k := range pixels {
		colour := &p.at[i+k/3*p.width+k%3]
		for a := range 3 {
			c[k][a] = float64(colour[a])
			mean[a] += c[k][a] / pixels
		}
	}
	for k := range c {
		for a := range mean {
			c[k][a] -= mean[a]
		}
	}
	return c
}

// whiten turns the colours so that the scalar product of two of them is their
// term (I_i - mean)' (cov + epsilon/9)^-1 (I_j - mean) / 9: it multiplies by the
// inverse of the scatter matrix's Cholesky factor.
func whiten(c *[pixels][3]float64) {
	rr, gg, bb := epsilon, epsilon, epsilon
	var rg, rb, gb float64
	for _, v := range c {
		rr += v[0] * v[0]
		rg += v[0] * v[1]
		rb += v[0] * v[2]
		gg += v[1] * v[1]
		gb += v[1] * v[2]
		bb += v[2] * v[2]
	}
	l0 := 1 / math.Sqrt(rr)
	l10, l20 := rg*l0, rb*l0
	l1 := 1 / math.Sqrt(gg-l10*l10)
	l21 := (gb - l20*l10) * l1
	l2 := 1 / math.Sqrt(bb-l20*l20-l21*l21)
	for i := range c {
		v := &c[i]
		v[0] *= l0
		v[1] = (v[1] - l10*v[0]) * l1
		v[2] = (v[2] - l20*v[0] - l21*v[1]) * l2
	}
}

func dot3(a, b [3]float64) float64 { return a[0]*b[0] + a[1]*b[1] + a[2]*b[2] }
