// Package density gives picture files the header that names their resolution, which
// printers go by. Encoders leave it out, or write one of their own.
package density

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"math"

	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

// JPEG returns the file with a JFIF header (ITU-T T.871, 10.1) that says dots per
// inch, in place of one it has. The file must begin as every JPEG does.
func JPEG(file []byte, dpi int) []byte {
	rest := file[2:] // after the marker that begins the file
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

// afterIHDR is where a PNG's second chunk begins: the signature and the IHDR chunk
// come first and always have these lengths.
const afterIHDR = 8 + 4 + 4 + 13 + 4

// PNG returns the file, which has neither chunk, with its resolution (pHYs) and the
// word that its colours are sRGB. PNG counts in metres.
func PNG(file []byte, dpi int) []byte {
	perMetre := uint32(math.Round(1000 * geom.PixelsPerMM(float64(dpi)))) // #nosec G115 -- some ten thousand
	phys := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, perMetre), perMetre)
	out := append(bytes.Clone(file[:afterIHDR]), chunk("sRGB", []byte{0})...)
	out = append(out, chunk("pHYs", append(phys, 1))...)
	return append(out, file[afterIHDR:]...)
}

func chunk(name string, content []byte) []byte {
	c := binary.BigEndian.AppendUint32(nil, uint32(len(content))) // #nosec G115 -- a few bytes
	c = append(append(c, name...), content...)
	return binary.BigEndian.AppendUint32(c, crc32.ChecksumIEEE(c[4:]))
}
