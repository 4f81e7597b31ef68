package testpictures

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"unicode/utf16"
)

// MarkedJPEG writes words to every place of a JPEG where programs leave some: EXIF
// and XMP, IPTC, a comment, a colour profile that is none, and after the picture's
// end. They must be fewer than 1000 bytes.
func MarkedJPEG(file []byte, words string) []byte {
	segments := [][]byte{
		jpegSegment(0xe1, append([]byte("Exif\x00\x00"), exifWords(words)...)),
		jpegSegment(0xe1, []byte("http://ns.adobe.com/xap/1.0/\x00"+xmp(words))),
		jpegSegment(0xed, append([]byte("Photoshop 3.0\x008BIM\x04\x04\x00\x00"), iptc(words)...)),
		jpegSegment(0xe2, []byte("ICC_PROFILE\x00\x01\x01"+words)),
		jpegSegment(0xfe, []byte(words)),
	}
	return bytes.Join([][]byte{file[:2], bytes.Join(segments, nil), file[2:], []byte(words)}, nil)
}

// MarkedPNG does so with a PNG's texts: plain, compressed and international, and
// with EXIF.
func MarkedPNG(t T, file []byte, words string) []byte {
	t.Helper()
	const afterHeader = 8 + 25 // the signature and the IHDR chunk
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	if _, err := z.Write([]byte(words)); err != nil {
		t.Fatalf("compress: %v", err)
	}
	if err := z.Close(); err != nil {
		t.Fatalf("compress: %v", err)
	}
	chunks := [][]byte{
		pngChunk("tEXt", []byte("Author\x00"+words)),
		pngChunk("zTXt", append([]byte("Comment\x00\x00"), packed.Bytes()...)),
		pngChunk("iTXt", []byte("XML:com.adobe.xmp\x00\x00\x00\x00\x00"+xmp(words))),
		pngChunk("eXIf", exifWords(words)),
	}
	return bytes.Join([][]byte{file[:afterHeader], bytes.Join(chunks, nil), file[afterHeader:], []byte(words)}, nil)
}

// MarkedHEIC adds words in a box that readers pass over.
func MarkedHEIC(file []byte, words string) []byte {
	box := binary.BigEndian.AppendUint32(nil, uint32(8+len(words)))
	return append(append(append(bytes.Clone(file), box...), "free"...), words...)
}

func jpegSegment(marker byte, body []byte) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(body)+2)), body...)
}

func xmp(words string) string {
	return `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description ` +
		`xmlns:dc="http://purl.org/dc/elements/1.1/" dc:creator="` + words + `"/></rdf:RDF></x:xmpmeta>`
}

// iptc is a caption in a resource of Photoshop's.
func iptc(words string) []byte {
	dataset := append(binary.BigEndian.AppendUint16([]byte{0x1c, 2, 120}, uint16(len(words))), words...)
	return append(binary.BigEndian.AppendUint32(nil, uint32(len(dataset))), dataset...)
}

// exifWords is a directory with the words as description and artist, and in
// UTF-16 as the comment that Windows shows.
func exifWords(words string) []byte {
	be := binary.BigEndian
	text := append([]byte(words), 0)
	var wide []byte
	for _, unit := range utf16.Encode([]rune(words + "\x00")) {
		wide = binary.LittleEndian.AppendUint16(wide, unit)
	}
	const entries = 3
	values := uint32(8 + 2 + entries*12 + 4) // where they begin
	body := be.AppendUint16(be.AppendUint32([]byte("MM\x00\x2a"), 8), entries)
	for _, e := range []struct {
		tag, kind uint16
		count, at uint32
	}{
		{0x010e, 2, uint32(len(text)), values}, {0x013b, 2, uint32(len(text)), values},
		{0x9c9c, 1, uint32(len(wide)), values + uint32(len(text))},
	} {
		body = be.AppendUint16(be.AppendUint16(body, e.tag), e.kind)
		body = be.AppendUint32(be.AppendUint32(body, e.count), e.at)
	}
	body = be.AppendUint32(body, 0) // no next directory
	return append(append(body, text...), wide...)
}
