package docspec

import (
	"testing"
)

func TestADocumentThatAsksForPixelsGetsThem(t *testing.T) {
	c := load(t)
	for _, tt := range []struct {
		id                 string
		width, height, dpi int
	}{
		{"us-visa", 600, 600, 300},              // square window of 600 to 1200
		{"us-diversity-visa", 600, 600, 300},    // exactly 600
		{"in-visa", 600, 600, 300},              // 2 inches at 300 DPI lie inside 350 to 1000
		{"gb-passport-online", 600, 750, 300},   // only a least size
		{"nz-passport-online", 900, 1200, 300},  // 3:4
		{"ca-passport-online", 1200, 1800, 300}, // 2:3
		{"sg-passport", 400, 514, 290},          // 35 x 45 mm, one size in pixels
		{"fi-passport", 500, 653, 353},          // 36 x 47 mm, one size in pixels
		{"ca-visa", 420, 540, 305},              // 35 x 45 mm, a little more than 300 DPI
		{"nl-passport", 551, 709, 400},          // 400 DPI
		{"sa-visa-online", 200, 200, 300},       // small, and that is all there may be
		{"ca-citizenship", 591, 827, 300},       // above its least size anyway
		{"in-passport-online", 630, 810, 300},   // 7:9
		{"ua-passport-child", 1181, 1772, 300},  // a print of 10 x 15 cm
		{"ch-passport-online", 1440, 1980, 300}, // 8:11
		{"cn-visa-online", 354, 472, 300},       // a window of 354 to 420
		{"ee-id-card-online", 1300, 1600, 300},  // only a least size
		{"nz-visa", 413, 531, 300},              // millimetres
	} {
		s, err := c.Find(tt.id)
		if err != nil {
			t.Errorf("%s: %v", tt.id, err)
			continue
		}
		if w, h := s.PixelSize(); w != tt.width || h != tt.height || s.PrintDPI() != tt.dpi {
			t.Errorf("%s is %d x %d pixels at %d DPI, want %d x %d at %d", tt.id, w, h, s.PrintDPI(), tt.width, tt.height, tt.dpi)
		}
	}
}

func TestEveryPhotoLiesInItsDocumentsPixelWindow(t *testing.T) {
	for _, s := range all(t) {
		if s.Pixels == nil {
			continue
		}
		w, h := s.PixelSize()
		px := s.Pixels.Value
		if w < px.MinWidth || h < px.MinHeight || px.MaxWidth > 0 && w > px.MaxWidth || px.MaxHeight > 0 && h > px.MaxHeight {
			t.Errorf("%s: %d x %d pixels lie outside %+v", s.ID, w, h, px)
		}
	}
}

func TestASizeIsSaidInTheAuthoritysOwnUnit(t *testing.T) {
	c := load(t)
	for id, want := range map[string]string{
		"de-passport": "35 × 45 mm", "in-passport-online": "630 × 810 px", "sg-passport": "35 × 45 mm", "us-passport": "50.8 × 50.8 mm",
	} {
		if s, _ := c.Find(id); s.Size() != want {
			t.Errorf("%s has the size %q, want %q", id, s.Size(), want)
		}
	}
}
