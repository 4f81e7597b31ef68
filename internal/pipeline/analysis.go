package pipeline

import (
	"bytes"
	"encoding/gob"
	"errors"
	"fmt"
	"image"

	"github.com/klauspost/compress/s2"

	"github.com/passportphotogenie/passportphotogenie/internal/raster"
)

// analysisVersion begins each analysis; one of another version is not read.
const analysisVersion = 1

// mostKept is how many pixels an analysis holds at most. An edit of a larger
// picture decodes the original again.
const mostKept = 6_000_000

var errForeignAnalysis = errors.New("an analysis of another version")

// analysis is what is kept of a look at an original: what was seen, and the
// pixels that edits are made of, without loss.
type analysis struct {
	Version int
	Seen    seen
	Shrink  int
	Rect    image.Rectangle
	Pixels  []byte // RGB rows, each value as the difference from its left neighbour's, compressed
}

// remember writes an analysis, with the pixels of the rectangle that the window
// has, if they are not too many.
func remember(s *seen, v *window, keep image.Rectangle) ([]byte, error) {
	return rememberAs(analysisVersion, s, v, keep)
}

func rememberAs(version int, s *seen, v *window, keep image.Rectangle) ([]byte, error) {
	a := analysis{Version: version, Seen: *s}
	keep = keep.Intersect(v.rect)
	if keep.Dx()*keep.Dy() <= mostKept {
		img, _ := v.pyramid.Level(0)
		a.Shrink, a.Rect = v.shrink, keep
		a.Pixels = s2.Encode(nil, differences(img, keep.Sub(v.rect.Min)))
	}
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(a); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// recall reads an analysis. Without pixels in it the window is empty and serves
// no plan.
func recall(b []byte) (*seen, *window, error) {
	var a analysis
	if err := gob.NewDecoder(bytes.NewReader(b)).Decode(&a); err != nil {
		return nil, nil, fmt.Errorf("read an analysis: %w", err)
	}
	if a.Version != analysisVersion {
		return nil, nil, errForeignAnalysis
	}
	if a.Rect.Empty() {
		return &a.Seen, &window{shrink: 1}, nil
	}
	size := 3 * a.Rect.Dx() * a.Rect.Dy()
	if n, err := s2.DecodedLen(a.Pixels); err != nil || n != size || size > 3*mostKept {
		return nil, nil, fmt.Errorf("read an analysis: %d bytes of pixels for %v", n, a.Rect)
	}
	raw, err := s2.Decode(nil, a.Pixels)
	if err != nil {
		return nil, nil, fmt.Errorf("read an analysis: %w", err)
	}
	return &a.Seen, &window{a.Shrink, a.Rect, raster.NewPyramid(summed(raw, a.Rect.Size()))}, nil
}

// differences are the rectangle's RGB values, each less its left neighbour's:
// small numbers, which compress well.
func differences(img *image.RGBA, r image.Rectangle) []byte {
	out := make([]byte, 0, 3*r.Dx()*r.Dy())
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := img.Pix[img.PixOffset(r.Min.X, y):]
		var left [3]byte
		for x := range r.Dx() {
			for c := range left {
				v := row[4*x+c]
				out = append(out, v-left[c])
				left[c] = v
			}
		}
	}
	return out
}

// summed undoes differences.
func summed(raw []byte, size image.Point) *image.RGBA {
	img := image.NewRGBA(image.Rectangle{Max: size})
	for y := range size.Y {
		row := img.Pix[y*img.Stride:]
		var left [3]byte
		for x := range size.X {
			for c := range left {
				left[c] += raw[3*(y*size.X+x)+c]
				row[4*x+c] = left[c]
			}
			row[4*x+3] = 255
		}
	}
	return img
}
