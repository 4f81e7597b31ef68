// Package vips is the one place that knows libvips: it decodes hostile files
// strictly and makes JPEG files. Nothing in here decides what a photo needs.
//
// Two ways lead into libvips, each for what it does better. Decoding is our own
// few calls (decode.c): they name the loader, refuse damaged files, read
// in one pass without a copy of the raster on disc, crop before they convert,
// and write straight into Go's memory; neither bimg nor govips lets a caller
// choose any of that. Resizing is bimg's. It takes encoded files only, so pictures
// travel to it as an uncompressed TIFF (tiff.go). The finished photo is encoded by
// a call of ours (encode.c), because bimg can't keep the colour's resolution.
//
// Both use the one libvips of the process. bimg starts it in its own init, with
// an operation cache for servers; Start sets what a process for one picture at
// a time needs, and must come before the first picture. libvips is never shut
// down: it can't be started twice, and the process that uses it is short-lived.
//
// libvips keeps its error text once per process: one picture at a time, please.
package vips

/*
#cgo pkg-config: vips
#include "decode.h"
*/
import "C"

import (
	"fmt"
	"os"
	"strconv"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// maxRaster bounds a decoded raster in bytes as the file declares it: the pixel
// limit at four bands of 16 bits, which is more than a camera's file holds. A
// TIFF may declare hundreds of bands.
const maxRaster = 8 * photo.MaxPixels

// Library is libvips, set up for one small job at a time.
type Library struct{}

// Start sets libvips up: one thread, no operation cache, no loader but those of
// the formats we take, no message on standard error (a message may quote the
// file) and no raster on disc, however large. It fails if libvips was used
// before with other settings.
func Start() (*Library, error) {
	// Read once by libvips, when it first wonders where to put a raster.
	if err := os.Setenv("VIPS_DISC_THRESHOLD", strconv.Itoa(2*maxRaster)); err != nil {
		return nil, fmt.Errorf("keep pictures off the disc: %w", err)
	}
	if C.picture_setup() != 0 {
		return nil, fmt.Errorf("start libvips: %s", lastError())
	}
	if C.vips_get_disc_threshold() != 2*maxRaster {
		return nil, fmt.Errorf("libvips was used before it was set up: decoded pictures could reach the disc")
	}
	return &Library{}, nil
}

// Tracked tells how many bytes of pixels libvips holds now, and the most it has
// held in this process.
func (*Library) Tracked() (now, highest int64) {
	return int64(C.vips_tracked_get_mem()), int64(C.vips_tracked_get_mem_highwater())
}

// lastError takes libvips' error text and clears it. The text names what is
// wrong with a file, not what is in it; it is cut short all the same.
func lastError() string {
	const enough = 160
	text := []byte(C.GoString(C.vips_error_buffer()))
	C.vips_error_clear()
	text = text[:min(len(text), enough)]
	for i, c := range text {
		if c < ' ' || c > '~' {
			text[i] = ' '
		}
	}
	return string(text)
}
