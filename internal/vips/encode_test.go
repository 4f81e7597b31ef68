package vips_test

import (
	"bytes"
	"encoding/binary"
	"image"
	"strconv"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/testpictures"
	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

func TestAnEncodedJPEGHoldsThePictureAtFullColourResolution(t *testing.T) {
	for _, quality := range []int{95, 60} {
		t.Run(strconv.Itoa(quality), func(t *testing.T) { holdsThePicture(t, quality) })
	}
}

func holdsThePicture(t *testing.T, quality int) {
	want := testpictures.Pixels(t, portraits.Smiling)
	file, err := start(t).EncodeJPEG(want, quality, 300)
	if err != nil {
		t.Fatal(err)
	}
	if d := difference(testpictures.Decode(t, file), want); d > 1.5+float64(95-quality)/10 {
		t.Errorf("differs by %.2f levels", d)
	}
	frame := segment(t, file, 0xc0)
	if components := frame[5]; components != 3 {
		t.Fatalf("%d components", components)
	}
	for c := range 3 {
		if sampling := frame[7+3*c]; sampling != 0x11 {
			t.Errorf("component %d is sampled %#x, want 0x11", c+1, sampling)
		}
	}
}

func TestTheOnlyMetadataOfAnEncodedJPEGAreItsResolutionAndProfile(t *testing.T) {
	for _, dpi := range []int{300, 301, 600} {
		file, err := start(t).EncodeJPEG(testpictures.Pixels(t, portraits.Astronaut), 95, dpi)
		if err != nil {
			t.Fatal(err)
		}
		for marker, content := range segments(t, file) {
			profile := marker == 0xe2 && bytes.HasPrefix(content, []byte("ICC_PROFILE\x00")) && bytes.Contains(content, []byte("mntrRGB XYZ"))
			if (marker == 0xfe || marker > 0xe0 && marker <= 0xef) && !profile {
				t.Errorf("holds a segment %#x", marker)
			}
		}
		if icc := segment(t, file, 0xe2); len(icc) > 500 {
			t.Errorf("the profile takes %d bytes", len(icc))
		}
		jfif := segment(t, file, 0xe0)
		if !bytes.HasPrefix(jfif, []byte("JFIF\x00")) {
			t.Fatalf("no JFIF header: %q", jfif)
		}
		x, y := binary.BigEndian.Uint16(jfif[8:]), binary.BigEndian.Uint16(jfif[10:])
		if unit := jfif[7]; unit != 1 || int(x) != dpi || int(y) != dpi {
			t.Errorf("density %d x %d in unit %d, want %d dots per inch", x, y, unit, dpi)
		}
	}
}

// libvips reads the profile and finds nothing to convert.
func TestThePictureIsTheSameReadThroughItsProfile(t *testing.T) {
	want := testpictures.Pixels(t, portraits.Smiling)
	file, err := start(t).EncodeJPEG(want, 100, 300)
	if err != nil {
		t.Fatal(err)
	}
	got, err := start(t).Decode(file, photo.JPEG, 1, image.Rectangle{})
	if err != nil {
		t.Fatal(err)
	}
	if d := difference(got, testpictures.Decode(t, file)); d > 0.3 {
		t.Errorf("differs by %.2f levels from the picture without its profile", d)
	}
}

func TestShrinkKeepsTheProportions(t *testing.T) {
	portrait := testpictures.Pixels(t, portraits.Smiling) // 910 x 1137
	for _, c := range []struct{ longSide, width, height int }{
		{640, 512, 640}, {1280, 1024, 1280}, {2274, 1820, 2274},
	} {
		file, width, height, err := start(t).Shrink(portrait, c.longSide)
		if err != nil {
			t.Fatal(err)
		}
		if width != c.width || height != c.height {
			t.Errorf("to %d: says %d x %d, want %d x %d", c.longSide, width, height, c.width, c.height)
		}
		got := testpictures.Decode(t, file)
		if got.Rect.Size() != image.Pt(c.width, c.height) {
			t.Fatalf("to %d: file is %v", c.longSide, got.Rect.Size())
		}
		want := testpictures.Scaled(portrait, float64(c.longSide)/1137)
		if d := difference(got, want); d > 4 {
			t.Errorf("to %d: differs by %.2f levels", c.longSide, d)
		}
	}
}

func TestOddAndTinySizesSurviveTheWayThroughBimg(t *testing.T) {
	portrait := testpictures.Pixels(t, portraits.Smiling)
	for _, size := range []image.Point{{1, 1}, {3, 200}, {16, 64}, {17, 65}, {413, 531}} {
		// At an offset: a part of a larger picture has a stride of its own.
		part := portrait.SubImage(image.Rectangle{Max: size}.Add(image.Pt(400, 300))).(*image.RGBA)
		file, err := start(t).EncodeJPEG(part, 100, 300)
		if err != nil {
			t.Fatal(err)
		}
		if d := difference(testpictures.Decode(t, file), testpictures.OnWhite(part)); d > 1.5 {
			t.Errorf("%v: differs by %.2f levels", size, d)
		}
	}
}

func TestNoPixelsCannotBeEncoded(t *testing.T) {
	if _, err := start(t).EncodeJPEG(image.NewRGBA(image.Rectangle{}), 95, 300); err == nil {
		t.Error("a JPEG of nothing")
	}
	if _, _, _, err := start(t).Shrink(image.NewRGBA(image.Rectangle{}), 640); err == nil {
		t.Error("a shrunk nothing")
	}
}

// segments returns a JPEG's segments up to the first scan, without their length.
func segments(t *testing.T, file []byte) map[byte][]byte {
	t.Helper()
	found := map[byte][]byte{}
	for at := 2; at+4 <= len(file) && file[at+1] != 0xda; {
		length := int(binary.BigEndian.Uint16(file[at+2:]))
		found[file[at+1]] = file[at+4 : at+2+length]
		at += 2 + length
	}
	return found
}

func segment(t *testing.T, file []byte, marker byte) []byte {
	t.Helper()
	s, ok := segments(t, file)[marker]
	if !ok {
		t.Fatalf("the JPEG has no segment %#x", marker)
	}
	return s
}

func BenchmarkShrink(b *testing.B) {
	portrait := testpictures.Pixels(b, portraits.Smiling)
	for b.Loop() {
		if _, _, _, err := start(b).Shrink(portrait, 640); err != nil {
			b.Fatal(err)
		}
	}
}
