package vips

// #include "decode.h"
import "C"

import "image"

// exifOrientation is how a picture must be turned to stand upright: 1 is
// upright, 2 to 4 are mirrored, upside down and both, 5 to 8 lie on their side.
type exifOrientation int

// orientation reads the picture's tag; no tag is 1.
func orientation(i *C.VipsImage) exifOrientation {
	return exifOrientation(C.vips_image_get_orientation(i))
}

func (o exifOrientation) swapsAxes() bool { return o >= 5 }

// toStored maps a rectangle of the upright picture into the stored picture of
// the size. Cropping there, before the turn, saves decoding what is cut off.
func (o exifOrientation) toStored(upright image.Rectangle, size image.Point) image.Rectangle {
	r := upright
	if o.swapsAxes() {
		r = image.Rect(r.Min.Y, r.Min.X, r.Max.Y, r.Max.X)
	}
	if o == 2 || o == 3 || o == 7 || o == 8 {
		r.Min.X, r.Max.X = size.X-r.Max.X, size.X-r.Min.X
	}
	if o == 3 || o == 4 || o == 6 || o == 7 {
		r.Min.Y, r.Max.Y = size.Y-r.Max.Y, size.Y-r.Min.Y
	}
	return r
}
