package pipeline

import (
	"bytes"
	"image"
	"image/png"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/edit"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/testpictures"
	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

// Places where something behind the person looks like them and a replaced
// background once showed it: in pixels of the photo, found by eye.
func TestWhereOnlyBackgroundIsNothingOfItIsLeft(t *testing.T) {
	for _, tt := range []struct {
		what  string
		of    portraits.Name
		place image.Rectangle
		most  float64 // whole pixels; once it was the one named last
	}{
		{"branches above the hair", portraits.Smiling, image.Rect(200, 0, 300, 22), 10},              // 48
		{"a curtain's hem beside the shoulder", portraits.Tilted, image.Rect(45, 465, 90, 490), 0.5}, // 2.5
	} {
		job := Job{Spec: spec(t, "us-passport"), AgeBand: photo.Adult, Format: tt.of.Format()}
		job.Settings.Background = edit.Transparent
		made := run(t, job, Material{Original: testpictures.Portrait(t, tt.of)})
		img, err := png.Decode(bytes.NewReader(made.Picture))
		if err != nil {
			t.Fatal(err)
		}
		left := 0.0
		for y := tt.place.Min.Y; y < tt.place.Max.Y; y++ {
			for x := tt.place.Min.X; x < tt.place.Max.X; x++ {
				_, _, _, a := img.At(x, y).RGBA()
				left += float64(a) / 0xffff
			}
		}
		if left > tt.most {
			t.Errorf("%s: %.1f pixels are left, at most %.1f", tt.what, left, tt.most)
		}
	}
}
