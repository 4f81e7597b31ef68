package printsheet

import (
	"math"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
	"github.com/passportphotogenie/passportphotogenie/internal/typeset"
)

// What is kept free. Nothing at all is printed nearer to an edge than Clear:
// printers can't reach it, and shops cut it off.
const (
	Clear     geom.MM = 6
	inset     geom.MM = 6.5 // edge to photo: room for marks outside it
	bigInset  geom.MM = 10  // the same on office paper, whose printers reach less far
	MinGutter geom.MM = 2
	maxGutter geom.MM = 5
	belowHead geom.MM = 3 // header to photo
)

// officePaper is the shorter side from which paper is office paper.
const officePaper geom.MM = 200

// Plan lays an order out. Of the paper's two orientations and the photo's it
// takes the one with the fewest sheets, then photos that stand upright, then
// room for more of them. The answer is a TooSmallError where none has room, and
// ErrNoSize where the document has no size on paper.
func Plan(o Order) (Sheet, error) {
	if !o.Spec.OnPaper() {
		return Sheet{}, ErrNoSize
	}
	t, err := typeset.Fonts()
	if err != nil {
		return Sheet{}, err
	}
	photo := Size{o.Spec.Width.Value, o.Spec.Height.Value}
	frames := framesOf(t, o, photo)
	most := 0
	for _, f := range frames {
		most = max(most, f.fits())
	}
	if most == 0 {
		return Sheet{}, TooSmallError{o.Paper.Size, photo}
	}
	copies := max(o.prints(), 1)
	switch {
	case ForShop(o.Spec):
		copies = 1
	case o.Fill:
		copies = most
	}
	best := frames[0]
	for _, f := range frames[1:] {
		if f.betterThan(best, copies) {
			best = f
		}
	}
	s := Sheet{
		Paper: best.paper, Photos: best.place(copies), Turned: best.turned,
		Copies: copies, Fits: most, photo: photo, title: docspec.ShortID(o.Spec.ID), header: best.header,
	}
	s.header.lines = append(s.header.lines, typeset.Line{Style: detailStyle(), X: s.header.detailX, Baseline: s.header.detailY, Text: o.detail(s)})
	return s, nil
}

// frame is one way to lay paper and photos: what is left for photos below the
// header, and how many of them that takes.
type frame struct {
	paper, photo Size // as they lie
	turned       bool
	header       header
	room         Rect
	cols, rows   int
}

// framesOf lists the ways, those first that win a tie.
func framesOf(t typeset.Typefaces, o Order, photo Size) []frame {
	var frames []frame
	for _, paper := range []Size{o.Paper.Size, o.Paper.Size.turned()} {
		for _, turned := range []bool{false, true} {
			f := frame{paper: paper, photo: photo, turned: turned}
			if turned {
				f.photo = photo.turned()
			}
			edge := inset
			if min(paper.W, paper.H) >= officePaper {
				edge = bigInset
			}
			f.header = compose(t, o.words(), Rect{X: edge, Y: edge, W: paper.W - 2*edge})
			top := edge + f.header.height + belowHead
			f.room = Rect{edge, top, paper.W - 2*edge, paper.H - top - edge}
			f.cols, f.rows = along(f.room.W, f.photo.W), along(f.room.H, f.photo.H)
			frames = append(frames, f)
		}
	}
	return frames
}

// along is how many photos fit along a length with the least gutter between.
func along(room, photo geom.MM) int {
	const rounding = 1e-9
	return max(0, int(math.Floor(float64((room+MinGutter)/(photo+MinGutter))+rounding)))
}

func (f frame) fits() int { return f.cols * f.rows }

func (f frame) betterThan(g frame, copies int) bool {
	pages := func(x frame) int {
		if x.fits() == 0 {
			return math.MaxInt
		}
		return (copies + x.fits() - 1) / x.fits()
	}
	if p, q := pages(f), pages(g); p != q {
		return p < q
	}
	if f.turned != g.turned {
		return g.turned
	}
	return f.fits() > g.fits()
}

// place sets the photos of one page: in even rows, right below the header and in
// the middle. On office paper, rows that could be longer begin where the text
// does, so that the rest of the paper stays whole.
func (f frame) place(copies int) []Rect {
	n := min(copies, f.fits())
	rows := (n + f.cols - 1) / f.cols
	cols := (n + rows - 1) / rows
	dx, dy := gutter(f.room.W, f.photo.W, cols), gutter(f.room.H, f.photo.H, rows)
	left := (f.paper.W - geom.MM(cols)*f.photo.W - geom.MM(cols-1)*dx) / 2
	if f.room.X == bigInset && cols < f.cols {
		left = f.room.X
	}
	photos := make([]Rect, n)
	for i := range photos {
		col, row := geom.MM(i%cols), geom.MM(i/cols)
		photos[i] = Rect{left + col*(f.photo.W+dx), f.room.Y + row*(f.photo.H+dy), f.photo.W, f.photo.H}
	}
	return photos
}

// gutter spreads what is left between n photos, within its limits.
func gutter(room, photo geom.MM, n int) geom.MM {
	if n < 2 {
		return MinGutter
	}
	return min(maxGutter, max(MinGutter, (room-geom.MM(n)*photo)/geom.MM(n-1)))
}
