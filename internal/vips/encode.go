package vips

/*
#include "encode.h"
*/
import "C"

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"unsafe"

	"github.com/h2non/bimg"

	"github.com/passportphotogenie/passportphotogenie/internal/density"
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

// EncodeJPEG encodes opaque sRGB pixels. quality runs from
// 1 to 100. Colour has full resolution at every quality, which matters in a
// picture this small. The only metadata are an sRGB profile and the resolution
// in dots per inch. It is our own call because bimg lets nobody choose the
// colour's resolution.
func (*Library) EncodeJPEG(img *image.RGBA, quality, dpi int) ([]byte, error) {
	if img.Rect.Empty() {
		return nil, errNoPixels
	}
	img = packed(img)
	size := img.Rect.Size()
	var file unsafe.Pointer
	var length C.size_t
	if C.picture_jpeg(unsafe.Pointer(&img.Pix[0]), C.int(size.X), C.int(size.Y), C.int(quality), &file, &length) != 0 {
		return nil, fmt.Errorf("encode JPEG: %s", lastError())
	}
	defer C.g_free(C.gpointer(file))
	return density.JPEG(withProfile(C.GoBytes(file, C.int(length))), dpi), nil
}

// packed returns the picture without gaps between its rows.
func packed(img *image.RGBA) *image.RGBA {
	if img.Stride == 4*img.Rect.Dx() {
		return img
	}
	out := image.NewRGBA(image.Rectangle{Max: img.Rect.Size()})
	draw.Draw(out, out.Rect, img, img.Rect.Min, draw.Src)
	return out
}

func process(img *image.RGBA, o bimg.Options) ([]byte, error) {
	o.Type, o.StripMetadata, o.NoAutoRotate = bimg.JPEG, true, true
	jpeg, err := bimg.Resize(encodeTIFF(img), o)
	if err != nil {
		return nil, fmt.Errorf("encode JPEG: %w", err)
	}
	return jpeg, nil
}

// withProfile gives a JPEG its colour profile, after what headers it has. libvips
// can write it only together with an EXIF block.
func withProfile(jpeg []byte) []byte {
	at := 2
	for jpeg[at] == 0xff && jpeg[at+1] == 0xe0 {
		at += 2 + int(binary.BigEndian.Uint16(jpeg[at+2:]))
	}
	segment := append([]byte("ICC_PROFILE\x00\x01\x01"), srgbProfile()...)
	out := append(bytes.Clone(jpeg[:at]), 0xff, 0xe2)
	out = binary.BigEndian.AppendUint16(out, uint16(2+len(segment))) // #nosec G115 -- some hundred
	return append(append(out, segment...), jpeg[at:]...)
}
