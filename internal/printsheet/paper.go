package printsheet

import (
	"errors"
	"fmt"
	"math"

	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

// Size is a width and a height.
type Size struct{ W, H geom.MM }

// String writes the size as people do, to a tenth: 35 × 45 mm.
func (s Size) String() string {
	tenth := func(v geom.MM) float64 { return math.Round(float64(v)*10) / 10 }
	return fmt.Sprintf("%g × %g mm", tenth(s.W), tenth(s.H))
}

func (s Size) turned() Size { return Size{s.H, s.W} }

// Paper is a size of paper. Label is how people call it.
type Paper struct {
	Name, Label string
	Size        Size // upright
}

// The sides that custom paper may have. The shorter one leaves no room for the
// header below, the longer one is that of A3.
const (
	MinSide geom.MM = 80
	MaxSide geom.MM = 420
)

// ErrNoPaper is the answer where a size is none that paper has.
var ErrNoPaper = errors.New("no paper has this size")

// FindPaper returns the paper of a name.
func FindPaper(name string) (Paper, bool) {
	for _, p := range papers() {
		if p.Name == name {
			return p, true
		}
	}
	return Paper{}, false
}

func papers() []Paper {
	const inch = geom.PerInch
	return []Paper{
		{"a4", "A4", Size{210, 297}},
		{"letter", "Letter", Size{8.5 * inch, 11 * inch}},
		{"10x15", "10 × 15 cm", Size{100, 150}},
		{"4x6", "4 × 6 in", Size{4 * inch, 6 * inch}},
		{"13x18", "13 × 18 cm", Size{130, 180}},
	}
}

// CustomPaper returns paper of any size with both sides from MinSide to MaxSide;
// ErrNoPaper otherwise.
func CustomPaper(s Size) (Paper, error) {
	for _, side := range []geom.MM{s.W, s.H} {
		if !(side >= MinSide && side <= MaxSide) { // also false for NaN
			return Paper{}, ErrNoPaper
		}
	}
	if s.W > s.H {
		s = s.turned()
	}
	return Paper{"custom", s.String(), s}, nil
}
