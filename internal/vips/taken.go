package vips

/*
#include "decode.h"
#include <stdlib.h>
*/
import "C"

import (
	"time"
	"unsafe"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// exifTaken is libvips' name for the date that the camera took the picture on; the
// file's date of change is another field.
const exifTaken = "exif-ifd2-DateTimeOriginal"

// exifTime is how EXIF writes a date. It has no time zone.
const exifTime = "2006:01:02 15:04:05"

// TakenAt returns when the camera says that it took the picture, as if its clock ran
// in UTC; the zero time where the file does not say or can't be read.
func (*Library) TakenAt(picture []byte, f photo.Format) time.Time {
	o, err := load(picture, f, 1)
	if err != nil {
		return time.Time{}
	}
	defer o.close()
	name := C.CString(exifTaken)
	defer C.free(unsafe.Pointer(name))
	var value *C.char // belongs to the image
	if C.vips_image_get_typeof(o.image, name) == 0 || C.vips_image_get_string(o.image, name, &value) != 0 {
		C.vips_error_clear()
		return time.Time{}
	}
	text := C.GoString(value) // the date, and then how EXIF stores it
	if len(text) < len(exifTime) {
		return time.Time{}
	}
	taken, err := time.Parse(exifTime, text[:len(exifTime)])
	if err != nil {
		return time.Time{}
	}
	return taken
}
