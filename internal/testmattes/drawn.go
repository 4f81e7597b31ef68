package testmattes

import (
	"math"
	"math/rand/v2"
)

// fine is how many times finer than the picture a drawn head is.
const fine = 8

// Sitter is a drawn head and shoulders in a square picture.
type Sitter struct {
	Size              int // side of the picture, px
	Hair, Skin, Shirt Colour
	Strands           int // single hairs around the head
}

// ink is what a fine cell holds.
type ink uint8

const (
	nothing ink = iota
	skin
	shirt
	hair // and all above it: strands of several shades
)

const shades = 5

// Draw draws the sitter in front of the layer.
func (s Sitter) Draw(name string, behind Layer) *Truth {
	n := s.Size * fine
	cells := make([]ink, n*n)
	s.shape(cells, n)
	rng := rand.New(rand.NewPCG(7, 11))
	for range s.Strands {
		strand(cells, n, rng)
	}
	alpha, fg := s.reduce(cells, n)
	return compose(name, s.Size, alpha, fg, behind)
}

// The head's place, in shares of the picture's side.
const (
	headX, headY   = 0.5, 0.42
	headRX, headRY = 0.19, 0.27
	hairRX, hairRY = 0.215, 0.29
)

func (s Sitter) shape(cells []ink, n int) {
	for y := range n {
		for x := range n {
			u, v := float64(x)/float64(n), float64(y)/float64(n)
			switch {
			case inEllipse(u, v, headX, headY+0.06, headRX*0.85, headRY*0.82):
				cells[y*n+x] = skin
			case inEllipse(u, v, headX, headY, hairRX, hairRY) && v < headY+0.12:
				cells[y*n+x] = hair + ink(hash(x/fine, 0, 5)*shades)
			case inEllipse(u, v, headX, 1.05, 0.42, 0.33):
				cells[y*n+x] = shirt
			case math.Abs(u-headX) < 0.09 && v > headY && v < 0.9:
				cells[y*n+x] = skin
			}
		}
	}
}

func inEllipse(u, v, x, y, rx, ry float64) bool {
	du, dv := (u-x)/rx, (v-y)/ry
	return du*du+dv*dv < 1
}

// strand draws one hair: from the hair's edge outwards, bending as it goes.
func strand(cells []ink, n int, rng *rand.Rand) {
	t := math.Pi * (1 + rng.Float64()) // upper half
	if rng.Float64() < 0.3 {
		t = math.Pi*(1-0.1*rng.Float64()) + math.Pi*1.1*float64(rng.IntN(2))
	}
	u := headX + hairRX*0.97*math.Cos(t)
	v := headY + hairRY*0.97*math.Sin(t)
	direction := t + rng.NormFloat64()*0.5
	bend := rng.NormFloat64() * 6
	length := 0.02 + 0.07*rng.Float64()*rng.Float64()
	width := (0.5 + 0.9*rng.Float64()) / 600 // of the side
	shade := hair + ink(rng.IntN(shades))
	step := 1 / float64(2*n)
	for l := 0.0; l < length; l += step {
		radius := width / 2 * (1 - 0.6*l/length) * float64(n)
		stamp(cells, n, u*float64(n), v*float64(n), math.Max(radius, 0.7), shade)
		u += step * math.Cos(direction)
		v += step * math.Sin(direction)
		direction += bend * step
	}
}

func stamp(cells []ink, n int, x, y, radius float64, shade ink) {
	for j := int(y - radius); j <= int(y+radius); j++ {
		for i := int(x - radius); i <= int(x+radius); i++ {
			dx, dy := float64(i)+0.5-x, float64(j)+0.5-y
			if i >= 0 && j >= 0 && i < n && j < n && dx*dx+dy*dy <= radius*radius {
				cells[j*n+i] = shade
			}
		}
	}
}

// reduce averages the fine cells of each pixel.
func (s Sitter) reduce(cells []ink, n int) ([]float32, []Colour) {
	alpha, fg := make([]float32, s.Size*s.Size), make([]Colour, s.Size*s.Size)
	for i := range alpha {
		x, y := i%s.Size, i/s.Size
		var sum Colour
		count := 0
		for dy := range fine {
			for dx := range fine {
				if c := cells[(y*fine+dy)*n+x*fine+dx]; c != nothing {
					sum = sum.add(s.colour(c))
					count++
				}
			}
		}
		if count > 0 {
			fg[i] = sum.times(1 / float64(count)).times(shading(x, y, s.Size)).plus(grain(x, y, 0.006))
		}
		alpha[i] = float32(count) / (fine * fine)
	}
	return alpha, fg
}

func (s Sitter) colour(c ink) Colour {
	switch c {
	case skin:
		return s.Skin
	case shirt:
		return s.Shirt
	}
	return s.Hair.times(0.8 + 0.4*float64(c-hair)/(shades-1))
}

// shading is soft light and folds of cloth.
func shading(x, y, size int) float64 {
	u, v := 14*float64(x)/float64(size), 14*float64(y)/float64(size)
	return 0.94 + 0.06*smooth(u, v, 9)
}
