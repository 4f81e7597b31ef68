package pipeline

import (
	"fmt"
	"image"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// The qualities a photo is saved at. At most of them nothing can be seen; below
// the least, blocks show around the face, and no office is served by that.
const (
	quality      = 95
	leastQuality = 30
	mostQuality  = 100
)

// encode saves the photo at the usual quality; where the file then is too large
// or too small for the office, at the nearest quality that brings it into the
// window. What can't be brought there comes back as near as it gets, and the
// report says so. A see-through photo is saved without loss.
func (w *work) encode(spec docspec.Spec, picture image.Image, dpi int) ([]byte, error) {
	if err := w.step(photo.StepEncode); err != nil {
		return nil, err
	}
	switch img := picture.(type) {
	case *image.NRGBA:
		return encodePNG(img, dpi)
	case *image.RGBA:
		return w.encodeJPEG(spec, img, dpi)
	}
	return nil, fmt.Errorf("a picture of type %T", picture)
}

func (w *work) encodeJPEG(spec docspec.Spec, img *image.RGBA, dpi int) ([]byte, error) {
	at := func(q int) ([]byte, error) {
		file, err := w.Encoder.EncodeJPEG(img, q, dpi)
		if err != nil {
			return nil, fmt.Errorf("at quality %d: %w", q, err)
		}
		return file, nil
	}
	file, err := at(quality)
	if err != nil || spec.FileSize == nil {
		return file, err
	}
	window := spec.FileSize.Value
	fits := func(file []byte) bool { return window.Contains(int64(len(file))) }
	switch {
	case fits(file):
		return file, nil
	case int64(len(file)) < window.Min:
		return search(mostQuality, quality, at, fits)
	}
	return search(leastQuality, quality, at, fits)
}

// search returns the file of the quality nearest to the usual one whose size
// fits, between an end that fits if any does and the usual one, which does not.
// Sizes grow with quality.
func search(end, usual int, encode func(q int) ([]byte, error), fits func([]byte) bool) ([]byte, error) {
	best, err := encode(end)
	if err != nil || !fits(best) {
		return best, err
	}
	for good, bad := end, usual; good-bad > 1 || bad-good > 1; {
		middle := (good + bad) / 2
		file, err := encode(middle)
		if err != nil {
			return nil, err
		}
		if fits(file) {
			best, good = file, middle
		} else {
			bad = middle
		}
	}
	return best, nil
}
