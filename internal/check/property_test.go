package check

import (
	"encoding/json"
	"image"
	"image/color"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/face"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
	"github.com/passportphotogenie/passportphotogenie/internal/matte"
	"github.com/passportphotogenie/passportphotogenie/internal/raster"
)

// rank orders outcomes from good to bad.
func rank(o Outcome) int { return map[Outcome]int{Pass: 0, Warn: 1, Fail: 2}[o] }

// Whatever else is so, a trait that gets worse never makes its check better.
func TestMoreOfAFaultNeverMakesItsCheckBetter(t *testing.T) {
	for _, tt := range []struct {
		name        Name
		clean, ruin float64
		set         func(*Input, float64)
	}{
		{Sharpness, 0.8, 0, func(in *Input, v float64) { in.Traits.Sharpness = v }},
		{Noise, 0, 60, func(in *Input, v float64) { in.Traits.Noise = v }},
		{CompressionArtifacts, 1, 60, func(in *Input, v float64) { in.Traits.Blocking = v }},
		{EyesOpen, 0.5, 0, func(in *Input, v float64) { in.Traits.EyeOpening = v }},
		{MouthClosed, 0, 0.5, func(in *Input, v float64) { in.Traits.MouthGap = v }},
		{ExpressionNeutrality, 0.4, 0.9, func(in *Input, v float64) { in.Traits.Smile = v }},
		{Gaze, 0, -0.5, func(in *Input, v float64) { in.Traits.Gaze = v }},
		{RedEyes, 0, 1, func(in *Input, v float64) { in.Traits.RedEyes = v }},
		{IlluminationUniformity, 1, 0, func(in *Input, v float64) { in.Traits.Light.Uniformity = v }},
		{UnderExposure, 0, 1, func(in *Input, v float64) { in.Traits.Light.Under = v }},
		{OverExposure, 0, 1, func(in *Input, v float64) { in.Traits.Light.Over = v }},
		{DynamicRange, 8, 0, func(in *Input, v float64) { in.Traits.Light.DynamicRange = v }},
		{NaturalColour, 0, 100, func(in *Input, v float64) { in.Traits.Light.OffSkin = v }},
		{BackgroundUniformity, 0, 200, func(in *Input, v float64) { in.Photo.Background.Uniformity = v }},
		{BackgroundShadow, 0, 100, func(in *Input, v float64) { in.Photo.Background.Shadow = v }},
		{HeadPoseYaw, 0, 40, func(in *Input, v float64) { in.Pose.YawDeg = v }},
		{HeadPosePitch, 0, -40, func(in *Input, v float64) { in.Pose.PitchDeg = v }},
		{ResolutionGained, 0.5, 3, func(in *Input, v float64) { in.Plan.Scale = v }},
		{InterEyeDistance, 200, 20, func(in *Input, v float64) { in.Plan.Head.InterEye = v }},
	} {
		t.Run(string(tt.name), func(t *testing.T) {
			in := good(t, "us-passport")
			at := func(share float64) Outcome {
				tt.set(&in, tt.clean+share*(tt.ruin-tt.clean))
				return find(t, Assess(in), tt.name).Outcome
			}
			if at(0) != Pass || at(1) != Fail {
				t.Fatalf("%s at first, %s at last", at(0), at(1))
			}
			rapid.Check(t, func(t *rapid.T) {
				a, b := rapid.Float64Range(0, 1).Draw(t, "a"), rapid.Float64Range(0, 1).Draw(t, "b")
				if less, more := at(min(a, b)), at(max(a, b)); rank(less) > rank(more) {
					t.Fatalf("%s with less of it, %s with more", less, more)
				}
			})
		})
	}
}

// speckled is a picture of noise, so that nothing in it is even.
func speckled(w, h int) *raster.Pyramid {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		v := uint8(i * 7919 >> 3)
		img.SetRGBA(i%w, i/w, color.RGBA{v, v ^ 90, 255 - v, 255})
	}
	return raster.NewPyramid(img)
}

