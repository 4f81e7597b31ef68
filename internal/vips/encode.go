package vips

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"

	"github.com/h2non/bimg"
)

var errNoPixels = errors.New("no pixels to encode")

// detectorQuality loses nothing that a detector could see.
const detectorQuality = 95

// Shrink scales opaque pixels, down or up, to the long side in pixels, and
// returns them as a JPEG with its size.
func (*Library) Shrink(img *image.RGBA, longSide int) (jpeg []byte, width, height int, err error) {
	if img.Rect.Empty() {
		return nil, 0, 0, errNoPixels
	}
	width, height = fit(img.Rect.Size(), longSide)
	jpeg, err = process(img, bimg.Options{
		Width: width, Height: height, Force: true, Quality: detectorQuality,
	})
	return jpeg, width, height, err
}

// fit scales a size to the long side, keeping at least one pixel.
func fit(size image.Point, longSide int) (width, height int) {
	long := max(size.X, size.Y)
	scaled := func(side int) int { return max(1, (side*longSide+long/2)/long) }
	return scaled(size.X), scaled(size.Y)
}

// EncodeJPEG encodes opaque sRGB pixels. quality runs from 1 to 100; from 90 on
// colour has full resolution. The only metadata is the resolution in dots per
// inch.
func (*Library) EncodeJPEG(img *image.RGBA, quality, dpi int) ([]byte, error) {
	if img.Rect.Empty() {
		return nil, errNoPixels
	}
	jpeg, err := process(img, bimg.Options{Quality: quality})
	if err != nil {
		return nil, err
	}
	return withResolution(jpeg, dpi), nil
}

func process(img *image.RGBA, o bimg.Options) ([]byte, error) {
	o.Type, o.StripMetadata, o.NoAutoRotate = bimg.JPEG, true, true
	jpeg, err := bimg.Resize(encodeTIFF(img), o)
	if err != nil {
		return nil, fmt.Errorf("encode JPEG: %w", err)
	}
	return jpeg, nil
}

// withResolution gives a JPEG its JFIF header: libvips, asked to strip metadata,
// leaves it out or, in some versions, writes a resolution of its own.
func withResolution(jpeg []byte, dpi int) []byte {
	rest := jpeg[2:] // after the marker that begins the file
	if bytes.HasPrefix(rest, []byte{0xff, 0xe0}) {
		rest = rest[2+binary.BigEndian.Uint16(rest[2:]):]
	}
	header := []byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x02")
	header = append(header, 1)                                  // dots per inch
	header = binary.BigEndian.AppendUint16(header, uint16(dpi)) // #nosec G115 -- a few hundred
	header = binary.BigEndian.AppendUint16(header, uint16(dpi)) // #nosec G115 -- a few hundred
	header = append(header, 0, 0)                               // no thumbnail
	return append(header, rest...)
}
