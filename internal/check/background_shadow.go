package check

import (
	"math"
	"slices"

	"github.com/lucasb-eyer/go-colorful"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

// blockSide is that of the blocks whose means a shadow is looked for in: smaller
// things are no shadow.
const blockSide = 8

// shades is how light the wall is in blocks, in L*; NaN where a block is not all wall.
type shades struct {
	columns int
	light   []float64
}

func (w *wall) shades() shades {
	width, height := w.img.Rect.Dx()/blockSide, w.img.Rect.Dy()/blockSide
	s := shades{width, make([]float64, width*height)}
	for i := range s.light {
		s.light[i] = math.NaN()
		if mean, ok := w.mean(i%width*blockSide, i/width*blockSide); ok {
			light, _, _ := mean.Lab()
			s.light[i] = 100 * light
		}
	}
	return s
}

// mean is the colour of a block all of which is clear.
func (w *wall) mean(x0, y0 int) (colorful.Color, bool) {
	var sum [3]float64
	for y := y0; y < y0+blockSide; y++ {
		for x := x0; x < x0+blockSide; x++ {
			i := y*w.img.Rect.Dx() + x
			if !w.clear[i] {
				return colorful.Color{}, false
			}
			for c := range sum {
				sum[c] += float64(w.img.Pix[4*i+c])
			}
		}
	}
	const n = 255 * blockSide * blockSide
	return colorful.Color{R: sum[0] / n, G: sum[1] / n, B: sum[2] / n}, true
}

// leastBlocksOfWall is how many blocks must be wall for some to be called dark.
const leastBlocksOfWall = 4

// shadow returns by how much the darkest blocks of the wall are darker than its bright
// ones, in L*, and the corners of the darkest place: the blocks around the darkest one
// that are darker than passes.
func (w *wall) shadow() (depth float64, at []geom.Point) {
	s := w.shades()
	known := slices.DeleteFunc(slices.Clone(s.light), math.IsNaN)
	if len(known) < leastBlocksOfWall {
		return 0, nil
	}
	slices.Sort(known)
	bright := known[len(known)*4/5]
	back := w.toLevel.Inverse()
	for _, i := range s.around(slices.Index(s.light, known[0]), bright-mostShadow.least()) {
		x, y := float64(i%s.columns*blockSide), float64(i/s.columns*blockSide)
		at = append(at, back.Apply(geom.Point{X: x, Y: y}), back.Apply(geom.Point{X: x + blockSide, Y: y + blockSide}))
	}
	return bright - known[len(known)/50], at
}

// around lists the blocks darker than the limit that hang together with one by their
// sides.
func (s shades) around(start int, limit float64) []int {
	if !(s.light[start] < limit) {
		return nil
	}
	seen, found := map[int]bool{start: true}, []int{start}
	visit := func(i int) {
		if !seen[i] && s.light[i] < limit {
			seen[i] = true
			found = append(found, i)
		}
	}
	for k := 0; k < len(found); k++ {
		i := found[k]
		if i%s.columns > 0 {
			visit(i - 1)
		}
		if i%s.columns < s.columns-1 {
			visit(i + 1)
		}
		if i >= s.columns {
			visit(i - s.columns)
		}
		if i+s.columns < len(s.light) {
			visit(i + s.columns)
		}
	}
	return found
}

func backgroundShadow(in Input) Check {
	b := in.background()
	return mostShadow.reading(b.Shadow, Percent).check(BackgroundShadow, docspec.Baseline, map[Outcome]string{
		Pass:        "There is no shadow on the background.",
		Warn:        "The background is darker in one place. Step away from the wall, so that your shadow falls on the floor" + in.orReplace() + ".",
		Fail:        "There is a shadow on the background, or something dark. Step half a metre away from the wall, with the light from the front, and take another picture" + in.orReplace() + ".",
		NotAssessed: noBackground,
	}).finished().at(in.around(b.ShadowAt))
}
