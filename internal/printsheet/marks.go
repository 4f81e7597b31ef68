package printsheet

import "github.com/passportphotogenie/passportphotogenie/internal/geom"

// How cut marks are drawn.
const (
	markGap    geom.MM = 0.3 // photo to mark: a cut that is a little off shows no ink
	markLength geom.MM = 2.2
	markStroke geom.MM = 0.15
)

// cutMarks returns two short strokes at each corner of each photo, on the lines
// of its edges, outside it. They meet no neighbour and stay clear of the
// paper's edge.
func cutMarks(paper Size, photos []Rect) []Rect {
	var marks []Rect
	for i, p := range photos {
		reach := markLength
		for j, q := range photos {
			if i != j {
				reach = min(reach, apart(p, q)/2)
			}
		}
		left, right := max(Clear, p.X-reach), min(paper.W-Clear, p.X+p.W+reach)
		top, bottom := max(Clear, p.Y-reach), min(paper.H-Clear, p.Y+p.H+reach)
		for _, y := range []geom.MM{p.Y, p.Y + p.H} {
			marks = append(marks,
				Rect{left, y - markStroke/2, p.X - markGap - left, markStroke},
				Rect{p.X + p.W + markGap, y - markStroke/2, right - p.X - p.W - markGap, markStroke})
		}
		for _, x := range []geom.MM{p.X, p.X + p.W} {
			marks = append(marks,
				Rect{x - markStroke/2, top, markStroke, p.Y - markGap - top},
				Rect{x - markStroke/2, p.Y + p.H + markGap, markStroke, bottom - p.Y - p.H - markGap})
		}
	}
	return marks
}

// apart is the distance between two rectangles that do not overlap, along the
// axis that parts them.
func apart(p, q Rect) geom.MM {
	return max(p.X-q.X-q.W, q.X-p.X-p.W, p.Y-q.Y-q.H, q.Y-p.Y-p.H)
}
