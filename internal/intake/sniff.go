package intake

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	_ "image/jpeg" // for DecodeConfig
	_ "image/png"
	"io"
	"strings"

	"github.com/gabriel-vasile/mimetype"
	_ "golang.org/x/image/tiff"
	_ "golang.org/x/image/webp"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// sniff looks at the first bytes, without taking them, and returns the kind of
// picture and its size where the header tells it.
func (s *source) sniff() (photo.Original, error) {
	head, err := s.from.Peek(peekBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return photo.Original{}, broken(err)
	}
	return Identify(head)
}

// Identify says what kind of picture begins like this, and its size where the
// header tells it. Its errors are those of an upload; what makes the pixels may
// know better.
func Identify(head []byte) (photo.Original, error) {
	if len(head) == 0 {
		return photo.Original{}, ErrEmpty
	}
	format, err := formatOf(head)
	if err != nil {
		return photo.Original{}, err
	}
	o := photo.Original{Format: format}
	o.Width, o.Height = sizeOf(format, head)
	if int64(o.Width)*int64(o.Height) > photo.MaxPixels {
		return photo.Original{}, photo.TooManyPixels
	}
	return o, nil
}

func formatOf(head []byte) (photo.Format, error) {
	kind, _, _ := strings.Cut(mimetype.Detect(head).String(), ";")
	switch kind {
	case "image/jpeg":
		return photo.JPEG, nil
	case "image/png", "image/vnd.mozilla.apng":
		return still(photo.PNG, movingPNG(head))
	case "image/webp":
		return still(photo.WebP, movingWebP(head))
	case "image/tiff":
		return photo.TIFF, nil
	case "image/heic":
		return photo.HEIC, nil
	case "image/avif":
		return still(photo.AVIF, bytes.Equal(brand(head), []byte("avis")))
	case "image/heif": // the container's common name; the codec stands further on
		if bytes.Contains(firstBox(head), []byte("avif")) {
			return photo.AVIF, nil
		}
		return photo.HEIC, nil
	case "image/heic-sequence", "image/heif-sequence":
		return "", photo.Animated
	}
	return "", UnsupportedError{describe(kind)}
}

func still(f photo.Format, moving bool) (photo.Format, error) {
	if moving {
		return "", photo.Animated
	}
	return f, nil
}

// movingPNG: the animation control chunk stands before the first pixels.
func movingPNG(head []byte) bool {
	before, _, _ := bytes.Cut(head, []byte("IDAT"))
	return bytes.Contains(before, []byte("acTL"))
}

// movingWebP reads the animation flag of the extended header.
func movingWebP(head []byte) bool {
	return len(head) > 20 && string(head[12:16]) == "VP8X" && head[20]&0x02 != 0
}

// describe puts common kinds of file into words.
func describe(kind string) string {
	words := map[string]string{
		"image/gif": "a GIF", "image/svg+xml": "an SVG drawing", "image/bmp": "a BMP picture",
		"application/pdf": "a PDF document", "text/html": "a web page", "application/zip": "a ZIP archive",
		"text/xml": "an XML file", "application/json": "a text file", "text/plain": "a text file",
		"image/jxl": "a JPEG XL picture", "image/jp2": "a JPEG 2000 picture", "image/x-icon": "an icon",
		"video/mp4": "a video", "video/quicktime": "a video", "video/webm": "a video",
	}
	return words[kind]
}

// sizeOf returns 0, 0 where the header does not tell; the studio looks again.
func sizeOf(f photo.Format, head []byte) (width, height int) {
	switch f {
	case photo.HEIC, photo.AVIF:
		return largestExtent(head)
	}
	c, _, err := image.DecodeConfig(bytes.NewReader(head))
	if err != nil {
		return 0, 0
	}
	return c.Width, c.Height
}

// largestExtent finds the image spatial extents ("ispe") of an ISO media file.
// Telephones store a picture as tiles and the whole; the whole is the largest.
func largestExtent(head []byte) (width, height int) {
	for {
		_, after, found := bytes.Cut(head, []byte("ispe"))
		if !found || len(after) < 12 {
			return width, height
		}
		w, h := int(binary.BigEndian.Uint32(after[4:])), int(binary.BigEndian.Uint32(after[8:]))
		if w < 1<<20 && h < 1<<20 && w*h > width*height { // beyond that it is no such box
			width, height = w, h
		}
		head = after
	}
}

// brand is the major brand of an ISO media file.
func brand(head []byte) []byte { return head[8:min(12, len(head))] }

// firstBox is the file type box, which lists the compatible brands.
func firstBox(head []byte) []byte {
	return head[:min(int64(binary.BigEndian.Uint32(head)), int64(len(head)))]
}
