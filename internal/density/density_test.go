package density

import (
	"bytes"
	"image"
	"image/png"
	"testing"
)

func TestAJPEGsHeaderIsReplaced(t *testing.T) {
	bare := []byte("\xff\xd8\xff\xdbtables and pixels\xff\xd9")
	low, high := JPEG(bare, 72), JPEG(bare, 600)
	if bytes.Equal(low, high) {
		t.Fatal("the resolution leaves no trace")
	}
	if again := JPEG(low, 600); !bytes.Equal(again, high) {
		t.Errorf("got %q, want %q", again, high)
	}
}

func TestAPNGSaysItsResolutionAndIsStillAPNG(t *testing.T) {
	var file bytes.Buffer
	if err := png.Encode(&file, image.NewGray(image.Rect(0, 0, 3, 2))); err != nil {
		t.Fatal(err)
	}
	got := PNG(file.Bytes(), 300)
	if _, err := png.Decode(bytes.NewReader(got)); err != nil {
		t.Fatal(err)
	}
	// 300 dots per inch are 11811 per metre: 0x2e23.
	if want := []byte("pHYs\x00\x00\x2e\x23\x00\x00\x2e\x23\x01"); !bytes.Contains(got, want) {
		t.Errorf("no %q in %q", want, got)
	}
}
