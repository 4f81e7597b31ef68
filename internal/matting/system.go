package matting

// Shape of the matrix: a pixel shares a window of 3 x 3 with the pixels up to
// two columns and rows away. The matrix is symmetric, so each row keeps its
// diagonal and the twelve neighbours that follow in raster order.
const (
	reach = 2
	half  = 13
)

// slot is the place in a row of the neighbour dx to the right and dy below. It
// is 0 for the pixel itself and 1 to 12 for those that follow it.
func slot(dx, dy int) int { return (2*reach+1)*dy + dx }

// system is the linear system A x = b over the unknown pixels. Vectors are laid
// out like the picture with a margin of reach around it, so that a neighbour is
// always the same step away; at known pixels they are 0.
type system struct {
	stride    int
	below     [2]int // steps to the neighbours at dx = -2 one and two rows below
	at        []int32
	number    []int32 // the inverse of at: which unknown stands here, or -1
	rows      [][half]float32
	b         []float32
	neighbour [half]int // steps
}

// newSystem numbers the trimap's unknown pixels and leaves the matrix empty.
func newSystem(t *Trimap) *system {
	s := &system{stride: t.Width + 2*reach}
	size := s.stride * (t.Height + 2*reach)
	s.below = [2]int{s.stride - reach, 2*s.stride - reach}
	s.neighbour = [half]int{0, 1, 2}
	for i := range 5 {
		s.neighbour[3+i], s.neighbour[8+i] = s.below[0]+i, s.below[1]+i
	}
	s.number, s.b = make([]int32, size), make([]float32, size)
	for i := range s.number {
		s.number[i] = -1
	}
	s.at = make([]int32, 0, t.Unknown())
	for i, m := range t.Marks {
		if m == Unknown {
			at := s.place(i%t.Width, i/t.Width)
			s.number[at] = int32(len(s.at)) // #nosec G115 -- pictures have less than 2^31 pixels
			s.at = append(s.at, int32(at))  // #nosec G115 -- the same
		}
	}
	s.rows = make([][half]float32, len(s.at))
	return s
}

func (s *system) place(x, y int) int { return (y+reach)*s.stride + x + reach }

// vector returns a vector of zeros.
func (s *system) vector() []float32 { return make([]float32, len(s.b)) }

// prefer pulls each unknown pixel's alpha towards the guess with its weight.
func (s *system) prefer(g *Guess, width int) {
	for n, at := range s.at {
		x, y := int(at)%s.stride-reach, int(at)/s.stride-reach
		i := y*width + x
		s.rows[n][0] += g.Weight[i]
		s.b[at] += g.Weight[i] * g.Alpha[i]
	}
}

// times sets y to A x.
func (s *system) times(x, y []float32) {
	for _, p := range s.at {
		y[p] = 0
	}
	for i, at := range s.at {
		p, q, r := int(at), int(at)+s.below[0], int(at)+s.below[1]
		c, v := &s.rows[i], x[at]
		x0, x1, x2 := x[p:p+3], x[q:q+5], x[r:r+5]
		y0, y1, y2 := y[p:p+3], y[q:q+5], y[r:r+5]
		y0[0] += c[0]*v + c[1]*x0[1] + c[2]*x0[2] +
			c[3]*x1[0] + c[4]*x1[1] + c[5]*x1[2] + c[6]*x1[3] + c[7]*x1[4] +
			c[8]*x2[0] + c[9]*x2[1] + c[10]*x2[2] + c[11]*x2[3] + c[12]*x2[4]
		y0[1] += c[1] * v
		y0[2] += c[2] * v
		y1[0] += c[3] * v
		y1[1] += c[4] * v
		y1[2] += c[5] * v
		y1[3] += c[6] * v
		y1[4] += c[7] * v
		y2[0] += c[8] * v
		y2[1] += c[9] * v
		y2[2] += c[10] * v
		y2[3] += c[11] * v
		y2[4] += c[12] * v
	}
}
