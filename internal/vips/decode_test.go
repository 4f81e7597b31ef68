package vips_test

import (
	"errors"
	"fmt"
	"image"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/testpictures"
	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

func TestEveryFormatAndColourSpaceShowsTheSamePicture(t *testing.T) {
	want := testpictures.Pixels(t, portraits.Smiling)
	faded := testpictures.OnWhite(testpictures.Alpha(want))
	grey := testpictures.OnWhite(testpictures.Grey(want))
	for _, c := range []struct {
		name      string
		file      []byte
		format    photo.Format
		want      *image.RGBA
		tolerance float64 // mean of the channels' distances, in levels of 255
	}{
		{"JPEG with an sRGB profile", testpictures.Portrait(t, portraits.Smiling), photo.JPEG, want, 1},
		{"progressive JPEG", testpictures.Progressive(t, want), photo.JPEG, want, 1.5},
		{"greyscale JPEG", testpictures.JPEG(t, testpictures.Grey(want)), photo.JPEG, grey, 1.5},
		{"CMYK JPEG", testpictures.CMYK(t, want), photo.JPEG, want, 7},
		{"CMYK JPEG without a profile", testpictures.CMYKWithoutProfile(t, want), photo.JPEG, want, 7},
		{"JPEG with a broken profile", testpictures.WithBrokenProfile(testpictures.JPEG(t, want)), photo.JPEG, want, 1.5},
		{"Display P3 JPEG", testpictures.DisplayP3(t, want), photo.JPEG, want, 1.5},
		{"PNG", testpictures.PNG(t, want), photo.PNG, want, 0},
		{"16-bit PNG", testpictures.PNG(t, testpictures.Sixteen(want)), photo.PNG, want, 0.5},
		{"greyscale PNG", testpictures.PNG(t, testpictures.Grey(want)), photo.PNG, grey, 0},
		{"palette PNG", testpictures.PNG(t, testpictures.Palette(want)), photo.PNG, testpictures.OnWhite(testpictures.Palette(want)), 0},
		{"PNG with alpha", testpictures.PNG(t, testpictures.Alpha(want)), photo.PNG, faded, 1},
		{"16-bit PNG with alpha", testpictures.PNG(t, testpictures.AlphaSixteen(want)), photo.PNG, faded, 1},
		{"WebP", testpictures.WebP(t, want), photo.WebP, want, 3},
		{"HEIC", testpictures.HEIC(t, want), photo.HEIC, want, 3},
		{"AVIF", testpictures.AVIF(t, want), photo.AVIF, want, 3},
		{"TIFF", testpictures.TIFF(t, want), photo.TIFF, want, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := decode(t, c.file, c.format)
			if d := difference(got, c.want); d > c.tolerance {
				t.Errorf("differs by %.2f levels from the picture, want at most %.2f", d, c.tolerance)
			}
			if width, height, err := start(t).Size(c.file, c.format); err != nil || image.Pt(width, height) != c.want.Rect.Size() {
				t.Errorf("Size: %d x %d, %v", width, height, err)
			}
		})
	}
}

func TestDisplayP3ColoursAreConvertedNotCopied(t *testing.T) {
	// Pure sRGB red has other numbers in P3; whoever ignores the profile sees them.
	red := image.NewRGBA(image.Rect(0, 0, 64, 64))
	for i := 0; i < len(red.Pix); i += 4 {
		copy(red.Pix[i:], []byte{220, 30, 20, 255})
	}
	file := testpictures.DisplayP3(t, red)
	if unconverted := difference(testpictures.Decode(t, file), red); unconverted < 5 {
		t.Fatalf("the test picture hardly differs in P3: %.2f levels", unconverted)
	}
	if d := difference(decode(t, file, photo.JPEG), red); d > 2 {
		t.Errorf("differs by %.2f levels", d)
	}
}

func TestEveryOrientationIsTurnedUpright(t *testing.T) {
	want := testpictures.Pixels(t, portraits.Smiling)
	region := image.Rect(430, 120, 700, 500)
	for orientation := 1; orientation <= 8; orientation++ {
		t.Run(fmt.Sprint(orientation), func(t *testing.T) {
			file := testpictures.WithOrientation(t, want, orientation)
			if d := difference(decode(t, file, photo.JPEG), want); d > 2 {
				t.Errorf("whole picture differs by %.2f levels", d)
			}
			crop, err := start(t).Decode(file, photo.JPEG, 1, region)
			if err != nil {
				t.Fatal(err)
			}
			if crop.Rect.Min != (image.Point{}) {
				t.Errorf("bounds %v do not begin at the origin", crop.Rect)
			}
			if d := difference(crop, testpictures.OnWhite(want.SubImage(region))); d > 2 {
				t.Errorf("region differs by %.2f levels", d)
			}
			width, height, err := start(t).Size(file, photo.JPEG)
			if err != nil || image.Pt(width, height) != want.Rect.Size() {
				t.Errorf("Size: %d x %d, %v", width, height, err)
			}
		})
	}
}

