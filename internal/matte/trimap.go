package matte

import (
	"math"

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
// pixel lies from it, in face heights.
type outline struct {
	body *region
	away []float32
}

func (c *Coarse) outline() *outline {
	o := &outline{body: c.sitter()}
	edge := make([]bool, len(o.body.in))
	for i, in := range o.body.in {
		if i%c.Width > 0 && o.body.in[i-1] != in {
			edge[i], edge[i-1] = true, true
		}
		if i >= c.Width && o.body.in[i-c.Width] != in {
			edge[i], edge[i-c.Width] = true, true
		}
	}
	o.away = distances(edge, c.Width)
	for i := range o.away {
		o.away[i] /= float32(c.Head.Height)
	}
	return o
}

// Trimap says of each pixel whether it is the sitter, or background, or has to
// be found out.
func (c *Coarse) Trimap() *matting.Trimap { return c.trimap(c.outline()) }

func (c *Coarse) trimap(o *outline) *matting.Trimap {
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
	r := math.Min(math.Max((v-from)/(to-from), 0), 1)
	return r * r * (3 - 2*r)
}
