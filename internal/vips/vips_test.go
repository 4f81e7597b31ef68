package vips_test

import (
	"image"
	"os"
	"strings"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/testpictures"
	"github.com/passportphotogenie/passportphotogenie/internal/vips"
)

func start(t testing.TB) *vips.Library {
	t.Helper()
	library, err := vips.Start()
	if err != nil {
		t.Fatal(err)
	}
	return library
}

// all is the region that means the whole picture.
var all image.Rectangle

func decode(t testing.TB, file []byte, f photo.Format) *image.RGBA {
	t.Helper()
	img, err := start(t).Decode(file, f, 1, all)
	if err != nil {
		t.Fatalf("decode %s: %v", f, err)
	}
	return img
}

// difference is the mean distance of the pixels' channels, 0 to 255. Pictures
// of different sizes are as far apart as can be.
func difference(a, b *image.RGBA) float64 {
	if a.Rect.Size() != b.Rect.Size() {
		return 255
	}
	var sum, n float64
	for y := range a.Rect.Dy() {
		for x := range a.Rect.Dx() {
			p, q := a.Pix[a.PixOffset(x, y):][:4], b.Pix[b.PixOffset(x, y):][:4]
			for c := range 4 {
				sum += max(float64(p[c])-float64(q[c]), float64(q[c])-float64(p[c]))
			}
			n += 3
		}
	}
	return sum / n
}

func TestA48MegapixelPictureNeverReachesTheDisc(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	watched := make(chan map[string]bool)
	stop := make(chan struct{})
	go watch(folder, stop, watched)

	// Upside down: only then is the whole raster gathered anywhere.
	file := testpictures.PNG(t, image.NewGray(image.Rect(0, 0, 8000, 6000)))
	file = testpictures.WithPNGOrientation(file, 3)
	img := decode(t, file, photo.PNG)
	if _, _, _, err := start(t).Shrink(img, 640); err != nil {
		t.Fatal(err)
	}
	close(stop)
	if seen := <-watched; len(seen) > 0 {
		t.Errorf("files in the temporary folder: %v", seen)
	}
	if img.Rect.Dx() != 8000 || img.Rect.Dy() != 6000 {
		t.Errorf("decoded to %v", img.Rect)
	}
}

// watch collects the names of all files that turn up in a folder.
func watch(folder string, stop <-chan struct{}, result chan<- map[string]bool) {
	seen := map[string]bool{}
	for {
		entries, _ := os.ReadDir(folder)
		for _, e := range entries {
			seen[e.Name()] = true
		}
		select {
		case <-stop:
			result <- seen
			return
		default:
		}
	}
}

func TestNoPixelsStayInLibvips(t *testing.T) {
	library := start(t)
	portrait := testpictures.Megapixels(t, 1)
	for range 3 {
		img := decode(t, portrait, photo.JPEG)
		if _, err := library.EncodeJPEG(img, 95, 300); err != nil {
			t.Fatal(err)
		}
		_, _ = library.Decode(testpictures.Truncated(portrait), photo.JPEG, 1, all)
	}
	if now, highest := library.Tracked(); now != 0 || highest == 0 {
		t.Errorf("libvips holds %d bytes now and held %d", now, highest)
	}
}

func TestAnErrorTextIsShortAndPlain(t *testing.T) {
	_, err := start(t).Decode(testpictures.Truncated(testpictures.Megapixels(t, 1)), photo.JPEG, 1, all)
	if err == nil {
		t.Fatal("half a JPEG was decoded")
	}
	if text := err.Error(); len(text) > 250 || strings.ContainsAny(text, "\n\t") {
		t.Errorf("error text %q", text)
	}
}
