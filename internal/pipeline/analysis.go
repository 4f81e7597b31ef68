package pipeline

import (
	"bytes"
	"encoding/gob"
	"errors"
	"fmt"
	"image"

	"github.com/passportphotogenie/passportphotogenie/internal/matte"
	"github.com/passportphotogenie/passportphotogenie/internal/raster"
)

// analysisVersion begins each analysis; one of another version is not read.
const analysisVersion = 4

// mostKept is how many pixels an analysis holds at most. An edit of a larger
// picture decodes the original again.
const mostKept = 6_000_000

var errForeignAnalysis = errors.New("an analysis of another version")

// analysis is what is kept of a look at an original: what was seen, and the
// pixels that edits are made of, without loss. They are not compressed: photos
// shrink by a fifth at best, which takes longer than to store the rest. The
// matte's frames say how many cells it has, so that it serves whatever network is
// asked by then.
type analysis struct {
	Version int
	Seen    seen
	Mattes  [3][]byte // lowest, median and whole of the matte, which gob would write slowly
	Shrink  int
	Rect    image.Rectangle
	Pixels  []byte // RGB rows
}

// remember writes an analysis, with the pixels of the rectangle that the window
// has, if they are not too many.
func remember(s *seen, v *window, keep image.Rectangle) ([]byte, error) {
	a := analysis{Version: analysisVersion, Seen: *s, Mattes: [3][]byte{raw(s.Matte.Lowest), raw(s.Matte.Median), raw(s.Matte.Whole)}}
	a.Seen.Matte.Lowest, a.Seen.Matte.Median, a.Seen.Matte.Whole = nil, nil, nil
	keep = keep.Intersect(v.rect)
	if keep.Dx()*keep.Dy() <= mostKept {
		img, _ := v.pyramid.Level(0)
		a.Shrink, a.Rect, a.Pixels = v.shrink, keep, packed(img, keep.Sub(v.rect.Min))
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
	m := &a.Seen.Matte
	for i, side := range [...]int{m.Frame.Size, m.Frame.Size, m.WholeFrame.Size} {
		if side < 1 || side > matte.MaxSide || len(a.Mattes[i]) != side*side {
			return nil, nil, fmt.Errorf("read an analysis: a matte of %d cells with a side of %d", len(a.Mattes[i]), side)
		}
	}
	m.Lowest, m.Median, m.Whole = values(a.Mattes[0]), values(a.Mattes[1]), values(a.Mattes[2])
	if a.Rect.Empty() {
		return &a.Seen, &window{shrink: 1}, nil
	}
	if len(a.Pixels) != 3*a.Rect.Dx()*a.Rect.Dy() {
		return nil, nil, fmt.Errorf("read an analysis: %d bytes of pixels for %v", len(a.Pixels), a.Rect)
	}
	return &a.Seen, &window{a.Shrink, a.Rect, raster.NewPyramid(unpacked(a.Pixels, a.Rect.Size()))}, nil
}

// raw are a matte's values as bytes, which is all that they tell.
func raw(v []float32) []byte {
	b := make([]byte, len(v))
	for i, x := range v {
		b[i] = uint8(x*matte.Steps + 0.5)
	}
	return b
}

func values(b []byte) []float32 {
	v := make([]float32, len(b))
	for i, x := range b {
		v[i] = float32(x) / matte.Steps
	}
	return v
}

// packed are the rectangle's pixels without alpha.
func packed(img *image.RGBA, r image.Rectangle) []byte {
	out := make([]byte, 3*r.Dx()*r.Dy())
	for y := range r.Dy() {
		row, to := img.Pix[img.PixOffset(r.Min.X, r.Min.Y+y):], out[3*y*r.Dx():]
		for x := range r.Dx() {
			copy(to[3*x:3*x+3], row[4*x:4*x+3])
		}
	}
	return out
}

// unpacked undoes packed.
func unpacked(pixels []byte, size image.Point) *image.RGBA {
	img := image.NewRGBA(image.Rectangle{Max: size})
	to := img.Pix
	for len(pixels) >= 3 {
		to[0], to[1], to[2], to[3] = pixels[0], pixels[1], pixels[2], 255
		to, pixels = to[4:], pixels[3:]
	}
	return img
}
