package matting

import (
	"errors"
	"fmt"
	"image"
	"slices"
)

// Mark is what is known of a pixel beforehand.
type Mark uint8

// The marks.
const (
	Background Mark = iota
	Unknown
	Foreground
)

// Trimap marks every pixel of a picture, row by row.
type Trimap struct {
	Width, Height int
	Marks         []Mark
}

// NewTrimap returns a trimap that is background everywhere.
func NewTrimap(width, height int) *Trimap {
	return &Trimap{Width: width, Height: height, Marks: make([]Mark, width*height)}
}

// Unknown counts the pixels whose alpha is sought.
func (t *Trimap) Unknown() int {
	n := 0
	for _, m := range t.Marks {
		if m == Unknown {
			n++
		}
	}
	return n
}

// half returns the trimap of the picture at half its size: a pixel is known
// only where the four that it stands for say the same.
func (t *Trimap) half() *Trimap {
	h := NewTrimap((t.Width+1)/2, (t.Height+1)/2)
	for y := range h.Height {
		top := t.Marks[2*y*t.Width:][:t.Width]
		low := t.Marks[min(2*y+1, t.Height-1)*t.Width:][:t.Width]
		for x := range h.Width {
			x0, x1 := 2*x, min(2*x+1, t.Width-1)
			m := top[x0]
			if top[x1] != m || low[x0] != m || low[x1] != m {
				m = Unknown
			}
			h.Marks[y*h.Width+x] = m
		}
	}
	return h
}

// doubt is how far from 0 or 1 alpha at half the size may be to leave none. On
// the cases of package testmattes more of it lowered the error and the time, up
// to 0.06; from 0.08 on single hairs were lost.
const doubt = 0.05

// decided returns the trimap with those unknown pixels known about which alpha
// leaves no doubt: it is 0, or 1, there and all around.
func (t *Trimap) decided(alpha []float32) *Trimap {
	out := &Trimap{t.Width, t.Height, slices.Clone(t.Marks)}
	for i, m := range t.Marks {
		if m != Unknown {
			continue
		}
		switch lowest, highest := t.around(alpha, i); {
		case highest < doubt:
			out.Marks[i] = Background
		case lowest > 1-doubt:
			out.Marks[i] = Foreground
		}
	}
	return out
}

// around returns the lowest and the highest of a pixel's value and its
// neighbours'.
func (t *Trimap) around(values []float32, i int) (lowest, highest float32) {
	x, y := i%t.Width, i/t.Width
	lowest, highest = values[i], values[i]
	for v := max(y-1, 0); v <= min(y+1, t.Height-1); v++ {
		for u := max(x-1, 0); u <= min(x+1, t.Width-1); u++ {
			lowest, highest = min(lowest, values[v*t.Width+u]), max(highest, values[v*t.Width+u])
		}
	}
	return lowest, highest
}

// from returns the trimap with what is known of it at half the size.
func (t *Trimap) from(half *Trimap) *Trimap {
	out := &Trimap{t.Width, t.Height, slices.Clone(t.Marks)}
	for i, m := range t.Marks {
		if m == Unknown {
			out.Marks[i] = half.Marks[i/t.Width/2*half.Width+i%t.Width/2]
		}
	}
	return out
}

// fits reports why the picture and a value for each of its pixels can't belong
// together.
func fits(img *image.RGBA, values int) error {
	switch {
	case img.Rect.Empty():
		return errors.New("a picture without pixels")
	case img.Rect.Min != (image.Point{}):
		return fmt.Errorf("a picture that begins at %v, not at the origin", img.Rect.Min)
	case values != img.Rect.Dx()*img.Rect.Dy():
		return fmt.Errorf("%d values for a picture of %d x %d pixels", values, img.Rect.Dx(), img.Rect.Dy())
	}
	return nil
}
