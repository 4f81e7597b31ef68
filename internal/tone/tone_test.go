package tone

import (
	"image"
	"image/color"
	"testing"

	"pgregory.net/rapid"

	"github.com/passportphotogenie/passportphotogenie/internal/edit"
)

// wedge is a picture of all greys from left to right.
func wedge() *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, 256, 4))
	for x := range 256 {
		for y := range 4 {
			img.SetRGBA(x, y, color.RGBA{uint8(x), uint8(x), uint8(x), 255})
		}
	}
	return img
}

func TestEachSettingDoesWhatItsNameSays(t *testing.T) {
	for _, tt := range []struct {
		name   string
		s      edit.Settings
		x      int
		change func(before, after color.RGBA) bool
	}{
		{"brighter", edit.Settings{Brightness: 50}, 128, func(b, a color.RGBA) bool { return a.R > b.R+10 && a.R < b.R+60 }},
		{"darker", edit.Settings{Brightness: -50}, 128, func(b, a color.RGBA) bool { return a.R < b.R-10 && a.R > b.R-60 }},
		{"brighter keeps white", edit.Settings{Brightness: 100}, 255, func(b, a color.RGBA) bool { return a == b }},
		{"darker keeps black", edit.Settings{Brightness: -100}, 0, func(b, a color.RGBA) bool { return a == b }},
		{"more contrast lightens light", edit.Settings{Contrast: 100}, 192, func(b, a color.RGBA) bool { return a.R > b.R+5 }},
		{"more contrast darkens dark", edit.Settings{Contrast: 100}, 64, func(b, a color.RGBA) bool { return a.R < b.R-5 }},
		{"less contrast keeps the middle", edit.Settings{Contrast: -100}, 128, func(b, a color.RGBA) bool { return a.R == b.R }},
		{"less contrast greys white", edit.Settings{Contrast: -100}, 255, func(_, a color.RGBA) bool { return a.R < 230 && a.R > 200 }},
		{"warmer", edit.Settings{Warmth: 100}, 128, func(b, a color.RGBA) bool { return a.R > b.R && a.B < b.B }},
		{"cooler", edit.Settings{Warmth: -100}, 128, func(b, a color.RGBA) bool { return a.R < b.R && a.B > b.B }},
	} {
		img := wedge()
		before, after := img.RGBAAt(tt.x, 1), Apply(img, tt.s).RGBAAt(tt.x, 1)
		if !tt.change(before, after) {
			t.Errorf("%s: %v became %v", tt.name, before, after)
		}
	}
}

func TestNoSettingMakesALighterGreyDarkerThanADarkerOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		light := rapid.IntRange(-100, 100)
		s := edit.Settings{Brightness: light.Draw(t, "brightness"), Contrast: light.Draw(t, "contrast"), Warmth: light.Draw(t, "warmth")}
		img := Apply(wedge(), s)
		for x := 1; x < 256; x++ {
			a, b := img.RGBAAt(x-1, 0), img.RGBAAt(x, 0)
			if b.R < a.R || b.G < a.G || b.B < a.B {
				t.Fatalf("%+v: %v at %d, %v at %d", s, a, x-1, b, x)
			}
		}
	})
}

func TestWithoutSettingsThePictureIsTheSame(t *testing.T) {
	img := wedge()
	if Apply(img, edit.Settings{TurnDeg: 3}) != img {
		t.Error("a copy was made")
	}
}

func TestSharpeningSteepensAnEdgeAndLeavesFlatPlaces(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 20, 8))
	for i := 0; i < len(img.Pix); i += 4 {
		v := uint8(100)
		if i/4%20 >= 10 {
			v = 150
		}
		copy(img.Pix[i:], []uint8{v, v, v, 255})
	}
	got := Apply(img, edit.Settings{Sharpness: 100})
	if got.RGBAAt(9, 4).R >= 100 || got.RGBAAt(10, 4).R <= 150 {
		t.Errorf("at the edge %v and %v", got.RGBAAt(9, 4), got.RGBAAt(10, 4))
	}
	if got.RGBAAt(2, 4).R != 100 || got.RGBAAt(17, 4).R != 150 {
		t.Errorf("in flat places %v and %v", got.RGBAAt(2, 4), got.RGBAAt(17, 4))
	}
}
