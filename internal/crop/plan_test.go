package crop

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/face"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

func specs(t *testing.T) []docspec.Spec {
	t.Helper()
	c, err := docspec.Load()
	if err != nil {
		t.Fatal(err)
	}
	all, _ := c.Search(docspec.Query{Limit: 1000})
	return all
}

func drawSpec(t *rapid.T, all []docspec.Spec) docspec.Spec {
	return all[rapid.IntRange(0, len(all)-1).Draw(t, "document")]
}

// headAt makes a head of ordinary proportions, T pixels from chin to eye line,
// turned by roll about the eyes.
func headAt(eyes geom.Point, t, hair, roll float64) face.Head {
	across := geom.Point{X: math.Cos(roll), Y: math.Sin(roll)}.Times(0.27 * t)
	down := geom.Point{X: -math.Sin(roll), Y: math.Cos(roll)}
	skull := math.Min(hair, 1.85)
	return face.Head{
		RightEye: eyes.Sub(across), LeftEye: eyes.Add(across), Chin: eyes.Add(down.Times(t)),
		Width: 1.2 * t,
		Hair:  face.Crown{Height: hair * t, Uncertainty: 0.03 * t},
		Skull: face.Crown{Height: skull * t, Uncertainty: 0.05 * t},
	}
}

// mostHair is how high the hair may stand, in parts of the distance from chin to
// eye line, so that a photo can keep every range. Where the document does not say
// which crown it means, both have to fit the head range at once, and skull to
// hair may differ by no more than the range's ends do.
func mostHair(spec docspec.Spec) float64 {
	hair := 2.05
	if r := spec.HeadHeight.Value; spec.CrownReference.Value == docspec.CrownUnknown {
		hair = math.Min(hair, 1.85*float64(*r.Max / *r.Min))
	}
	return hair
}

func TestEveryDocumentCanBeSolvedForEveryAge(t *testing.T) {
	const slack = 0.01 // mm
	for _, document := range specs(t) {
		bands := []string{"adult"}
		for _, e := range document.Exceptions {
			bands = append(bands, e.AgeBands...)
		}
		for _, band := range bands {
			spec := document.For(band)
			// A head in the middle of plenty of room, its hair no higher than the skull.
			p := Solve(spec, headAt(geom.Point{X: 2000, Y: 2000}, 200, 1.85, 0), Original{Width: 4000, Height: 4000})
			for name, r := range map[string]struct {
				value geom.MM
				fact  *docspec.Fact[docspec.Range]
			}{
				"head height": {p.Head.HeightHair, &spec.HeadHeight},
				"eye line":    {p.Head.EyeLine, spec.EyeLine},
				"space above": {p.Head.AboveHair, spec.SpaceAbove},
				"space below": {p.Head.Below, spec.SpaceBelow},
			} {
				if r.fact != nil && math.Abs(float64(r.fact.Value.Excess(r.value))) > slack {
					t.Errorf("%s, %s: %s is %.2f mm", spec.ID, band, name, r.value)
				}
			}
			if p.Head.AboveHair < 0 || p.Head.Below < 0 {
				t.Errorf("%s, %s: the head leaves the photo: %.2f mm above, %.2f mm below", spec.ID, band, p.Head.AboveHair, p.Head.Below)
			}
		}
	}
}

func TestALeastMarginAloneDoesNotLetTheHeadDriftAway(t *testing.T) {
	least := geom.MM(2)
	spec := docspec.Spec{Width: docspec.Fact[geom.MM]{Value: 50}, Height: docspec.Fact[geom.MM]{Value: 70}}
	lo, hi := geom.MM(31), geom.MM(36)
	spec.HeadHeight.Value = docspec.Range{Min: &lo, Max: &hi}
	spec.SpaceAbove = &docspec.Fact[docspec.Range]{Value: docspec.Range{Min: &least}}
	p := Solve(spec, headAt(geom.Point{X: 2000, Y: 2000}, 200, 1.85, 0), Original{Width: 4000, Height: 4000})
	if math.Abs(float64(p.Head.AboveHair-p.Head.Below)) > 0.1 {
		t.Errorf("%.1f mm above the head and %.1f below, want the head in the middle", p.Head.AboveHair, p.Head.Below)
	}
}

