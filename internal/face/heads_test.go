package face

import (
	"math"
	"testing"
)

// box holds for points between two columns and two rows, Y down from the eyes.
func box(left, right, top, bottom float64) func(x, y float64) bool {
	return func(x, y float64) bool { return x >= left && x <= right && y >= top && y <= bottom }
}

// domeOf is a head of hair or cloth: an ellipse about the eyes' middle, and the neck.
func domeOf(halfWidth, top float64) func(x, y float64) bool {
	return func(x, y float64) bool {
		half := (top + 100) / 2 // from the chin, 100 below the eyes, to the top
		return sq(x/halfWidth)+sq((y-(100-half))/half) <= 1 || y > 80 && math.Abs(x) < 60
	}
}

func either(shapes ...func(x, y float64) bool) func(x, y float64) bool {
	return func(x, y float64) bool {
		for _, s := range shapes {
			if s(x, y) {
				return true
			}
		}
		return false
	}
}

// T is 100 px in the drawn heads: heights above the chin read as percent of it.
func TestHeadsOfAllKindsAreMeasuredByTheSameRules(t *testing.T) {
	const short, tall = 90, 130 // tops above the eyes
	for _, tt := range []struct {
		name       string
		inside     func(x, y float64) bool
		young      bool
		hair       [2]float64 // between which the hair's top is found
		skull      [2]float64 // between which the skull's estimate lies
		uncertain  float64    // at least this much, px, for the skull
		distrusted bool       // the hair's top is a bound with a wide uncertainty
	}{
		{"a bald head: hair and skull are one", domeOf(72, 78), false, [2]float64{174, 182}, [2]float64{173, 182}, 0, false},
		{"short hair", domeOf(75, short), false, [2]float64{185, 194}, [2]float64{175, 192}, 0, false},
		{"tall hair: the skull stays below it", domeOf(85, tall), false, [2]float64{224, 234}, [2]float64{180, 190}, 8, false},
		{"a bun does not count", either(domeOf(75, short), box(-14, 14, -125, -80)), false, [2]float64{185, 196}, [2]float64{175, 192}, 0, false},
		{"a single strand does not count", either(domeOf(75, short), box(-3, 3, -140, -80)), false, [2]float64{185, 196}, [2]float64{175, 192}, 0, false},
		{"a headscarf down to the shoulders", either(domeOf(95, 100), box(-95, 95, 0, 400)), false, [2]float64{193, 206}, [2]float64{178, 192}, 0, false},
		{"a hat with a brim: its crown is the top that shows", either(domeOf(75, short), box(-110, 110, -62, -50), box(-70, 70, -125, -50)), false, [2]float64{215, 235}, [2]float64{180, 190}, 8, false},
		{"a top hat is higher than any hair", either(domeOf(75, short), box(-70, 70, -190, -50)), false, [2]float64{249, 251}, [2]float64{180, 190}, 8, true},
		{"a small child's high forehead", domeOf(85, 150), true, [2]float64{243, 256}, [2]float64{195, 225}, 15, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := Measure(drawnLandmarks(0), drawnMatte(drawnLandmarks(0), tt.inside), picture, tt.young)
			within := func(what string, v float64, r [2]float64) {
				if v < r[0] || v > r[1] {
					t.Errorf("the %s is at %.1f, want %g to %g", what, v, r[0], r[1])
				}
			}
			within("hair's top", h.Hair.Height, tt.hair)
			within("skull's top", h.Skull.Height, tt.skull)
			if h.Skull.Uncertainty < tt.uncertain {
				t.Errorf("the skull is uncertain by %.1f only", h.Skull.Uncertainty)
			}
			if distrusted := h.Hair.Uncertainty > 20; distrusted != tt.distrusted {
				t.Errorf("the hair's top is uncertain by %.1f", h.Hair.Uncertainty)
			}
			if h.Skull.Height > h.Hair.Height+1e-9 {
				t.Errorf("the skull at %.1f is above the hair at %.1f", h.Skull.Height, h.Hair.Height)
			}
		})
	}
}

// A white head before a white wall: the matte ends in the middle of the forehead.
func TestWhereTheMatteLosesTheTopOfTheHeadTheTrueOneIsStillPossible(t *testing.T) {
	for _, tt := range []struct {
		name  string
		top   float64 // of the matte, above the eyes
		young bool
		bone  float64 // where the skull may be at most, above the chin
	}{
		{"just below the least", 68, false, 197},
		{"well below the least", 40, false, 197},
		{"on a small child", 60, true, 240},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := Measure(drawnLandmarks(0), drawnMatte(drawnLandmarks(0), domeOf(75, tt.top)), picture, tt.young)
			for what, c := range map[string]Crown{"hair": h.Hair, "skull": h.Skull} {
				if c.Height+c.Uncertainty < tt.bone {
					t.Errorf("the %s is at %.1f, at most %.1f, and a head may reach %g", what, c.Height, c.Height+c.Uncertainty, tt.bone)
				}
			}
		})
	}
}
