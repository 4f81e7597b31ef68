package pipeline

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"slices"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/check"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/testpictures"
	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

func outcome(t *testing.T, r check.Report, name check.Name) check.Outcome {
	t.Helper()
	i := slices.IndexFunc(r.Checks, func(c check.Check) bool { return c.Name == name })
	if i < 0 {
		t.Fatalf("no check %s", name)
	}
	return r.Checks[i].Outcome
}

// What anybody sees in the portraits, the report says too.
func TestTheReportSaysWhatAPersonSees(t *testing.T) {
	for _, tt := range []struct {
		portrait portraits.Name
		document string
		check    check.Name
		want     check.Outcome
	}{
		{portraits.Smiling, "gb-passport", check.MouthClosed, check.Fail},
		{portraits.Smiling, "gb-passport", check.ExpressionNeutrality, check.Fail},
		{portraits.Smiling, "us-passport", check.BackgroundUniformity, check.Fail}, // flags and a curtain
		{portraits.Smiling, "us-passport", check.BackgroundColour, check.Fail},
		{portraits.Smiling, "us-passport", check.EyesOpen, check.Pass},
		{portraits.Smiling, "us-passport", check.Gaze, check.Pass},
		{portraits.Smiling, "us-passport", check.HeadPoseYaw, check.Pass},
		{portraits.Smiling, "us-passport", check.Sharpness, check.Pass},
		{portraits.Smiling, "us-passport", check.NaturalColour, check.Pass},
		{portraits.Smiling, "us-passport", check.PhotoAge, check.Fail}, // of 2012, says the camera
		{portraits.Tilted, "us-passport", check.MouthClosed, check.Pass},
		{portraits.Tilted, "us-passport", check.ExpressionNeutrality, check.Pass},
		{portraits.Tilted, "us-passport", check.HeadPoseRoll, check.Warn},
		{portraits.Astronaut, "us-passport", check.EyesOpen, check.Pass},
		{portraits.Astronaut, "us-passport", check.InterEyeDistance, check.Fail},
		{portraits.Astronaut, "us-passport", check.PhotoAge, check.NotAssessed},
	} {
		_, r := develop(t, tt.document, tt.portrait.Format(), testpictures.Portrait(t, tt.portrait))
		if got := outcome(t, r, tt.check); got != tt.want {
			t.Errorf("%s for %s: %s is %s, want %s", tt.portrait, tt.document, tt.check, got, tt.want)
		}
	}
}

func TestAReplacedBackgroundIsMeasuredAndPasses(t *testing.T) {
	_, r := develop(t, "jp-evisa", photo.JPEG, testpictures.Portrait(t, portraits.Smiling))
	if !r.Formatting.BackgroundReplaced {
		t.Fatal("the background was not replaced")
	}
	for _, n := range []check.Name{check.BackgroundColour, check.BackgroundUniformity, check.BackgroundShadow} {
		if got := outcome(t, r, n); got != check.Pass {
			t.Errorf("%s is %s", n, got)
		}
	}
}

// each returns the picture with every channel changed.
func each(img *image.RGBA, f func(v float64, channel int) float64) *image.RGBA {
	out := image.NewRGBA(img.Rect)
	for i, v := range img.Pix {
		if i%4 == 3 {
			out.Pix[i] = v
			continue
		}
		out.Pix[i] = uint8(math.Round(min(max(f(float64(v), i%4), 0), 255)))
	}
	return out
}

// box averages squares of 2 n + 1 pixels.
func box(img *image.RGBA, n int) *image.RGBA {
	out := image.NewRGBA(img.Rect)
	w, h := img.Rect.Dx(), img.Rect.Dy()
	for y := range h {
		for x := range w {
			var sum [3]int
			count := 0
			for v := max(y-n, 0); v <= min(y+n, h-1); v++ {
				for u := max(x-n, 0); u <= min(x+n, w-1); u++ {
					for c := range sum {
						sum[c] += int(img.Pix[v*img.Stride+4*u+c])
					}
					count++
				}
			}
			out.SetRGBA(x, y, color.RGBA{uint8(sum[0] / count), uint8(sum[1] / count), uint8(sum[2] / count), 255})
		}
	}
	return out
}

// Real pixels made worse step by step: what was measured moves one way only, and the
// check ends where it must.
func TestAPictureMadeWorseNeverMeasuresBetter(t *testing.T) {
	img := testpictures.Pixels(t, portraits.Smiling)
	for _, tt := range []struct {
		check  check.Name
		rising bool
		last   check.Outcome
		steps  []float64
		make   func(step float64) image.Image
		jpeg   func(step float64) int
	}{
		{check: check.Sharpness, last: check.Fail, steps: []float64{0, 1, 2, 4}, make: func(s float64) image.Image { return box(img, int(s)) }},
		{check: check.UnderExposure, rising: true, last: check.Fail, steps: []float64{1, 0.5, 0.25, 0.1}, make: func(s float64) image.Image {
			return each(img, func(v float64, _ int) float64 { return s * v })
		}},
		{check: check.OverExposure, rising: true, last: check.Fail, steps: []float64{1, 1.3, 1.8, 3}, make: func(s float64) image.Image {
			return each(img, func(v float64, _ int) float64 { return s * v })
		}},
		{check: check.DynamicRange, last: check.Fail, steps: []float64{1, 0.5, 0.25, 0.12}, make: func(s float64) image.Image {
			return each(img, func(v float64, _ int) float64 { return 128 + s*(v-128) })
		}},
		{check: check.NaturalColour, rising: true, last: check.Fail, steps: []float64{1, 0.7, 0.5, 0.35}, make: func(s float64) image.Image {
			return each(img, func(v float64, c int) float64 {
				if c == 0 {
					return s * v
				}
				return v
			})
		}},
		{check: check.CompressionArtifacts, rising: true, last: check.Fail, steps: []float64{95, 60, 30, 8}, make: func(float64) image.Image { return img }, jpeg: func(s float64) int { return int(s) }},
	} {
		t.Run(string(tt.check), func(t *testing.T) {
			before, last := math.Inf(1), check.Outcome("")
			if tt.rising {
				before = math.Inf(-1)
			}
			for _, step := range tt.steps {
				quality := 95
				if tt.jpeg != nil {
					quality = tt.jpeg(step)
				}
				var file bytes.Buffer
				if err := jpeg.Encode(&file, tt.make(step), &jpeg.Options{Quality: quality}); err != nil {
					t.Fatal(err)
				}
				result, r := develop(t, "us-passport", photo.JPEG, file.Bytes())
				if result.Reason != "" {
					t.Fatalf("step %v: rejected, %s", step, result.Reason)
				}
				now := value(t, r, tt.check)
				if tt.rising && now < before || !tt.rising && now > before {
					t.Errorf("step %v measures %.3f, the one before %.3f", step, now, before)
				}
				before, last = now, outcome(t, r, tt.check)
			}
			if last != tt.last {
				t.Errorf("the worst is %s, want %s", last, tt.last)
			}
		})
	}
}
