package matte

import (
	"math"

	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

// person is the matte value from which a pixel counts as a person.
const person = 0.5

// The face is an ellipse well inside the outline of any face: half its height
// and width in face heights (forehead to chin). Faces are 0.7 to 0.8 times as
// wide as high. What lies in it, spectacles too, is the sitter.
const faceDown, faceAcross = 0.46, 0.32

// Other people's heads, in face heights from the centre of the sitter's face:
// what rises from below the chin to this much above it without being part of
// the sitter's head is not a shoulder.
const chinLevel, shoulderRise = 0.5, 0.3

// torso is half the width of the column below the chin that is the sitter's.
const torso = 0.45

// A hole of at least this area, in square face heights, whose middle the network
// is sure of, is a look at the background: under an arm, between hair and neck.
const leastHole = 0.05 * 0.05

// toFace maps the photo's pixels to face heights from the face's centre, across
// and down along its own axes.
func (c *Coarse) toFace() geom.Similarity {
	shift := geom.Similarity{A: 1, X: -c.Head.Centre.X, Y: -c.Head.Centre.Y}
	return shift.Then(geom.Turn(geom.Point{}, -c.Head.Roll, 1/c.Head.Height))
}

// seen is where the centre of pixel i lies.
func (c *Coarse) seen(t geom.Similarity, i int) geom.Point {
	return t.Apply(geom.Point{X: float64(i%c.Width) + 0.5, Y: float64(i/c.Width) + 0.5})
}

func inFace(p geom.Point) bool {
	across, down := p.X/faceAcross, p.Y/faceDown
	return across*across+down*down <= 1
}

// sitter returns the pixels of the person whose face it is: what hangs together
// with the face, less other people, and without holes that are none.
func (c *Coarse) sitter() *region {
	body, face := newRegion(c.Width, c.Height), []int{}
	toFace := c.toFace()
	for i, v := range c.Median {
		body.in[i] = v >= person
		if inFace(c.seen(toFace, i)) {
			body.in[i] = true
			face = append(face, i)
		}
	}
	body = c.withoutOthers(body.reach(face), face)
	c.fillHoles(body)
	return body
}

// withoutOthers cuts off people who touch the sitter's shoulders. Their heads
// are known by having no way to the sitter's above the chin; what is below is
// shared out by who is nearer.
func (c *Coarse) withoutOthers(body *region, face []int) *region {
	above, column := newRegion(c.Width, c.Height), []int{}
	toFace := c.toFace()
	for i, in := range body.in {
		p := c.seen(toFace, i)
		above.in[i] = in && p.Y < chinLevel
		if in && p.Y >= chinLevel && math.Abs(p.X) < torso {
			column = append(column, i)
		}
	}
	head := above.reach(face)
	var others []int
	for _, part := range above.parts() {
		if !head.in[part[0]] && c.rises(part) {
			others = append(others, part...)
		}
	}
	if len(others) == 0 {
		return body
	}
	ours := body.nearer(append(column, head.members()...), others)
	return ours.reach(face)
}

// rises reports whether the part is too high for a shoulder.
func (c *Coarse) rises(part []int) bool {
	toFace := c.toFace()
	for _, i := range part {
		if c.seen(toFace, i).Y < chinLevel-shoulderRise {
			return true
		}
	}
	return false
}

// fillHoles adds what the person surrounds, unless it is surely background.
func (c *Coarse) fillHoles(body *region) {
	outside := newRegion(c.Width, c.Height)
	for i, in := range body.in {
		outside.in[i] = !in
	}
	for _, part := range outside.parts() {
		if c.touchesEdge(part) || c.isBackground(part) {
			continue
		}
		for _, i := range part {
			body.in[i] = true
		}
	}
}

func (c *Coarse) touchesEdge(part []int) bool {
	for _, i := range part {
		if x, y := i%c.Width, i/c.Width; x == 0 || y == 0 || x == c.Width-1 || y == c.Height-1 {
			return true
		}
	}
	return false
}

func (c *Coarse) isBackground(part []int) bool {
	if float64(len(part)) < leastHole*c.Head.Height*c.Head.Height {
		return false
	}
	for _, i := range part {
		if c.Median[i] < SureBackground {
			return true
		}
	}
	return false
}
