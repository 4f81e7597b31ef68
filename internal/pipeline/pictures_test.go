package pipeline

import (
	"fmt"
	"image"
	"math"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/check"
	"github.com/passportphotogenie/passportphotogenie/internal/crop"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/testpictures"
	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

// Whatever the file looks like inside, the same portrait gives the same photo.
func TestEveryKindOfFileGivesTheSamePhoto(t *testing.T) {
	img := testpictures.Pixels(t, portraits.Smiling)
	type upload struct {
		name   string
		format photo.Format
		file   []byte
	}
	uploads := []upload{
		{"progressive JPEG", photo.JPEG, testpictures.Progressive(t, img)},
		{"CMYK JPEG", photo.JPEG, testpictures.CMYK(t, img)},
		{"grey JPEG", photo.JPEG, testpictures.JPEG(t, testpictures.Grey(img))},
		{"16-bit PNG", photo.PNG, testpictures.PNG(t, testpictures.Sixteen(img))},
		{"PNG with alpha", photo.PNG, testpictures.PNG(t, testpictures.Alpha(img))},
		{"WebP", photo.WebP, testpictures.WebP(t, img)},
		{"HEIC", photo.HEIC, testpictures.HEIC(t, img)},
		{"AVIF", photo.AVIF, testpictures.AVIF(t, img)},
		{"TIFF", photo.TIFF, testpictures.TIFF(t, img)},
		{"12 megapixels", photo.JPEG, testpictures.Megapixels(t, 12)},
	}
	for o := 1; o <= 8; o++ {
		uploads = append(uploads, upload{fmt.Sprintf("EXIF orientation %d", o), photo.JPEG, testpictures.WithOrientation(t, img, o)})
	}
	for q := 1; q <= 3; q++ {
		uploads = append(uploads, upload{fmt.Sprintf("on its side, %d quarters, and no tag", q), photo.JPEG, testpictures.JPEG(t, testpictures.Turned(img, q))})
	}
	_, plain := planned(t, "gb-passport", photo.JPEG, testpictures.Portrait(t, portraits.Smiling))
	for _, u := range uploads {
		t.Run(u.name, func(t *testing.T) {
			if r, _ := develop(t, "gb-passport", u.format, u.file); r.Reason != "" {
				t.Fatalf("rejected: %s", r.Reason)
			}
			_, plan := planned(t, "gb-passport", u.format, u.file)
			for _, m := range []struct {
				what      string
				got, want geom.MM
			}{
				{"head height", plan.Head.HeightHair, plain.Head.HeightHair},
				{"eye line", plan.Head.EyeLine, plain.Head.EyeLine},
			} {
				if math.Abs(float64(m.got-m.want)) > 0.3 {
					t.Errorf("%s is %.2f mm, of the plain JPEG %.2f", m.what, m.got, m.want)
				}
			}
		})
	}
}

func TestAPictureWithoutAPhotoInItIsRejectedWithItsReason(t *testing.T) {
	smiling := testpictures.Portrait(t, portraits.Smiling)
	for _, tt := range []struct {
		name   string
		format photo.Format
		file   []byte
		want   photo.Reason
	}{
		{"no face", photo.JPEG, testpictures.JPEG(t, testpictures.NoFace()), photo.NoFace},
		{"two faces", photo.JPEG, testpictures.JPEG(t, testpictures.TwoFaces(t)), photo.SeveralFaces},
		{"a face of 60 px", photo.JPEG, testpictures.JPEG(t, testpictures.SmallFace(t, 60)), photo.FaceTooSmall},
		{"a head cut by the edge", photo.JPEG, testpictures.JPEG(t, testpictures.CutFace(t)), photo.FaceCutOff},
		{"a truncated JPEG", photo.JPEG, testpictures.Truncated(smiling), photo.Unreadable},
		{"a truncated PNG", photo.PNG, testpictures.Truncated(testpictures.Portrait(t, portraits.Astronaut)), photo.Unreadable},
		{"a PNG called JPEG", photo.JPEG, testpictures.Portrait(t, portraits.Astronaut), photo.Unreadable},
		{"a PNG bomb", photo.PNG, testpictures.PNGBomb(t), photo.TooManyPixels},
		{"a 100-megapixel header", photo.JPEG, testpictures.HugeJPEGHeader(t), photo.TooManyPixels},
		{"a moving picture", photo.WebP, testpictures.AnimatedWebP(t, testpictures.Pixels(t, portraits.Astronaut)), photo.Animated},
		{"nothing", photo.JPEG, []byte{0xff, 0xd8, 0xff}, photo.Unreadable},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, _ := develop(t, "us-passport", tt.format, tt.file)
			if r.Reason != tt.want {
				t.Errorf("reason %q, want %q", r.Reason, tt.want)
			}
			if len(r.Picture) > 0 {
				t.Error("there is a photo all the same")
			}
		})
	}
}

func TestAFaceTooSmallForPrintSaysSo(t *testing.T) {
	for _, id := range documents() {
		_, report := develop(t, id, photo.PNG, testpictures.Portrait(t, portraits.Astronaut))
		if report.Verdict != check.TakeAnother {
			t.Errorf("%s: verdict %s", id, report.Verdict)
		}
		if got := value(t, report, check.ResolutionGained); got < 200 {
			t.Errorf("%s: enlarged to %.0f %% only", id, got)
		}
	}
}

// Under format_only nothing may be done but crop, turn and scale: each pixel of
// the photo is the original's at that place.
func TestThePhotosPixelsAreTheOriginals(t *testing.T) {
	for _, n := range []portraits.Name{portraits.Smiling, portraits.Tilted} {
		_, plan := planned(t, "us-passport", photo.JPEG, testpictures.Portrait(t, n))
		r, _ := develop(t, "us-passport", photo.JPEG, testpictures.Portrait(t, n))
		got, want := testpictures.Decode(t, r.Picture), testpictures.Pixels(t, n)
		if off := distance(got, want, plan); off > 4 {
			t.Errorf("%s: the photo differs from the original by %.1f levels on average", n, off)
		}
		plan.ToPhoto.X += 8
		if off := distance(got, want, plan); off < 6 {
			t.Errorf("%s: the measure does not notice a shift of 8 pixels: %.1f levels", n, off)
		}
	}
}

// distance is the mean difference of a colour channel, in levels of 255, over a
// grid of places.
func distance(got, original *image.RGBA, plan crop.Plan) float64 {
	back := plan.ToPhoto.Inverse()
	sum, n := 0.0, 0
	for y := 10; y < plan.Height-10; y += 3 {
		for x := 10; x < plan.Width-10; x += 3 {
			p := back.Apply(geom.Point{X: float64(x) + 0.5, Y: float64(y) + 0.5})
			i, j := got.PixOffset(x, y), original.PixOffset(int(p.X), int(p.Y))
			for c := range 3 {
				sum += math.Abs(float64(got.Pix[i+c]) - float64(original.Pix[j+c]))
				n++
			}
		}
	}
	return sum / float64(n)
}
