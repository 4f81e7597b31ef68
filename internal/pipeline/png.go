package pipeline

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/png"
	"math"

	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

// encodePNG saves a photo with a see-through background, with its resolution.
func encodePNG(img *image.NRGBA, dpi int) ([]byte, error) {
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil, fmt.Errorf("as PNG: %w", err)
	}
	// After the signature and the IHDR chunk, which always comes first and
	// always has 13 bytes.
	const head = 8 + 4 + 4 + 13 + 4
	perMetre := uint32(math.Round(1000 * geom.PixelsPerMM(float64(dpi)))) // #nosec G115 -- some ten thousand
	phys := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, perMetre), perMetre)
	out := append(bytes.Clone(b.Bytes()[:head]), chunk("sRGB", []byte{0})...)
	out = append(out, chunk("pHYs", append(phys, 1))...)
	return append(out, b.Bytes()[head:]...), nil
}

func chunk(name string, content []byte) []byte {
	c := binary.BigEndian.AppendUint32(nil, uint32(len(content))) // #nosec G115 -- a few bytes
	c = append(append(c, name...), content...)
	return binary.BigEndian.AppendUint32(c, crc32.ChecksumIEEE(c[4:]))
}
