package intake

import (
	"bytes"
	"encoding/base64"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/testpictures"
	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

func TestTheKindAndSizeOfAPictureAreReadFromItsFirstBytes(t *testing.T) {
	img := testpictures.Scaled(testpictures.Pixels(t, portraits.Smiling), 0.5)
	w, h := img.Rect.Dx(), img.Rect.Dy()
	for _, tt := range []struct {
		name string
		file []byte
		want photo.Original
	}{
		{"jpeg", testpictures.JPEG(t, img), photo.Original{Format: photo.JPEG, Width: w, Height: h}},
		{"progressive jpeg", testpictures.Progressive(t, img), photo.Original{Format: photo.JPEG, Width: w, Height: h}},
		{"jpeg with its size behind a long colour profile", testpictures.CMYK(t, img), photo.Original{Format: photo.JPEG}},
		{"png", testpictures.PNG(t, img), photo.Original{Format: photo.PNG, Width: w, Height: h}},
		{"16-bit png", testpictures.PNG(t, testpictures.Sixteen(img)), photo.Original{Format: photo.PNG, Width: w, Height: h}},
		{"webp", testpictures.WebP(t, img), photo.Original{Format: photo.WebP, Width: w, Height: h}},
		{"heic, which is coded in even sizes", testpictures.HEIC(t, img), photo.Original{Format: photo.HEIC, Width: w + w%2, Height: h + h%2}},
		{"avif", testpictures.AVIF(t, img), photo.Original{Format: photo.AVIF, Width: w, Height: h}},
		{"half a jpeg", testpictures.Truncated(testpictures.JPEG(t, img)), photo.Original{Format: photo.JPEG, Width: w, Height: h}},
		{"a jpeg without a frame", []byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00"), photo.Original{Format: photo.JPEG}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := newSource(bytes.NewReader(tt.file)).sniff()
			if err != nil || !cmp.Equal(got, tt.want) {
				t.Errorf("got %+v, error %v, want %+v", got, err, tt.want)
			}
		})
	}
}

func TestATIFFIsTakenWhereverItsHeaderLies(t *testing.T) {
	img := testpictures.Pixels(t, portraits.Smiling)
	got, err := newSource(bytes.NewReader(testpictures.TIFF(t, img))).sniff()
	if err != nil || got.Format != photo.TIFF {
		t.Errorf("got %+v, error %v", got, err)
	}
}

func TestWhatIsNoStillPictureIsRefusedByItsContent(t *testing.T) {
	img := testpictures.Scaled(testpictures.Pixels(t, portraits.Smiling), 0.1)
	plain := testpictures.PNG(t, img)
	moving := append(bytes.Clone(plain[:33]), "\x00\x00\x00\x08acTL\x00\x00\x00\x02\x00\x00\x00\x00\xc3\xd9\x19\x67"...)
	moving = append(moving, plain[33:]...)
	gif, err := base64.StdEncoding.DecodeString("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		file []byte
		want error
	}{
		{"gif", gif, UnsupportedError{"a GIF"}},
		{"svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg"></svg>`), UnsupportedError{"an SVG drawing"}},
		{"pdf", []byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), UnsupportedError{"a PDF document"}},
		{"html", []byte("<!doctype html><title>x</title>"), UnsupportedError{"a web page"}},
		{"text", []byte("this is no picture"), UnsupportedError{"a text file"}},
		{"noise", []byte{0, 1, 2, 3, 250, 251}, UnsupportedError{}},
		{"nothing", nil, ErrEmpty},
		{"animated webp", testpictures.AnimatedWebP(t, img), photo.Animated},
		{"animated png", moving, photo.Animated},
		{"animated heic", []byte("\x00\x00\x00\x18ftyphevc\x00\x00\x00\x00hevcmsf1"), photo.Animated},
		{"animated avif", []byte("\x00\x00\x00\x18ftypavis\x00\x00\x00\x00avismsf1"), photo.Animated},
		{"png of 100 megapixels", testpictures.HugePNGHeader(), photo.TooManyPixels},
		{"jpeg of too many pixels", testpictures.HugeJPEGHeader(t), photo.TooManyPixels},
		{"png bomb", testpictures.PNGBomb(t), photo.TooManyPixels},
		{"avif of too many pixels", []byte("\x00\x00\x00\x18ftypavif\x00\x00\x00\x00avifmif1\x00\x00\x00\x14ispe\x00\x00\x00\x00\x00\x00\x40\x00\x00\x00\x40\x00"), photo.TooManyPixels},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := newSource(bytes.NewReader(tt.file)).sniff(); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

// FuzzSniff looks for a header that crashes the door.
func FuzzSniff(f *testing.F) {
	f.Add(testpictures.HugePNGHeader())
	f.Add([]byte("\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic\x00\x00\x00\x14ispe"))
	f.Add([]byte("RIFF\x10\x00\x00\x00WEBPVP8X"))
	f.Fuzz(func(t *testing.T, file []byte) {
		o, err := newSource(bytes.NewReader(file)).sniff()
		if err == nil && (o.Width < 0 || o.Height < 0 || o.Width*o.Height > photo.MaxPixels) {
			t.Errorf("a size of %d x %d", o.Width, o.Height)
		}
	})
}
