package endtoend

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
)

// search looks for values in every form in which they could have been kept.
type search struct {
	forms []written
	at    map[start][]int // forms by how they begin
	may   [1 << 16]bool   // whether any begins with these two bytes
}

type start [8]byte

// written is one form of a value.
type written struct {
	value, form string // for people
	bytes       []byte
}

// hit is a value that was found.
type hit struct{ place, value, form string }

func (h hit) String() string { return fmt.Sprintf("%s has %s (%s)", h.place, h.value, h.form) }

// add looks for one value more: text, or the bytes of a hash.
func (s *search) add(name string, value []byte) {
	for form, b := range map[string][]byte{
		"as it is": value, "in capitals": bytes.ToUpper(value),
		"hex": []byte(hex.EncodeToString(value)), "HEX": []byte(strings.ToUpper(hex.EncodeToString(value))),
		"UTF-16": wide(string(value), false), "UTF-16, big end first": wide(string(value), true),
	} {
		s.addForm(written{name, form, b})
	}
	for shift := range 3 {
		s.addForm(written{name, "base64", inBase64(value, shift, base64.RawStdEncoding)})
		s.addForm(written{name, "base64", inBase64(value, shift, base64.RawURLEncoding)})
	}
}

// addName looks for an ID or a key, which are base32, and the bytes that it stands
// for as well.
func (s *search) addName(t *testing.T, name, value string) {
	t.Helper()
	b, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ToUpper(value))
	if err != nil {
		t.Fatal(err)
	}
	s.add(name, []byte(value))
	s.add(name+"'s bytes", b)
}

func (s *search) addForm(f written) {
	if s.at == nil {
		s.at = map[start][]int{}
	}
	begin := start(f.bytes)
	s.at[begin] = append(s.at[begin], len(s.forms))
	s.may[int(f.bytes[0])<<8|int(f.bytes[1])] = true
	s.forms = append(s.forms, f)
}

func wide(text string, bigEndian bool) (b []byte) {
	for _, unit := range utf16.Encode([]rune(text)) {
		low, high := byte(unit), byte(unit>>8)
		if bigEndian {
			low, high = high, low
		}
		b = append(b, low, high)
	}
	return b
}

// inBase64 is how the value looks inside of a longer text, shift bytes from where a
// group of three begins: without the letters at its ends that depend on others.
func inBase64(value []byte, shift int, encoding *base64.Encoding) []byte {
	text := encoding.EncodeToString(append(make([]byte, shift), value...))
	return []byte(text[(shift*8+5)/6 : (shift+len(value))*8/6])
}

// in searches bytes, and what lies compressed in them.
func (s *search) in(place string, b []byte) (hits []hit) {
	hits = s.plain(place, b)
	for i := 0; i+2 < len(b); i++ {
		var r io.Reader
		var err error
		switch {
		case b[i] == 0x1f && b[i+1] == 0x8b && b[i+2] == 8:
			r, err = gzip.NewReader(bytes.NewReader(b[i:]))
		case b[i] == 0x78 && (b[i+1] == 0x01 || b[i+1] == 0x9c || b[i+1] == 0xda):
			r, err = zlib.NewReader(bytes.NewReader(b[i:]))
		default:
			continue
		}
		if err == nil {
			unpacked, _ := io.ReadAll(io.LimitReader(r, 64<<20)) // as far as it goes
			hits = append(hits, s.plain(place+", unpacked", unpacked)...)
		}
	}
	return hits
}

func (s *search) plain(place string, b []byte) (hits []hit) {
	seen := map[int]bool{}
	for i := 0; i+len(start{}) <= len(b); i++ {
		if !s.may[int(b[i])<<8|int(b[i+1])] {
			continue
		}
		for _, n := range s.at[start(b[i:])] {
			if f := s.forms[n]; !seen[n] && bytes.HasPrefix(b[i:], f.bytes) {
				seen[n] = true
				hits = append(hits, hit{place, f.value, f.form})
			}
		}
	}
	return hits
}

// folder searches names and contents of all files below a directory, but for
// those that begin with one of the paths.
func (s *search) folder(t *testing.T, place, dir string, but ...string) (hits []hit) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return unlessGone(err)
		}
		if slices.ContainsFunc(but, func(b string) bool { return strings.HasPrefix(path, filepath.Join(dir, b)) }) {
			return nil
		}
		name := strings.TrimPrefix(path, dir)
		hits = append(hits, s.in(place+name+" (its name)", []byte(name))...)
		if !e.Type().IsRegular() {
			return nil
		}
		b, err := os.ReadFile(path)
		hits = append(hits, s.in(place+name, b)...)
		return unlessGone(err)
	})
	if err != nil {
		t.Fatal(err)
	}
	return hits
}

// unlessGone passes over what went since it was listed, and over what belongs to
// other users of the machine.
func unlessGone(err error) error {
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		return nil
	}
	return err
}

// spotted says whether a value was found in a place, or in one that begins so.
func spotted(hits []hit, place, value string) bool {
	for _, h := range hits {
		if strings.HasPrefix(h.place, place) && h.value == value {
			return true
		}
	}
	return false
}