// drawLandmarks draws points in and far around a picture, some of them the same and
// some no numbers.
func drawLandmarks(t *rapid.T) *face.Landmarks {
	l := new(face.Landmarks)
	side := rapid.SampledFrom([]float64{0, 1e-9, 3, 200, 5000, 1e12}).Draw(t, "spread")
	at := geom.Point{X: rapid.Float64Range(-300, 500).Draw(t, "x"), Y: rapid.Float64Range(-300, 500).Draw(t, "y")}
	seed := rapid.Uint64().Draw(t, "seed")
	for i := range l {
		seed = seed*6364136223846793005 + 1442695040888963407
		l[i] = at.Add(geom.Point{X: float64(seed>>40) / (1 << 24), Y: float64(seed>>20&0xfffff) / (1 << 20)}.Times(side))
	}
	if odd := rapid.SampledFrom([]float64{0, math.NaN(), math.Inf(1), -math.MaxFloat64}).Draw(t, "odd"); odd != 0 {
		l[rapid.IntRange(0, len(l)-1).Draw(t, "where")].X = odd
	}
	return l
}

func TestLandmarksFromNowhereAreMeasuredOrNotButNeverPanic(t *testing.T) {
	rapid.Check(t, fromNowhere(good(t, "us-passport").Spec))
}

func FuzzLandmarks(f *testing.F) {
	c, err := catalogue()
	if err != nil {
		f.Fatal(err)
	}
	spec, err := c.Find("us-passport")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(rapid.MakeFuzz(fromNowhere(spec)))
}

func fromNowhere(spec docspec.Spec) func(*rapid.T) {
	picture := speckled(180, 240)
	return func(t *rapid.T) {
		s := Subject{Picture: picture, Landmarks: drawLandmarks(t), Blocks: rapid.SampledFrom([]int{0, 1, 2, 4, 8}).Draw(t, "blocks")}
		traits := Examine(s)
		in := ordinary(spec)
		in.Traits, in.Landmarks, in.Photo.Light = traits, s.Landmarks, ExamineLight(s)
		in.Settings.Brightness = rapid.IntRange(0, 1).Draw(t, "light")
		report := Assess(in)
		if _, err := json.Marshal(report); err != nil {
			t.Fatalf("the report can't be written: %v", err)
		}
		for _, c := range report.Checks {
			if c.Outcome == NotAssessed && c.Value != nil && c.Limits != nil {
				t.Fatalf("%s was not assessed and has the value %v", c.Name, *c.Value)
			}
		}
	}
}

func TestWhereNothingCanBeMeasuredNothingIsPassed(t *testing.T) {
	for name, l := range map[string]*face.Landmarks{
		"all in one place": new(face.Landmarks),
		"no numbers":       {0: {X: math.NaN()}},
	} {
		in := good(t, "us-passport")
		in.Traits = Examine(Subject{Picture: speckled(100, 100), Landmarks: l, Blocks: 8})
		in.Photo.Background = Background{}
		r := Assess(in)
		for _, n := range []Name{EyesOpen, MouthClosed, ExpressionNeutrality, Gaze, RedEyes, Sharpness, Noise, IlluminationUniformity, UnderExposure, NaturalColour, BackgroundColour, BackgroundShadow, BackgroundUniformity} {
			if c := find(t, r, n); c.Outcome != NotAssessed || c.Advice == "" {
				t.Errorf("%s: %s is %s", name, n, c.Outcome)
			}
		}
		if r.Verdict == ReadyToSubmit {
			t.Errorf("%s: ready to submit", name)
		}
	}
}

func TestAnEmptyMatteOrAFullOneIsNoReasonToPanic(t *testing.T) {
	for _, v := range []float32{0, 0.5, 1} {
		m := evenMatte(v)
		b := ExamineBackground(speckled(120, 150), m, geom.Identity())
		if measured := v < matte.SureBackground; b.Measured != measured {
			t.Errorf("a matte of %v: measured is %t", v, b.Measured)
		}
	}
}

// cells is the side of a matte.
const cells = 64

// evenMatte says the same of every place.
func evenMatte(v float32) *matte.Matte {
	head := matte.Head{Centre: geom.Point{X: 60, Y: 70}, Height: 40}
	m := &matte.Matte{
		Head: head, Frame: raster.Square(head.Centre, 120, 0, cells), WholeFrame: raster.Square(head.Centre, 200, 0, cells),
		Lowest: make([]float32, cells*cells), Median: make([]float32, cells*cells), Whole: make([]float32, cells*cells),
	}
	for _, values := range [][]float32{m.Lowest, m.Median, m.Whole} {
		for i := range values {
			values[i] = v
		}
	}
	return m
}
