package matting_test

import (
	"image"
	"image/color"
	"math"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/passportphotogenie/passportphotogenie/internal/matting"
	"github.com/passportphotogenie/passportphotogenie/internal/testmattes"
)

// drawn are the drawn heads at half of a photo's size.
var drawn = sync.OnceValue(func() []*testmattes.Truth { return testmattes.Drawn(300) })

// The bounds are what was measured and a tenth more.
func TestAlphaIsNearTheTruthOfDrawnHeads(t *testing.T) {
	bounds := map[string]float64{
		"dark hair, light wall":              0.0027,
		"dark hair, dark wall":               0.0153,
		"fair hair, white shirt, white wall": 0.0097,
		"fair hair, curtain":                 0.0099,
		"dark hair, stones":                  0.0453,
	}
	for _, truth := range drawn() {
		t.Run(truth.Name, func(t *testing.T) {
			tri := truth.Trimap(6)
			alpha, err := matting.Alpha(truth.Picture, tri, nil)
			if err != nil {
				t.Fatal(err)
			}
			if e := truth.Error(tri, alpha); e > bounds[truth.Name] {
				t.Errorf("alpha is %.4f off, at most %.4f before", e, bounds[truth.Name])
			}
		})
	}
}

// Where hair and wall mix, the error left is at most a third of the picture's own
// colours', and mostly a tenth.
func TestColoursLeaveTheOldBackgroundBehind(t *testing.T) {
	for _, truth := range drawn() {
		alpha, err := matting.Alpha(truth.Picture, truth.Trimap(6), nil)
		if err != nil {
			t.Fatal(err)
		}
		colours, err := matting.Colours(truth.Picture, alpha)
		if err != nil {
			t.Fatal(err)
		}
		found, kept, n := 0.0, 0.0, 0.0
		for i, a := range truth.Alpha {
			if a <= 0 || a >= 1 {
				continue
			}
			for c := range 3 {
				found += float64(a) * math.Abs(float64(colours.Pix[4*i+c])/255-truth.Foreground[i][c])
				kept += float64(a) * math.Abs(float64(truth.Picture.Pix[4*i+c])/255-truth.Foreground[i][c])
			}
			n += 3
		}
		if found > 0.35*kept {
			t.Errorf("%s: colours are %.4f off, the picture's own %.4f", truth.Name, found/n, kept/n)
		}
	}
}

// A white shirt before a white wall: nothing but the guess can tell.
func TestTheGuessDecidesWhereTheColoursSayNothing(t *testing.T) {
	img := filled(120, 80, color.RGBA{250, 250, 250, 255})
	tri := matting.NewTrimap(120, 80)
	guess := &matting.Guess{Alpha: make([]float32, 120*80), Weight: make([]float32, 120*80)}
	for i := range tri.Marks {
		switch x := i % 120; {
		case x >= 90:
			tri.Marks[i] = matting.Foreground
		case x >= 30:
			tri.Marks[i] = matting.Unknown
		}
		if i%120 >= 50 {
			guess.Alpha[i] = 1
		}
		guess.Weight[i] = 0.03
	}
	alpha, err := matting.Alpha(img, tri, guess)
	if err != nil {
		t.Fatal(err)
	}
	for x, want := range map[int]float32{35: 0, 70: 1, 85: 1} {
		if a := alpha[40*120+x]; math.Abs(float64(a-want)) > 0.2 {
			t.Errorf("alpha %.2f at column %d, the guess says %v", a, x, want)
		}
	}
}

func TestAlphaKeepsToItsRangeAndToWhatIsKnown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(1, 40).Draw(t, "width"), rapid.IntRange(1, 40).Draw(t, "height")
		img := image.NewRGBA(image.Rect(0, 0, w, h))
		seed := rapid.Uint32().Draw(t, "seed")
		levels := rapid.SampledFrom([]uint32{1, 2, 4, 256}).Draw(t, "levels")
		tri := matting.NewTrimap(w, h)
		marks := rapid.SampledFrom([]uint32{1, 2, 3}).Draw(t, "marks")
		first := rapid.Uint32Range(0, 2).Draw(t, "first mark")
		random := func(n uint32) uint32 {
			seed = seed*1664525 + 1013904223
			return seed >> 8 % n
		}
		for i := range tri.Marks {
			for c := range 3 {
				img.Pix[4*i+c] = uint8(random(levels) * 255 / max(levels-1, 1))
			}
			img.Pix[4*i+3] = 255
			tri.Marks[i] = matting.Mark((first + random(marks)) % 3)
		}
		alpha, err := matting.Alpha(img, tri, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i, a := range alpha {
			switch m := tri.Marks[i]; {
			case !(a >= 0 && a <= 1):
				t.Fatalf("alpha %v", a)
			case m == matting.Foreground && a != 1, m == matting.Background && a != 0:
				t.Fatalf("alpha %v where it is known to be %v", a, m)
			}
		}
		if _, err := matting.Colours(img, alpha); err != nil {
			t.Fatal(err)
		}
	})
}

