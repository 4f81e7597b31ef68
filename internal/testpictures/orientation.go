package testpictures

import (
	"encoding/binary"
	"image"
)

// WithOrientation stores an upright picture as a camera held that way does: the
// pixels turned, and an EXIF orientation (1 to 8) that says how to undo it.
func WithOrientation(t T, img *image.RGBA, orientation int) []byte {
	t.Helper()
	file := JPEG(t, stored(img, orientation))
	return append(append(file[:2:2], exif(orientation)...), file[2:]...)
}

// Turned turns a picture clockwise by quarter turns, with no tag that says so.
func Turned(img *image.RGBA, quarters int) *image.RGBA {
	// A tag of 8 asks for a quarter turn back: what is stored is turned forth.
	return stored(img, []int{1, 8, 3, 6}[quarters%4])
}

// stored returns the pixels of which the orientation makes the upright picture.
func stored(upright *image.RGBA, orientation int) *image.RGBA {
	w, h := upright.Rect.Dx(), upright.Rect.Dy()
	size := image.Pt(w, h)
	if orientation >= 5 {
		size = image.Pt(h, w)
	}
	out := image.NewRGBA(image.Rectangle{Max: size})
	for y := range size.Y {
		for x := range size.X {
			from := map[int]image.Point{ // as the EXIF standard names first row and column
				1: {x, y}, 2: {w - 1 - x, y}, 3: {w - 1 - x, h - 1 - y}, 4: {x, h - 1 - y},
				5: {y, x}, 6: {w - 1 - y, x}, 7: {w - 1 - y, h - 1 - x}, 8: {y, h - 1 - x},
			}[orientation]
			out.SetRGBA(x, y, upright.RGBAAt(from.X, from.Y))
		}
	}
	return out
}

// exif is an APP1 segment with the orientation as its only entry.
func exif(orientation int) []byte {
	be := binary.BigEndian
	body := []byte("Exif\x00\x00MM\x00\x2a")
	body = be.AppendUint32(body, 8)      // the directory follows at once
	body = be.AppendUint16(body, 1)      // one entry
	body = be.AppendUint16(body, 0x0112) // orientation
	body = be.AppendUint16(body, 3)      // a short
	body = be.AppendUint32(body, 1)
	body = be.AppendUint16(body, uint16(orientation))
	body = append(body, 0, 0, 0, 0, 0, 0) // padding, no next directory
	return append(be.AppendUint16([]byte{0xff, 0xe1}, uint16(len(body)+2)), body...)
}

// Mirrored returns the picture as a mirror shows it.
func Mirrored(img *image.RGBA) *image.RGBA {
	out := image.NewRGBA(img.Rect)
	for y := img.Rect.Min.Y; y < img.Rect.Max.Y; y++ {
		for x := img.Rect.Min.X; x < img.Rect.Max.X; x++ {
			out.SetRGBA(img.Rect.Min.X+img.Rect.Max.X-1-x, y, img.RGBAAt(x, y))
		}
	}
	return out
}
