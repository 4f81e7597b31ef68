package vips

import (
	"encoding/binary"
	"image"
)

// Tiles as wide as the picture are plain rows in the file, but unlike strips
// they let libvips read the file in place instead of copying the raster first.
// Both sides must be multiples of 16.
const (
	tileUnit = 16
	tileRows = 64
)

// TIFF tags and field types that an uncompressed RGB picture needs.
const (
	tagWidth, tagHeight          = 256, 257
	tagBits, tagCompression      = 258, 259
	tagPhotometric, tagSamples   = 262, 277
	tagTileWidth, tagTileHeight  = 322, 323
	tagTileOffsets, tagTileSizes = 324, 325

	typeShort, typeLong = 3, 4
)

// encodeTIFF wraps opaque pixels as an uncompressed TIFF.
func encodeTIFF(img *image.RGBA) []byte {
	width, height := img.Rect.Dx(), img.Rect.Dy()
	tileWidth := (width + tileUnit - 1) / tileUnit * tileUnit
	tiles := (height + tileRows - 1) / tileRows
	tileSize := 3 * tileWidth * tileRows

	fields := []tiffField{
		{tagWidth, typeLong, []uint32{uint32(width)}},   // #nosec G115 -- within the pixel limit
		{tagHeight, typeLong, []uint32{uint32(height)}}, // #nosec G115 -- within the pixel limit
		{tagBits, typeShort, []uint32{8, 8, 8}},
		{tagCompression, typeShort, []uint32{1}},
		{tagPhotometric, typeShort, []uint32{2}},
		{tagSamples, typeShort, []uint32{3}},
		{tagTileWidth, typeLong, []uint32{uint32(tileWidth)}}, // #nosec G115 -- within the pixel limit
		{tagTileHeight, typeLong, []uint32{tileRows}},
		{tagTileOffsets, typeLong, make([]uint32, tiles)},
		{tagTileSizes, typeLong, make([]uint32, tiles)},
	}
	offsets, sizes := fields[len(fields)-2].values, fields[len(fields)-1].values
	start := headerSize(fields)
	for i := range tiles {
		offsets[i], sizes[i] = uint32(start+i*tileSize), uint32(tileSize) // #nosec G115 -- within the pixel limit
	}
	file := make([]byte, start+tiles*tileSize)
	putHeader(file, fields)
	for y := range height {
		putRow(file[start+y*3*tileWidth:], img.Pix[y*img.Stride:][:4*width])
	}
	return file
}

// putRow drops the fourth byte of each pixel.
func putRow(dst, src []byte) {
	for len(src) >= 4 {
		dst[0], dst[1], dst[2] = src[0], src[1], src[2]
		dst, src = dst[3:], src[4:]
	}
}

// tiffField is one entry of the directory.
type tiffField struct {
	tag, kind uint16
	values    []uint32
}

func (f tiffField) bytes() []byte {
	var b []byte
	for _, v := range f.values {
		if f.kind == typeShort {
			b = binary.LittleEndian.AppendUint16(b, uint16(v)) // #nosec G115 -- a short field's values are short
		} else {
			b = binary.LittleEndian.AppendUint32(b, v)
		}
	}
	return b
}

// The file begins with 8 bytes, the directory, and the values that don't fit
// into their entry's last 4 bytes.
func directorySize(fields []tiffField) int { return 2 + 12*len(fields) + 4 }

func headerSize(fields []tiffField) int {
	size := 8 + directorySize(fields)
	for _, f := range fields {
		if n := len(f.bytes()); n > 4 {
			size += n
		}
	}
	return size
}

func putHeader(file []byte, fields []tiffField) {
	le := binary.LittleEndian
	copy(file, "II*\x00\x08\x00\x00\x00")
	le.PutUint16(file[8:], uint16(len(fields))) // #nosec G115 -- within the pixel limit
	entry, overflow := file[10:], 8+directorySize(fields)
	for _, f := range fields {
		le.PutUint16(entry, f.tag)
		le.PutUint16(entry[2:], f.kind)
		le.PutUint32(entry[4:], uint32(len(f.values))) // #nosec G115 -- within the pixel limit
		if b := f.bytes(); len(b) > 4 {
			le.PutUint32(entry[8:], uint32(overflow)) // #nosec G115 -- within the pixel limit
			overflow += copy(file[overflow:], b)
		} else {
			copy(entry[8:], b)
		}
		entry = entry[12:]
	}
}
