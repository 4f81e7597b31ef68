package testpictures

/*
#cgo pkg-config: vips
#include "save.h"
#include <stdlib.h>
#include <vips/vips.h>
*/
import "C"

import (
	"image"
	"unsafe"
)

// options say what libvips is to write.
type options struct {
	suffix  string // the format and libvips' options for it
	profile string // a profile that libvips has built in; empty is sRGB, untagged
	frames  int    // one above the other
}

func plain(suffix string) options { return options{suffix: suffix} }

func save(t T, img *image.RGBA, r options) []byte {
	t.Helper()
	if C.vips_init(nil) != 0 {
		t.Fatalf("libvips does not start")
	}
	pixels := rgb(img)
	profile, suffix := C.CString(r.profile), C.CString(r.suffix)
	defer C.free(unsafe.Pointer(profile))
	defer C.free(unsafe.Pointer(suffix))
	var file unsafe.Pointer
	var length C.size_t
	if C.picture_save(unsafe.Pointer(&pixels[0]), C.int(img.Rect.Dx()), C.int(img.Rect.Dy()), C.int(r.frames),
		profile, suffix, &file, &length) != 0 {
		t.Fatalf("save %s: %s", r.suffix, C.GoString(C.vips_error_buffer()))
	}
	defer C.g_free(C.gpointer(file))
	return C.GoBytes(file, C.int(length))
}

// rgb drops the fourth byte of each pixel.
func rgb(img *image.RGBA) []byte {
	size := img.Rect.Size()
	out := make([]byte, 0, 3*size.X*size.Y)
	for y := range size.Y {
		for row := img.Pix[y*img.Stride:][:4*size.X]; len(row) > 0; row = row[4:] {
			out = append(out, row[:3]...)
		}
	}
	return out
}
