package pipeline

import (
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/check"
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/testpictures"
	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

// An office that crops by itself gets the picture as it was taken, upright.
func TestAnUncroppedPhotoHasThePixelsOfTheOriginal(t *testing.T) {
	img := testpictures.Pixels(t, portraits.Smiling)
	for quarters := range 4 {
		job := Job{Spec: spec(t, "gb-passport"), AgeBand: photo.Adult, Format: photo.PNG}
		job.Spec.Delivery.Value = docspec.Uncropped
		m := run(t, job, Material{Original: testpictures.PNG(t, testpictures.Turned(img, quarters))})
		got := testpictures.Decode(t, m.Picture)
		if got.Rect.Dx() < img.Rect.Dx()-1 || got.Rect.Dy() < img.Rect.Dy()-1 {
			t.Fatalf("on its side by %d quarters it has %v of %v pixels", quarters, got.Rect, img.Rect)
		}
		sum, n := 0, 0
		for y := 0; y < got.Rect.Dy(); y += 7 {
			for x := 0; x < got.Rect.Dx(); x += 7 {
				a, b := got.RGBAAt(x, y), img.RGBAAt(x, y)
				sum += max(int(a.G)-int(b.G), int(b.G)-int(a.G))
				n++
			}
		}
		if off := float64(sum) / float64(n); off > 1.5 {
			t.Errorf("on its side by %d quarters its pixels are %.1f levels from the original's", quarters, off)
		}
		for _, c := range m.report.Checks {
			if (c.Name == check.HeadHeight || c.Name == check.EyeLine) && c.Outcome != check.NotAssessed {
				t.Errorf("%s is %s", c.Name, c.Outcome)
			}
		}
	}
}