func TestAShrunkJPEGIsTheSamePictureInFewerPixels(t *testing.T) {
	full := testpictures.Pixels(t, portraits.Smiling)
	full = testpictures.OnWhite(full.SubImage(image.Rect(0, 0, 904, 1136)))
	file := testpictures.WithOrientation(t, full, 6)
	for _, shrink := range []int{2, 4, 8} {
		img, err := start(t).Decode(file, photo.JPEG, shrink, all)
		if err != nil {
			t.Fatal(err)
		}
		if d := difference(img, testpictures.Scaled(full, 1/float64(shrink))); d > 4 {
			t.Errorf("by %d: differs by %.2f levels", shrink, d)
		}
	}
}

func TestARegionOutsideThePictureIsAnError(t *testing.T) {
	file := testpictures.Portrait(t, portraits.Smiling)
	if _, err := start(t).Decode(file, photo.JPEG, 1, image.Rect(5000, 5000, 5010, 5010)); err == nil {
		t.Error("pixels from outside the picture")
	}
}

func TestAFileAtFaultIsRefusedWithItsReason(t *testing.T) {
	portrait := testpictures.Pixels(t, portraits.Smiling)
	jpeg, png := testpictures.JPEG(t, portrait), testpictures.PNG(t, portrait)
	for _, c := range []struct {
		name   string
		file   []byte
		format photo.Format
		want   photo.Reason
	}{
		{"half a JPEG", testpictures.Truncated(jpeg), photo.JPEG, photo.Unreadable},
		{"half a progressive JPEG", testpictures.Truncated(testpictures.Progressive(t, portrait)), photo.JPEG, photo.Unreadable},
		{"half a PNG", testpictures.Truncated(png), photo.PNG, photo.Unreadable},
		{"half a WebP", testpictures.Truncated(testpictures.WebP(t, portrait)), photo.WebP, photo.Unreadable},
		{"half a HEIC", testpictures.Truncated(testpictures.HEIC(t, portrait)), photo.HEIC, photo.Unreadable},
		{"half an AVIF", testpictures.Truncated(testpictures.AVIF(t, portrait)), photo.AVIF, photo.Unreadable},
		{"half a TIFF", testpictures.Truncated(testpictures.TIFF(t, portrait)), photo.TIFF, photo.Unreadable},
		{"a PNG declared as JPEG", png, photo.JPEG, photo.Unreadable},
		{"a JPEG declared as PNG", jpeg, photo.PNG, photo.Unreadable},
		{"a JPEG declared as TIFF", jpeg, photo.TIFF, photo.Unreadable},
		{"an unknown format", jpeg, "gif", photo.Unreadable},
		{"an SVG declared as PNG", []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>`), photo.PNG, photo.Unreadable},
		{"garbage", []byte("this is no picture at all, whatever its name says"), photo.JPEG, photo.Unreadable},
		{"nothing", nil, photo.JPEG, photo.Unreadable},
		{"a PNG bomb", testpictures.PNGBomb(t), photo.PNG, photo.TooManyPixels},
		{"a PNG header of 100 megapixels", testpictures.HugePNGHeader(), photo.PNG, photo.TooManyPixels},
		{"a JPEG header of 100 megapixels", testpictures.HugeJPEGHeader(t), photo.JPEG, photo.TooManyPixels},
		{"an animated WebP", testpictures.AnimatedWebP(t, portrait), photo.WebP, photo.Animated},
	} {
		t.Run(c.name, func(t *testing.T) {
			img, err := start(t).Decode(c.file, c.format, 1, all)
			if !errors.Is(err, c.want) {
				t.Errorf("error %v, want %s", err, c.want)
			}
			if img != nil {
				t.Errorf("pixels came out: %v", img.Rect)
			}
		})
	}
}

func TestBytesAfterTheEndOfAJPEGDoNoHarm(t *testing.T) {
	// Telephones append depth maps and films.
	file := append(testpictures.Portrait(t, portraits.Smiling), make([]byte, 1000)...)
	decode(t, file, photo.JPEG)
}

func BenchmarkDecode(b *testing.B) {
	sharp := testpictures.Megapixels(b, 12)
	for _, shrink := range []int{1, 2, 4} {
		b.Run(fmt.Sprintf("12MP/shrink=%d", shrink), func(b *testing.B) {
			for b.Loop() {
				if _, err := start(b).Decode(sharp, photo.JPEG, shrink, all); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
