package testpictures

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
)

// Truncated cuts a file in half.
func Truncated(file []byte) []byte { return file[:len(file)/2] }

// PNGBomb is a whole, valid PNG of under a megabyte that unpacks to 900
// megapixels of black.
func PNGBomb(t T) []byte {
	t.Helper()
	const side = 30000
	return once(product{"bomb", side}, func() []byte {
		var data bytes.Buffer
		z, err := zlib.NewWriterLevel(&data, zlib.BestSpeed)
		if err != nil {
			t.Fatalf("bomb: %v", err)
		}
		row := make([]byte, 1+side/8) // one bit a pixel
		for range side {
			if _, err := z.Write(row); err != nil {
				t.Fatalf("bomb: %v", err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatalf("bomb: %v", err)
		}
		return pngFile(side, side, data.Bytes())
	})
}

// HugePNGHeader says 100 megapixels and holds none.
func HugePNGHeader() []byte { return pngFile(10000, 10000, []byte{0x78, 0x9c}) }

func pngFile(width, height uint32, data []byte) []byte {
	be := binary.BigEndian
	head := be.AppendUint32(be.AppendUint32(nil, width), height)
	head = append(head, 1, 0, 0, 0, 0) // one bit, grey, no interlace
	file := append([]byte("\x89PNG\r\n\x1a\n"), pngChunk("IHDR", head)...)
	file = append(file, pngChunk("IDAT", data)...)
	return append(file, pngChunk("IEND", nil)...)
}

func pngChunk(kind string, data []byte) []byte {
	be := binary.BigEndian
	body := append([]byte(kind), data...)
	chunk := append(be.AppendUint32(nil, uint32(len(data))), body...)
	return be.AppendUint32(chunk, crc32.ChecksumIEEE(body))
}

// HugeJPEGHeader is a JPEG whose frame header says 100 megapixels.
func HugeJPEGHeader(t T) []byte {
	t.Helper()
	file := bytes.Clone(JPEG(t, NoFace()))
	frame := bytes.Index(file, []byte{0xff, 0xc0})
	if frame < 0 {
		t.Fatalf("no baseline frame header")
	}
	binary.BigEndian.PutUint16(file[frame+5:], 10000)
	binary.BigEndian.PutUint16(file[frame+7:], 10000)
	return file
}

// WithPNGOrientation adds an EXIF orientation (1 to 8) to a PNG, without
// touching its pixels.
func WithPNGOrientation(file []byte, orientation int) []byte {
	const afterHeader = 8 + 25 // the signature and the IHDR chunk
	// The chunk holds what follows "Exif\0\0" in a JPEG's segment.
	chunk := pngChunk("eXIf", exif(orientation)[10:])
	return bytes.Join([][]byte{file[:afterHeader], chunk, file[afterHeader:]}, nil)
}

// WithBrokenProfile gives a JPEG a colour profile that is none.
func WithBrokenProfile(file []byte) []byte {
	body := append([]byte("ICC_PROFILE\x00\x01\x01"), "no colour profile begins like this"...)
	segment := append(binary.BigEndian.AppendUint16([]byte{0xff, 0xe2}, uint16(len(body)+2)), body...)
	return bytes.Join([][]byte{file[:2], segment, file[2:]}, nil)
}
