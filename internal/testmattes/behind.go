package testmattes

import "math"

// Plain is one colour with the grain of a camera.
func Plain(c Colour) Layer {
	return func(x, y int) Colour { return c.plus(grain(x, y, 0.006)) }
}

// Gradient goes from one colour at the top to another at the bottom.
func Gradient(top, bottom Colour, height int) Layer {
	return func(x, y int) Colour {
		k := float64(y) / float64(height)
		return top.times(1 - k).add(bottom.times(k)).plus(grain(x, y, 0.006))
	}
}

// Noise is a wall of random stones, some twelve pixels each.
func Noise(seed uint32) Layer {
	return func(x, y int) Colour {
		fx, fy := float64(x)/12, float64(y)/12
		var c Colour
		for i := range c {
			c[i] = 0.25 + 0.5*smooth(fx, fy, seed+uint32(i)) + grain(x, y, 0.01)
		}
		return c
	}
}

// Stripes is a curtain: folds that run down.
func Stripes(c Colour, period float64) Layer {
	return func(x, y int) Colour {
		k := 0.75 + 0.25*math.Sin(2*math.Pi*(float64(x)+0.05*float64(y))/period)
		return c.times(k).plus(grain(x, y, 0.006))
	}
}

func (c Colour) times(k float64) Colour { return Colour{c[0] * k, c[1] * k, c[2] * k} }
func (c Colour) add(d Colour) Colour    { return Colour{c[0] + d[0], c[1] + d[1], c[2] + d[2]} }
func (c Colour) plus(v float64) Colour  { return Colour{c[0] + v, c[1] + v, c[2] + v} }

// hash mixes a place into a number in 0..1.
func hash(x, y int, seed uint32) float64 {
	h := uint32(x)*0x9e3779b1 ^ uint32(y)*0x85ebca77 ^ seed*0xc2b2ae3d
	h = (h ^ h>>15) * 0x2c1b3c6d
	h = (h ^ h>>12) * 0x297a2d39
	return float64(h^h>>15) / math.MaxUint32
}

// grain is noise of the given standard deviation, about.
func grain(x, y int, sigma float64) float64 {
	return sigma * 1.7 * (hash(x, y, 1) + hash(x, y, 2) - 1) * math.Sqrt2 * 1.02
}

// smooth is noise that is continuous in the plane.
func smooth(x, y float64, seed uint32) float64 {
	x0, y0 := math.Floor(x), math.Floor(y)
	ease := func(t float64) float64 { return t * t * (3 - 2*t) }
	fx, fy := ease(x-x0), ease(y-y0)
	at := func(dx, dy int) float64 { return hash(int(x0)+dx, int(y0)+dy, seed) }
	top := at(0, 0)*(1-fx) + at(1, 0)*fx
	low := at(0, 1)*(1-fx) + at(1, 1)*fx
	return top*(1-fy) + low*fy
}
