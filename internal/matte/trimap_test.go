package matte_test

import (
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/matte"
	"github.com/passportphotogenie/passportphotogenie/internal/matting"
)

// place is a pixel and what the trimap must make of it.
type place struct {
	what string
	x, y int
	want matting.Mark
}

func check(t *testing.T, m *matting.Trimap, places ...place) {
	t.Helper()
	for _, p := range places {
		if got := m.Marks[p.y*m.Width+p.x]; got != p.want {
			t.Errorf("%s: marked %d, want %d", p.what, got, p.want)
		}
	}
}

func TestTheOutlineIsSoughtInABandAroundThePerson(t *testing.T) {
	check(t, newScene().sitter().Trimap(),
		place{"the nose", 150, 120, matting.Foreground},
		place{"the chest", 150, 260, matting.Foreground},
		place{"the edge of the hair", 150, 40, matting.Unknown},
		place{"the edge of the shoulder", 60, 246, matting.Unknown},
		place{"the wall", 20, 20, matting.Background},
	)
}

func TestTheBandIsWiderAroundHairThanAlongShoulders(t *testing.T) {
	m := newScene().sitter().Trimap()
	hair, shoulder := 0, 0
	for i := range 150 {
		if m.Marks[i*side+150] == matting.Unknown { // down through the hair's top
			hair++
		}
		if m.Marks[295*side+i] == matting.Unknown { // across the upper arm
			shoulder++
		}
	}
	if hair < 10 || shoulder < 4 || hair < shoulder*3/2 {
		t.Errorf("%d unknown pixels at the hair, %d at the shoulder", hair, shoulder)
	}
}

func TestOtherPeopleAreBackground(t *testing.T) {
	t.Run("who stand apart", func(t *testing.T) {
		s := newScene().sitter()
		s.fill(ellipse(30, 60, 20, 30), 1, coat)
		check(t, s.Trimap(), place{"their face", 30, 60, matting.Background})
	})
	t.Run("who touch a shoulder", func(t *testing.T) {
		s := newScene().sitter()
		s.fill(ellipse(270, 120, 25, 40), 1, coat)                                        // head
		s.fill(func(x, y float64) bool { return x > 255 && x < 290 && y > 150 }, 1, coat) // body
		check(t, s.Trimap(),
			place{"their face", 272, 110, matting.Background},
			place{"their body, away from the shoulder", 285, 190, matting.Background},
			place{"the sitter's chest", 150, 260, matting.Foreground},
			place{"the sitter's shoulder", 215, 270, matting.Foreground},
			place{"the sitter's other shoulder", 80, 270, matting.Foreground},
		)
	})
}

func TestAShoulderAboveTheChinStaysTheSitters(t *testing.T) {
	s := newScene().sitter()
	s.fill(ellipse(240, 190, 30, 25), 1, coat) // its top 15 pixels above the chin
	s.fill(func(x, y float64) bool { return x > 180 && x < 260 && y > 185 && y < 260 }, 1, coat)
	check(t, s.Trimap(), place{"the raised shoulder", 240, 190, matting.Foreground})
}

func TestHolesInThePersonAreFilledUnlessTheyShowTheWall(t *testing.T) {
	t.Run("spectacles", func(t *testing.T) {
		s := newScene().sitter()
		s.fill(ellipse(130, 105, 14, 10), 0, wall)
		s.fill(ellipse(170, 105, 14, 10), 0, wall)
		check(t, s.Trimap(),
			place{"right lens", 130, 105, matting.Foreground},
			place{"left lens", 170, 105, matting.Foreground},
		)
	})
	t.Run("a doubtful patch of the shirt", func(t *testing.T) {
		s := newScene().sitter()
		s.fill(ellipse(150, 265, 12, 12), 0.3, wall)
		if got := s.Trimap().Marks[265*side+150]; got == matting.Background {
			t.Error("a hole in the shirt")
		}
	})
	t.Run("a speck", func(t *testing.T) {
		s := newScene().sitter()
		s.fill(ellipse(150, 265, 2, 2), 0, wall)
		if got := s.Trimap().Marks[265*side+150]; got == matting.Background {
			t.Error("a hole in the shirt")
		}
	})
	t.Run("between hair and shoulder", func(t *testing.T) {
		s := newScene().sitter()
		s.fill(func(x, y float64) bool { return x > 55 && x < 100 && y > 100 && y < 260 }, 1, coat) // a long tress
		s.fill(ellipse(90, 185, 14, 14), 0, wall)
		check(t, s.Trimap(), place{"the wall behind", 90, 185, matting.Background})
	})
}

func TestAMatteOfNobodyIsBackgroundButForTheFace(t *testing.T) {
	for name, alpha := range map[string]float32{"nothing": 0, "everything": 1} {
		s := newScene()
		s.fill(func(_, _ float64) bool { return true }, alpha, wall)
		m := s.Trimap()
		want := matting.Background
		if alpha == 1 {
			want = matting.Foreground
		}
		check(t, m, place{name + ": the corner", 2, 2, want}, place{name + ": the face", 150, 120, matting.Foreground})
	}
}

func TestAPhotoOfOnePixelIsRefined(t *testing.T) {
	for _, alpha := range []float32{0, 0.5, 1} {
		c := &matte.Coarse{Width: 1, Height: 1, Lowest: []float32{alpha}, Median: []float32{alpha}, Head: matte.Head{Height: 1}}
		if _, err := matte.Refine(pixel(), c); err != nil {
			t.Errorf("alpha %v: %v", alpha, err)
		}
	}
}
