package matte

import (
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
	"github.com/passportphotogenie/passportphotogenie/internal/matting"
)

// How wide the unknown band is, in face heights.
const (
	// Beyond this distance from the sitter's outline, outwards or inwards, the
	// network's doubts count for nothing.
	doubtOut, doubtIn = 0.14, 0.10
	// The band reaches this much further than the doubts: around the head for
	// hair that the network does not see, along shoulders for its blur.
	aroundHair, alongShoulders = 0.05, 0.025
	// Hair ends between these distances from the face's centre.
	hairNear, hairFar = 1.0, 1.5
)

// outline is the sitter's silhouette as the network draws it, and how far each
// cell lies from it, in face heights. A cell is 2 x 2 pixels of the photo: the
// network's own are larger still.
type outline struct {
	cells *Coarse
	body  *region
	away  []float32
}

func (c *Coarse) outline() *outline {
	h := c.half()
	o := &outline{cells: h, body: h.sitter()}
	edge := make([]bool, len(o.body.in))
	for i, in := range o.body.in {
		if i%h.Width > 0 && o.body.in[i-1] != in {
			edge[i], edge[i-1] = true, true
		}
		if i >= h.Width && o.body.in[i-h.Width] != in {
			edge[i], edge[i-h.Width] = true, true
		}
	}
	o.away = distances(edge, h.Width)
	for i := range o.away {
		o.away[i] /= float32(h.Head.Height)
	}
	return o
}

// half is the matte at half the photo's size.
func (c *Coarse) half() *Coarse {
	h := &Coarse{Width: (c.Width + 1) / 2, Height: (c.Height + 1) / 2, Head: c.Head.In(geom.Similarity{A: 0.5})}
	h.Lowest, h.Median = make([]float32, h.Width*h.Height), make([]float32, h.Width*h.Height)
	for i := range h.Median {
		x0, y0 := i%h.Width*2, i/h.Width*2
		x1, y1 := min(x0+1, c.Width-1), min(y0+1, c.Height-1)
		for _, j := range [...]int{y0*c.Width + x0, y0*c.Width + x1, y1*c.Width + x0, y1*c.Width + x1} {
			h.Lowest[i] += c.Lowest[j] / 4
			h.Median[i] += c.Median[j] / 4
		}
	}
	return h
}

// at is the cell of the photo's pixel.
func (o *outline) at(x, y int) int { return y/2*o.cells.Width + x/2 }

// Trimap says of each of the photo's pixels whether it is the sitter, or
// background, or has to be found out.
func (c *Coarse) Trimap() *matting.Trimap { return c.trimap(c.outline()) }

func (c *Coarse) trimap(o *outline) *matting.Trimap {
	cells := o.trimap()
	t := matting.NewTrimap(c.Width, c.Height)
	for i := range t.Marks {
		t.Marks[i] = cells.Marks[o.at(i%c.Width, i/c.Width)]
	}
	return t
}

func (o *outline) trimap() *matting.Trimap {
	c := o.cells
	doubts := make([]bool, len(o.away))
	for i, in := range o.body.in {
		doubts[i] = o.away[i] == 0 ||
			in && c.Lowest[i] < SurePerson && o.away[i] < doubtIn ||
			!in && c.Median[i] > SureBackground && o.away[i] < doubtOut
	}
	doubt := distances(doubts, c.Width)
	toFace := c.toFace()
	t := matting.NewTrimap(c.Width, c.Height)
	for i, in := range o.body.in {
		p := c.seen(toFace, i)
		switch {
		case inFace(p):
			t.Marks[i] = matting.Foreground
		case float64(doubt[i]) < bandWidth(p.Length())*c.Head.Height:
			t.Marks[i] = matting.Unknown
		case in:
			t.Marks[i] = matting.Foreground
		}
	}
	return t
}

// bandWidth at a distance from the face's centre, both in face heights.
func bandWidth(distance float64) float64 {
	return aroundHair + (alongShoulders-aroundHair)*ramp(distance, hairNear, hairFar)
}

// ramp rises smoothly from 0 to 1 while v goes from one value to the other.
func ramp(v, from, to float64) float64 {
	r := min(max((v-from)/(to-from), 0), 1)
	return r * r * (3 - 2*r)
}
