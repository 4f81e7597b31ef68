package face

import (
	"math"

	"github.com/passportphotogenie/passportphotogenie/internal/matte"
)

// person is the matte value from which a cell counts as the person.
const person = 0.5

// The head's top is followed upwards until it is narrower than narrow face
// widths: what goes on above that is a bun, a plume or a strand, which no
// authority measures to.
const narrow = 0.35

// hairTop returns the height of the hair's top above the chin, in picture
// pixels, as the matte shows it.
//
// It walks up from the brow, row by row, along the run of person cells on the
// face's axis. The row where the run becomes narrow lies a little under the top
// of the dome; an ellipse as wide as the widest run gives how much. When the
// matte never narrows, the height of its frame comes back, which Measure then
// distrusts.
func hairTop(m *matte.Matte, h Head) float64 {
	toCells := m.Frame.ToPicture.Inverse()
	eyes, chin := toCells.Apply(h.EyeMid()), toCells.Apply(h.Chin)
	faceWidth := h.Width * toCells.Scale()
	t := chin.Y - eyes.Y

	widest, last := faceWidth, faceWidth
	row := int(eyes.Y - 0.3*t)
	top := 0.0
	for ; row >= 0; row-- {
		width := runWidth(m, row, eyes.X, faceWidth)
		if width < narrow*faceWidth {
			// Between this row's centre and the last one's the width passed
			// the limit.
			top = float64(row) + 0.5 + (narrow*faceWidth-width)/math.Max(last-width, 1e-9)
			break
		}
		widest, last = math.Max(widest, width), width
	}
	if row >= 0 {
		top -= dome(narrow*faceWidth, widest)
	}
	return (chin.Y - top) / toCells.Scale()
}

// dome is how far an ellipse's top lies above its chord: half as high as wide.
func dome(chord, width float64) float64 {
	share := math.Min(chord/width, 1)
	return width / 2 * (1 - math.Sqrt(1-share*share))
}

// runWidth returns the width in cells of the run of person cells in the row
// that is nearest to the axis, or 0 if none begins within a fifth of a face width.
func runWidth(m *matte.Matte, row int, axis, faceWidth float64) float64 {
	start, found := nearest(m, row, axis, faceWidth/5)
	if !found {
		return 0
	}
	left := edge(m, row, start, -1, faceWidth)
	right := edge(m, row, start, +1, faceWidth)
	return right - left
}

func nearest(m *matte.Matte, row int, axis, reach float64) (int, bool) {
	for d := 0; float64(d) <= reach; d++ {
		for _, x := range []int{int(axis) - d, int(axis) + d} {
			if cell(m, row, x) >= person {
				return x, true
			}
		}
	}
	return 0, false
}

// edge walks from start in the direction until the matte falls below person,
// and returns where between the two cells' centres it crosses.
func edge(m *matte.Matte, row, start, step int, reach float64) float64 {
	x := start
	for cell(m, row, x+step) >= person && math.Abs(float64(x-start)) < reach {
		x += step
	}
	in, out := cell(m, row, x), cell(m, row, x+step)
	share := 0.0
	if in > out && out < person {
		share = (in - person) / (in - out)
	}
	return float64(x) + 0.5 + float64(step)*share
}

func cell(m *matte.Matte, row, x int) float64 {
	if x < 0 || x >= m.Frame.Size {
		return 0
	}
	return float64(m.Median[row*m.Frame.Size+x])
}
