package pipeline

import (
	"bytes"
	"encoding/binary"
	"slices"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/edit"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/testpictures"
	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

const secret = "Musterstrasse 7"

// segment is a JPEG's segment with the secret in it.
func segment(marker byte, heading string) []byte {
	content := heading + secret
	b := binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(2+len(content)))
	return append(b, content...)
}

// tagged is the portrait with the secret in everything that a camera or a picture
// program writes beside the pixels: EXIF, which holds GPS, maker notes and the
// thumbnail, XMP, IPTC, another vendor's block, and a comment.
func tagged(t *testing.T) []byte {
	file := testpictures.Portrait(t, portraits.Smiling)
	tags := slices.Concat(
		segment(0xe1, "Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x00"),
		segment(0xe1, "http://ns.adobe.com/xap/1.0/\x00"),
		segment(0xed, "Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00\x10"),
		segment(0xe5, "Vendor\x00"), segment(0xfe, ""))
	return slices.Concat(file[:2], tags, file[2:])
}

func TestNothingOfTheOriginalsMetadataIsLeft(t *testing.T) {
	original := tagged(t)
	if bytes.Count(original, []byte(secret)) != 5 {
		t.Fatal("the original does not hold what is to be taken away")
	}
	job := Job{Spec: spec(t, "us-passport"), AgeBand: photo.Adult, Format: photo.JPEG}
	plain := run(t, job, Material{Original: original})
	job.Settings.Background = edit.Transparent
	see := run(t, job, Material{Original: original})
	for what, file := range map[string][]byte{"JPEG": plain.Picture, "PNG": see.Picture, "report": plain.Report, "analysis": plain.Analysis} {
		if bytes.Contains(file, []byte(secret)) {
			t.Errorf("the %s holds the secret", what)
		}
	}

	for at := 2; plain.Picture[at+1] != 0xda; {
		marker, length := plain.Picture[at+1], int(binary.BigEndian.Uint16(plain.Picture[at+2:]))
		content := plain.Picture[at+4 : at+2+length]
		ours := marker == 0xe0 && bytes.HasPrefix(content, []byte("JFIF")) || marker == 0xe2 && bytes.HasPrefix(content, []byte("ICC_PROFILE"))
		if (marker >= 0xe0 && marker <= 0xef || marker == 0xfe) && !ours {
			t.Errorf("the JPEG holds a segment %#x", marker)
		}
		at += 2 + length
	}
	known := []string{"IHDR", "sRGB", "pHYs", "IDAT", "IEND"}
	for at := 8; at < len(see.Picture); {
		length, name := int(binary.BigEndian.Uint32(see.Picture[at:])), string(see.Picture[at+4:at+8])
		if !slices.Contains(known, name) {
			t.Errorf("the PNG holds a chunk %q", name)
		}
		at += 12 + length
	}
}