func TestWithRoomAroundTheHeadEveryRangeIsKept(t *testing.T) {
	all := specs(t)
	rapid.Check(t, func(t *rapid.T) {
		spec := drawSpec(t, all)
		px := rapid.Float64Range(40, 900).Draw(t, "T")
		hair := rapid.Float64Range(1.78, mostHair(spec)).Draw(t, "hair")
		roll := rapid.Float64Range(-math.Pi, math.Pi).Draw(t, "roll")
		side := 20 * px
		eyes := geom.Point{X: side * rapid.Float64Range(0.4, 0.6).Draw(t, "x"), Y: side * rapid.Float64Range(0.4, 0.6).Draw(t, "y")}
		p := Solve(spec, headAt(eyes, px, hair, roll), Original{Width: side, Height: side})

		const slack = 0.01 // mm
		within := func(what string, v geom.MM, r docspec.Range) {
			if math.Abs(float64(r.Excess(v))) > slack {
				t.Errorf("%s %s is %.2f mm", spec.ID, what, v)
			}
		}
		if spec.CrownReference.Value != docspec.Skull {
			within("head height to the hair", p.Head.HeightHair, spec.HeadHeight.Value)
		}
		if spec.CrownReference.Value != docspec.Hair {
			within("head height to the skull", p.Head.HeightSkull, spec.HeadHeight.Value)
		}
		if spec.EyeLine != nil {
			within("eye line", p.Head.EyeLine, spec.EyeLine.Value)
		}
		if spec.SpaceBelow != nil {
			within("space below", p.Head.Below, spec.SpaceBelow.Value)
		}
		if math.Abs(float64(p.Head.OffCentre)) > 0.1 {
			t.Errorf("%s is %.2f mm off centre", spec.ID, p.Head.OffCentre)
		}
	})
}

func TestThePhotoMeasuresWhatThePlanSays(t *testing.T) {
	all := specs(t)
	rapid.Check(t, func(t *rapid.T) {
		spec := drawSpec(t, all)
		head := headAt(geom.Point{X: 600, Y: 500}, rapid.Float64Range(60, 200).Draw(t, "T"), 1.9, rapid.Float64Range(-0.5, 0.5).Draw(t, "roll"))
		p := Solve(spec, head, Original{Width: 1200, Height: 1400})
		perMM := spec.PixelsPerMM()
		right, left, chin := p.ToPhoto.Apply(head.RightEye), p.ToPhoto.Apply(head.LeftEye), p.ToPhoto.Apply(head.Chin)
		top := p.ToPhoto.Apply(head.Top(head.Hair))
		near := func(what string, got float64, want geom.MM) {
			if math.Abs(got/perMM-float64(want)) > 0.05 {
				t.Errorf("%s measures %.2f mm, the plan says %.2f", what, got/perMM, want)
			}
		}
		if math.Abs(right.Y-left.Y) > 0.01 {
			t.Errorf("the eyes are not level: %v and %v", right, left)
		}
		near("eye line", float64(p.Height)-right.Y, p.Head.EyeLine)
		near("head height", chin.Y-top.Y, p.Head.HeightHair)
		near("off centre", geom.Mid(right, left).X-float64(p.Width)/2, p.Head.OffCentre)
		near("space above", top.Y, p.Head.AboveHair)
		near("space below", float64(p.Height)-chin.Y, p.Head.Below)
	})
}

func TestThePhotoNeverLeavesTheOriginal(t *testing.T) {
	all := specs(t)
	rapid.Check(t, func(t *rapid.T) {
		spec := drawSpec(t, all)
		px := rapid.Float64Range(60, 300).Draw(t, "T")
		head := headAt(geom.Point{
			X: rapid.Float64Range(1.2, 4).Draw(t, "x") * px,
			Y: rapid.Float64Range(1.2, 4).Draw(t, "y") * px,
		}, px, 1.9, rapid.Float64Range(-0.3, 0.3).Draw(t, "roll"))
		o := Original{
			Width:  head.EyeMid().X + rapid.Float64Range(1.2, 4).Draw(t, "right")*px,
			Height: head.EyeMid().Y + rapid.Float64Range(1.5, 4).Draw(t, "below")*px,
		}
		lo, hi := Solve(spec, head, o).Region()
		if lo.X < -0.5 || lo.Y < -0.5 || hi.X > o.Width+0.5 || hi.Y > o.Height+0.5 {
			t.Errorf("%s: the crop %v to %v leaves %v", spec.ID, lo, hi, o)
		}
	})
}

func TestTooLittleRoomAboveTheHeadCostsTheMarginNotTheHeadHeight(t *testing.T) {
	for _, spec := range specs(t) {
		// Hair 1.9 T above the chin, only 0.05 T of picture above that.
		head := headAt(geom.Point{X: 500, Y: 95}, 100, 1.9, 0)
		p := Solve(spec, head, Original{Width: 1000, Height: 1000})
		if e := spec.HeadHeight.Value.Excess(p.Head.HeightHair); math.Abs(float64(e)) > 0.01 {
			t.Errorf("%s: head height is %.2f mm", spec.ID, p.Head.HeightHair)
		}
	}
}
