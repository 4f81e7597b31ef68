// Package matte tells the person from what is behind. The segmentation network
// alone is easily fooled by what has the colour of hair, so it is asked several
// times: about squares of two sizes around the head, with what lies outside the
// picture black or continued, mirrored, and about the whole picture. Where the
// views agree the answer is sure. A network that sees finer is asked less often.
//
// All views are brought into one frame, a square around the head that stands
// level with the eyes.
package matte

import (
	"fmt"
	"image"
	"math"
	"slices"

	"github.com/passportphotogenie/passportphotogenie/internal/geom"
	"github.com/passportphotogenie/passportphotogenie/internal/raster"
)

// MaxSide is the largest side that a network's square input and output may have:
// a matte is kept with the photo, three bytes to a cell.
const MaxSide = 1024

// From fineSide cells a network is asked half as often. The closer views show
// the head in more cells, which it has anyhow; and such a network takes a second
// or several for each view where the small one takes a hundredth.
const fineSide = 300

// Sides of the squares around the head, in face heights.
const (
	frameSide = 2.9
	closeSide = 2.2
)

// What a cell must hold to be sure: the lowest of the views, or their median.
// Measured on composites with a known matte.
const (
	SurePerson     = 0.8
	SureBackground = 0.1
)

// Network answers with the soft matte of a square picture of MatteSide pixels a
// side: for its red, green and blue planes (0..1) as many values as one of them
// has, 0..1.
type Network interface {
	MatteSide() int
	Matte(planes []float32) ([]float32, error)
}

// Head is where to look.
type Head struct {
	Centre geom.Point // of the face, in picture pixels
	Height float64    // of the face, in picture pixels
	Roll   float64    // radians
}

// In returns the head in the pixels of another picture.
func (h Head) In(t geom.Similarity) Head {
	turn := geom.Point{X: t.A, Y: t.B}.Angle()
	return Head{Centre: t.Apply(h.Centre), Height: h.Height * t.Scale(), Roll: h.Roll + turn}
}

// Matte is what the views said, in one frame of square cells; the network that
// was asked gave their number.
type Matte struct {
	Head   Head
	Frame  raster.View
	Lowest []float32 // the lowest view: is it surely the person?
	Median []float32 // the middle one: the best single guess

	// Whole is what the view of the whole picture said, coarsely; outside the
	// frame there is nothing else.
	Whole      []float32
	WholeFrame raster.View
}

// Look asks the network for every view of the picture.
func Look(p *raster.Pyramid, head Head, net Network) (*Matte, error) {
	side := net.MatteSide()
	frame := raster.Square(head.Centre, frameSide*head.Height, head.Roll, side)
	var answers [][]float32
	m := &Matte{Head: head, Frame: frame}
	for _, v := range views(p.Bounds(), head, side) {
		answer, err := v.ask(p, net)
		if err != nil {
			return nil, err
		}
		answers = append(answers, inFrame(answer, v.View, frame))
		m.Whole, m.WholeFrame = answer, v.View // the last one stays
	}
	m.Lowest, m.Median = make([]float32, side*side), make([]float32, side*side)
	cell := make([]float32, len(answers))
	for i := range m.Median {
		for j, a := range answers {
			cell[j] = a[i]
		}
		slices.Sort(cell)
		m.Lowest[i] = stepped(cell[0])
		m.Median[i] = stepped((cell[(len(cell)-1)/2] + cell[len(cell)/2]) / 2)
	}
	for i, v := range m.Whole {
		m.Whole[i] = stepped(v)
	}
	return m, nil
}

// Steps is how finely a matte is told: it can be kept in bytes without loss, and
// is far less sure than that.
const Steps = 255

func stepped(v float32) float32 {
	return float32(math.Round(float64(v)*Steps)) / Steps
}

type view struct {
	raster.View
	mirrored bool
}

// views are the looks to take with a network of side cells; the whole picture is
// the last.
func views(picture image.Rectangle, h Head, side int) []view {
	square := func(heights float64, black bool) raster.View {
		v := raster.Square(h.Centre, heights*h.Height, h.Roll, side)
		v.Black = black
		return v
	}
	all := []view{
		{square(closeSide, false), false},
		{square(closeSide, true), true},
		{square(frameSide, true), false},
		{square(frameSide, false), false},
		{square(frameSide, false), true},
		{whole(picture, h.Roll, side), false},
	}
	if side >= fineSide {
		return all[3:]
	}
	return all
}

// whole covers all of the picture, level with the eyes.
func whole(picture image.Rectangle, roll float64, side int) raster.View {
	centre := geom.Point{X: float64(picture.Dx()) / 2, Y: float64(picture.Dy()) / 2}
	v := raster.Square(centre, float64(max(picture.Dx(), picture.Dy())), roll, side)
	v.Black = true
	return v
}

func (v view) ask(p *raster.Pyramid, net Network) ([]float32, error) {
	planes := make([]float32, 3*v.Size*v.Size)
	p.Planes(v.View, planes)
	if v.mirrored {
		planes = raster.Mirrored(planes, v.Size)
	}
	answer, err := net.Matte(planes)
	if err != nil {
		return nil, fmt.Errorf("segmentation network: %w", err)
	}
	if len(answer) != v.Size*v.Size {
		return nil, fmt.Errorf("segmentation network answered %d values", len(answer))
	}
	if v.mirrored {
		return raster.Mirrored(answer, v.Size), nil
	}
	return slices.Clone(answer), nil // the network reuses its output
}

// inFrame resamples a view's answer to the cells of the frame. What the view
// did not cover is taken from its nearest cell.
func inFrame(answer []float32, from, frame raster.View) []float32 {
	if from.ToPicture == frame.ToPicture {
		return answer
	}
	t := frame.ToPicture.Then(from.ToPicture.Inverse())
	out := make([]float32, frame.Size*frame.Size)
	for y := range frame.Size {
		for x := range frame.Size {
			q := t.Apply(geom.Point{X: float64(x) + 0.5, Y: float64(y) + 0.5})
			out[y*frame.Size+x] = at(answer, from.Size, q)
		}
	}
	return out
}

// at interpolates between the four nearest cells of a square of them.
func at(cells []float32, side int, q geom.Point) float32 {
	x := min(max(q.X-0.5, 0), float64(side-1))
	y := min(max(q.Y-0.5, 0), float64(side-1))
	x0, y0 := int(x), int(y)
	x1, y1 := min(x0+1, side-1), min(y0+1, side-1)
	fx, fy := float32(x)-float32(x0), float32(y)-float32(y0)
	top := cells[y0*side+x0]*(1-fx) + cells[y0*side+x1]*fx
	low := cells[y1*side+x0]*(1-fx) + cells[y1*side+x1]*fx
	return top*(1-fy) + low*fy
}
