package crop

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

func TestAnUncroppedPhotoIsTheUprightPictureAndNothingElse(t *testing.T) {
	all := specs(t)
	rapid.Check(t, func(t *rapid.T) {
		spec := drawSpec(t, all)
		if rapid.Bool().Draw(t, "window") {
			spec.Pixels = &docspec.Fact[docspec.PixelRange]{Value: docspec.PixelRange{MaxWidth: 600, MaxHeight: 750}}
		}
		quarter := rapid.IntRange(-1, 2).Draw(t, "quarter")
		roll := float64(quarter)*math.Pi/2 + rapid.Float64Range(-0.6, 0.6).Draw(t, "roll")
		o := Original{Width: rapid.Float64Range(500, 4000).Draw(t, "width"), Height: rapid.Float64Range(500, 4000).Draw(t, "height")}
		head := headAt(geom.Point{X: o.Width / 2, Y: o.Height / 2}, rapid.Float64Range(30, 150).Draw(t, "T"), 1.9, roll)
		p := Uncropped(spec, head, o)

		if p.Scale > 1+1e-9 || p.Width > uncroppedSide || p.Height > uncroppedSide {
			t.Fatalf("%d x %d pixels at scale %.3f", p.Width, p.Height, p.Scale)
		}
		if spec.Pixels != nil && spec.Pixels.Value.Shrink(float64(p.Width), float64(p.Height)) < 1 {
			t.Fatalf("%d x %d pixels leave the window", p.Width, p.Height)
		}
		if q := p.Turn / (math.Pi / 2); math.Abs(q-math.Round(q)) > 1e-9 {
			t.Fatalf("turned by %.3f quarters", q)
		}
		right, left := p.ToPhoto.Apply(head.RightEye), p.ToPhoto.Apply(head.LeftEye)
		if tilt := left.Sub(right).Angle(); math.Abs(tilt) > math.Pi/4+1e-9 {
			t.Fatalf("the head is %.2f radians off upright", tilt)
		}
		if lo, hi := p.Region(); lo.X < -1e-6 || lo.Y < -1e-6 || hi.X > o.Width+1e-6 || hi.Y > o.Height+1e-6 {
			t.Fatalf("the photo %v to %v leaves the picture", lo, hi)
		}
		inside := geom.Point{X: float64(p.Width), Y: float64(p.Height)}
		if chin := p.ToPhoto.Apply(head.Chin); chin.X < 0 || chin.Y < 0 || chin.X > inside.X || chin.Y > inside.Y {
			t.Fatalf("the chin at %v is cut off", chin)
		}
	})
}
