package vips

import "encoding/binary"

// srgbProfile builds an ICC profile (ICC.1:2010, version 4) that says nothing
// but that pixels are sRGB (IEC 61966-2-1), in under 500 bytes. libvips has one
// of 7 kB built in, which is too much where an office allows 20 kB for the photo.
func srgbProfile() []byte {
	tags := []struct{ name, content string }{
		{"desc", text4("sRGB")},
		{"cprt", text4("CC0")},
		{"wtpt", xyz(0.96420, 1, 0.82491)}, // D50, as ICC asks
		// The primaries, adapted from D65 to D50 by Bradford's method.
		{"rXYZ", xyz(0.43607, 0.22249, 0.01392)},
		{"gXYZ", xyz(0.38515, 0.71687, 0.09708)},
		{"bXYZ", xyz(0.14307, 0.06061, 0.71410)},
		{"rTRC", transfer()}, {"gTRC", transfer()}, {"bTRC", transfer()},
	}
	at := 128 + 4 + 12*len(tags)
	table := binary.BigEndian.AppendUint32(nil, uint32(len(tags))) // #nosec G115 -- nine
	places := map[string]int{}
	var body []byte
	for _, t := range tags {
		place, shared := places[t.content]
		if !shared {
			place = at + len(body)
			places[t.content] = place
			body = append(body, t.content...)
		}
		table = append(table, t.name...)
		table = binary.BigEndian.AppendUint32(table, uint32(place))          // #nosec G115 -- some hundred
		table = binary.BigEndian.AppendUint32(table, uint32(len(t.content))) // #nosec G115 -- some dozen
	}
	return append(append(profileHeader(at+len(body)), table...), body...)
}

func profileHeader(size int) []byte {
	h := make([]byte, 128)
	binary.BigEndian.PutUint32(h, uint32(size)) // #nosec G115 -- some hundred
	copy(h[8:], "\x04\x30\x00\x00mntrRGB XYZ ")
	copy(h[24:], "\x07\xda\x00\x01\x00\x01") // 2010-01-01: the same file each time
	copy(h[36:], "acsp")
	copy(h[68:], xyz(0.96420, 1, 0.82491)[8:])
	return h
}

// fixed is a number with 16 bits after the point.
func fixed(b []byte, v float64) []byte {
	return binary.BigEndian.AppendUint32(b, uint32(int32(v*65536+0.5))) // #nosec G115 -- below 13
}

func xyz(x, y, z float64) string {
	return string(fixed(fixed(fixed([]byte("XYZ \x00\x00\x00\x00"), x), y), z))
}

// transfer is the parametric curve of kind 3: g, a, b, c, d.
func transfer() string {
	b := []byte("para\x00\x00\x00\x00\x00\x03\x00\x00")
	for _, v := range []float64{2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045} {
		b = fixed(b, v)
	}
	return string(b)
}

// text4 is a text in one language, padded to four bytes.
func text4(s string) string {
	b := []byte("mluc\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x0cenUS")
	b = binary.BigEndian.AppendUint32(b, uint32(2*len(s))) // #nosec G115 -- a word
	b = binary.BigEndian.AppendUint32(b, 28)
	for _, c := range []byte(s) {
		b = append(b, 0, c)
	}
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	return string(b)
}
