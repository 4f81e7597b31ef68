package crop

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

func near(a, b, tolerance float64) bool { return math.Abs(a-b) <= tolerance }

func TestAMoveWithRoomAroundIsMadeToTheMillimetre(t *testing.T) {
	head, o := headAt(geom.Point{X: 1000, Y: 1000}, 100, 1.9, 0.1), Original{Width: 2000, Height: 2000}
	for _, spec := range specs(t) {
		p := Solve(spec, head, o)
		got, cut := p.Moved(Move{Right: 2, Down: -1, Zoom: 1}, head, o)
		if cut || !near(float64(got.Head.OffCentre-p.Head.OffCentre), 2, 1e-6) || !near(float64(got.Head.EyeLine-p.Head.EyeLine), 1, 1e-6) {
			t.Errorf("%s: moved by %.3f and %.3f mm, cut: %v", spec.ID, got.Head.OffCentre-p.Head.OffCentre, got.Head.EyeLine-p.Head.EyeLine, cut)
		}
		got, cut = p.Moved(Move{Zoom: 1.1}, head, o)
		if cut || !near(float64(got.Head.HeightHair), 1.1*float64(p.Head.HeightHair), 1e-6) {
			t.Errorf("%s: zoomed from %.2f to %.2f mm, cut: %v", spec.ID, p.Head.HeightHair, got.Head.HeightHair, cut)
		}
		got, cut = p.Moved(Move{Turn: 0.1, Zoom: 1}, head, o)
		right, left := got.ToPhoto.Apply(head.RightEye), got.ToPhoto.Apply(head.LeftEye)
		if cut || !near(left.Sub(right).Angle(), 0.1, 1e-9) {
			t.Errorf("%s: turned by %.3f, cut: %v", spec.ID, left.Sub(right).Angle(), cut)
		}
		if same, cut := p.Moved(Move{Zoom: 1}, head, o); cut || same != p {
			t.Errorf("%s: no move changes the plan", spec.ID)
		}
	}
}

func TestAMoveThatWouldLeaveTheOriginalEndsAtItsEdgeAndSaysSo(t *testing.T) {
	all := specs(t)
	rapid.Check(t, func(t *rapid.T) {
		spec := drawSpec(t, all)
		o := Original{
			Width: rapid.Float64Range(500, 2000).Draw(t, "width"), Height: rapid.Float64Range(600, 2000).Draw(t, "height"),
			Border: rapid.Float64Range(0, 4).Draw(t, "border"),
		}
		head := headAt(geom.Point{X: o.Width / 2, Y: 0.45 * o.Height}, 100, 1.9, rapid.Float64Range(-0.2, 0.2).Draw(t, "roll"))
		m := Move{
			Turn:  rapid.Float64Range(-0.26, 0.26).Draw(t, "turn"),
			Right: geom.MM(rapid.Float64Range(-20, 20).Draw(t, "right")), Down: geom.MM(rapid.Float64Range(-20, 20).Draw(t, "down")),
			Zoom: rapid.Float64Range(0.6, 1.6).Draw(t, "zoom"),
		}
		p := Solve(spec, head, o)
		moved, cut := p.Moved(m, head, o)
		lo, hi := moved.Region()
		if l := o.lacks(lo, hi); l.sum() > slack {
			t.Fatalf("the crop %v to %v leaves %+v", lo, hi, o)
		}
		asked := p.ToPhoto.Then(geom.Turn(geom.Point{X: float64(p.Width) / 2, Y: float64(p.Height) / 2}, m.Turn, m.Zoom)).
			Then(geom.Similarity{A: 1, X: float64(m.Right) * p.PerMM, Y: float64(m.Down) * p.PerMM})
		got, want := moved.ToPhoto.Apply(head.Chin), asked.Apply(head.Chin)
		if far := got.Sub(want).Length(); !cut && far > 2*slack*moved.Scale+1e-6 {
			t.Fatalf("the head is %.1f px from where it was wanted, and nobody is told", far)
		}
	})
}

func TestBeyondAnOpenEdgeThePhotoGoesOn(t *testing.T) {
	// No room above the hair, which then touches the photo's edge.
	head := headAt(geom.Point{X: 500, Y: 92}, 100, 1.9, 0)
	o := Original{Width: 1000, Height: 1000}
	for _, spec := range specs(t) {
		shut := Solve(spec, head, o)
		o.Open.Top = true
		open := Solve(spec, head, o)
		o.Open.Top = false
		if lo, _ := open.Region(); lo.Y > -1 {
			t.Errorf("%s: the crop begins at %.1f, within the original", spec.ID, lo.Y)
		}
		if open.Head.AboveHair < leastClear-0.01 || open.Head.AboveHair < shut.Head.AboveHair+0.3 {
			t.Errorf("%s: %.1f mm above the hair with an open edge, %.1f without", spec.ID, open.Head.AboveHair, shut.Head.AboveHair)
		}
	}
}
