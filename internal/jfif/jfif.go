// Package jfif gives JPEG files the header that names their resolution (ITU-T
// T.871, 10.1). Encoders leave it out, or write a resolution of their own.
package jfif

import (
	"bytes"
	"encoding/binary"
)

// WithResolution returns the JPEG with a header that says dots per inch, in
// place of one it has. The file must begin as every JPEG does.
func WithResolution(jpeg []byte, dpi int) []byte {
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
