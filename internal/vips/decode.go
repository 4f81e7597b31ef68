package vips

/*
#include "decode.h"
#include <stdlib.h>
*/
import "C"

import (
	"errors"
	"fmt"
	"image"
	"runtime"
	"unsafe"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// Size returns the width and height in pixels of the upright picture, after its
// orientation tag, without decoding it. Its errors are Decode's.
func (*Library) Size(picture []byte, f photo.Format) (width, height int, err error) {
	o, err := open(picture, f, 1)
	if err != nil {
		return 0, 0, err
	}
	defer o.close()
	size := o.upright()
	return size.X, size.Y, nil
}

// Decode returns the upright picture as opaque sRGB pixels, without metadata,
// transparency laid on white. shrink is 1, 2, 4 or 8: a JPEG comes out reduced
// that many times (sizes are rounded down), other formats ignore it. An empty
// region means all; otherwise it is in pixels of the upright, reduced picture,
// and only rows down to its end are read, so damage below goes unnoticed. The
// result's bounds begin at the origin.
//
// The errors photo.Unreadable (damaged, cut short, or of another format than f),
// photo.TooManyPixels and photo.Animated are the file's fault; a file with
// several pages shows its first, or the one it calls its main picture.
func (*Library) Decode(picture []byte, f photo.Format, shrink int, region image.Rectangle) (*image.RGBA, error) {
	o, err := open(picture, f, shrink)
	if err != nil {
		return nil, err
	}
	defer o.close()
	all := image.Rectangle{Max: o.upright()}
	if region.Empty() {
		region = all
	}
	if region = region.Intersect(all); region.Empty() {
		return nil, errors.New("the region lies outside the picture")
	}
	stored := o.stored(region)
	rect := C.VipsRect{
		left: C.int(stored.Min.X), top: C.int(stored.Min.Y),
		width: C.int(stored.Dx()), height: C.int(stored.Dy()),
	}
	img := image.NewRGBA(image.Rectangle{Max: region.Size()})
	if C.picture_render(o.image, rect, unsafe.Pointer(&img.Pix[0])) != 0 {
		return nil, fmt.Errorf("%w: %s", photo.Unreadable, lastError())
	}
	return img, nil
}

// opened is a picture of which the header has been read.
type opened struct {
	image *C.VipsImage
	file  runtime.Pinner // libvips reads the file until close
}

// open checks the limits on the full-size header, then opens the picture at the
// reduced size if one is asked for.
func open(picture []byte, f photo.Format, shrink int) (*opened, error) {
	o, err := load(picture, f, 1)
	if err != nil {
		return nil, err
	}
	if err := o.withinLimits(f); err != nil {
		o.close()
		return nil, err
	}
	if shrink == 1 || f != photo.JPEG {
		return o, nil
	}
	o.close()
	return load(picture, f, shrink)
}

func load(picture []byte, f photo.Format, shrink int) (*opened, error) {
	name := loader(f)
	if len(picture) == 0 || name == "" {
		return nil, fmt.Errorf("%w: nothing that we read", photo.Unreadable)
	}
	loaderName := C.CString(name)
	defer C.free(unsafe.Pointer(loaderName))
	o := &opened{}
	o.file.Pin(&picture[0])
	o.image = C.picture_open(loaderName, unsafe.Pointer(&picture[0]), C.size_t(len(picture)), C.int(shrink))
	if o.image == nil {
		o.file.Unpin()
		return nil, fmt.Errorf("%w: %s", photo.Unreadable, lastError())
	}
	return o, nil
}

func (o *opened) close() {
	C.g_object_unref(C.gpointer(o.image))
	o.file.Unpin()
}

// loader returns the one libvips operation that reads the format; libvips' own
// guess is never asked.
func loader(f photo.Format) string {
	return map[photo.Format]string{
		photo.JPEG: "jpegload_buffer",
		photo.PNG:  "pngload_buffer",
		photo.WebP: "webpload_buffer",
		photo.HEIC: "heifload_buffer",
		photo.AVIF: "heifload_buffer",
		photo.TIFF: "tiffload_buffer",
	}[f]
}

func (o *opened) withinLimits(f photo.Format) error {
	width, height := int64(o.image.Xsize), int64(o.image.Ysize)
	switch {
	case width*height > photo.MaxPixels:
		return photo.TooManyPixels
	case rasterBytes(o.image) > maxRaster:
		return fmt.Errorf("%w: more bands than a photo has", photo.Unreadable)
	case f == photo.WebP && C.picture_pages(o.image) > 1:
		return photo.Animated
	}
	return nil
}

func rasterBytes(i *C.VipsImage) int64 {
	return int64(i.Xsize) * int64(i.Ysize) * int64(i.Bands) * int64(C.vips_format_sizeof(i.BandFmt))
}

// upright returns the size after the orientation tag.
func (o *opened) upright() image.Point {
	size := image.Pt(int(o.image.Xsize), int(o.image.Ysize))
	if orientation(o.image).swapsAxes() {
		return image.Pt(size.Y, size.X)
	}
	return size
}

// stored maps a region of the upright picture to where its pixels are stored.
func (o *opened) stored(upright image.Rectangle) image.Rectangle {
	return orientation(o.image).toStored(upright, image.Pt(int(o.image.Xsize), int(o.image.Ysize)))
}