// The grain of a wall makes a faint haze of what is solved for; most of the wall
// must not come into question.
func TestWhereNothingIsInDoubtAlphaIsWhole(t *testing.T) {
	for _, truth := range drawn() {
		tri := truth.Trimap(12)
		alpha, err := matting.Alpha(truth.Picture, tri, nil)
		if err != nil {
			t.Fatal(err)
		}
		whole, of := 0, 0
		for i, m := range tri.Marks {
			if m != matting.Unknown || truth.Alpha[i] > 0 && truth.Alpha[i] < 1 {
				continue
			}
			of++
			if alpha[i] == truth.Alpha[i] {
				whole++
			}
		}
		if 10*whole < 7*of {
			t.Errorf("%s: alpha is what it must be at %d of %d whole pixels", truth.Name, whole, of)
		}
	}
}

func TestTheSamePictureGivesTheSameAlpha(t *testing.T) {
	truth := drawn()[0]
	var last []float32
	for range 2 {
		alpha, err := matting.Alpha(truth.Picture, truth.Trimap(6), nil)
		if err != nil {
			t.Fatal(err)
		}
		if last != nil && !slices.Equal(last, alpha) {
			t.Error("another alpha the second time")
		}
		last = alpha
	}
}

func TestWholePixelsKeepTheirColours(t *testing.T) {
	truth := drawn()[1]
	colours, err := matting.Colours(truth.Picture, truth.Alpha)
	if err != nil {
		t.Fatal(err)
	}
	for i, a := range truth.Alpha {
		if a == 1 && !slices.Equal(colours.Pix[4*i:4*i+4], truth.Picture.Pix[4*i:4*i+4]) {
			t.Fatalf("pixel %d was %v and is %v", i, truth.Picture.Pix[4*i:4*i+4], colours.Pix[4*i:4*i+4])
		}
	}
}

func TestWhatDoesNotFitTogetherIsAnError(t *testing.T) {
	img := filled(4, 3, color.RGBA{1, 2, 3, 255})
	nan := float32(math.NaN())
	shifted := image.NewRGBA(image.Rect(1, 1, 5, 4))
	for name, f := range map[string]func() error{
		"no pixels":           func() error { _, err := matting.Alpha(&image.RGBA{}, matting.NewTrimap(0, 0), nil); return err },
		"another size":        func() error { _, err := matting.Alpha(img, matting.NewTrimap(4, 4), nil); return err },
		"another width":       func() error { _, err := matting.Alpha(img, matting.NewTrimap(3, 4), nil); return err },
		"another origin":      func() error { _, err := matting.Alpha(shifted, matting.NewTrimap(4, 3), nil); return err },
		"a guess too short":   func() error { _, err := matting.Alpha(img, matting.NewTrimap(4, 3), &matting.Guess{}); return err },
		"colours of too few":  func() error { _, err := matting.Colours(img, make([]float32, 11)); return err },
		"a weight of nothing": func() error { _, err := matting.Alpha(img, matting.NewTrimap(4, 3), evenly(12, 0.5, nan)); return err },
		"less than no weight": func() error { _, err := matting.Alpha(img, matting.NewTrimap(4, 3), evenly(12, 0.5, -1)); return err },
	} {
		if f() == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func evenly(n int, alpha, weight float32) *matting.Guess {
	return &matting.Guess{Alpha: slices.Repeat([]float32{alpha}, n), Weight: slices.Repeat([]float32{weight}, n)}
}

func filled(w, h int, c color.RGBA) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		copy(img.Pix[4*i:], []uint8{c.R, c.G, c.B, c.A})
	}
	return img
}

func BenchmarkAlpha600(b *testing.B) {
	truth := testmattes.Drawn(600)[0]
	tri := truth.Trimap(10)
	for b.Loop() {
		if _, err := matting.Alpha(truth.Picture, tri, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkColours600(b *testing.B) {
	truth := testmattes.Drawn(600)[0]
	for b.Loop() {
		if _, err := matting.Colours(truth.Picture, truth.Alpha); err != nil {
			b.Fatal(err)
		}
	}
}
