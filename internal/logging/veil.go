package logging

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"log/slog"
	"regexp"
)

// veil writes another word for each name and key that it meets, always the same for
// the same one. A log outlives the photos that it tells of, and what a database or a
// blob store complains of often names one. The words come from a secret that is made
// with the logger and kept nowhere, so that whoever has the log and an ID can't tell
// later, not even we, whether the one tells of the other.
type veil struct{ secret [sha256.Size]byte }

// named is what package secret makes, or anything that looks like it.
var named = regexp.MustCompile(`[a-z2-7]{26,}`)

// seen is the key of the one name that may be read: a receipt leads to no photo.
const seen = "receipt"

func newVeil() *veil {
	v := &veil{}
	rand.Read(v.secret[:]) // never fails: crypto/rand ends the program instead
	return v
}

// over covers an attribute that is no group.
func (v *veil) over(a slog.Attr) slog.Attr {
	if a.Key == seen {
		return a
	}
	switch a.Value.Kind() {
	case slog.KindString:
		a.Value = slog.StringValue(v.text(a.Value.String()))
	case slog.KindAny:
		a.Value = slog.StringValue(v.text(fmt.Sprint(a.Value.Any())))
	}
	return a
}

func (v *veil) text(s string) string { return named.ReplaceAllStringFunc(s, v.word) }

func (v *veil) word(name string) string {
	mac := hmac.New(sha256.New, v.secret[:])
	mac.Write([]byte(name))
	return "~" + base32.HexEncoding.EncodeToString(mac.Sum(nil)[:5])
}
