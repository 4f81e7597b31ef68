package edit

import (
	"fmt"
	"regexp"
	"strconv"
)

// Background is what is to be behind the person: one of the words below, or a
// colour as #rrggbb.
type Background string

// Automatic replaces the background where the document allows that and names a
// colour, and else leaves it. Original leaves it in any case. Transparent makes
// a PNG whose background is see-through.
const (
	Automatic   Background = ""
	Original    Background = "original"
	Transparent Background = "transparent"
)

// automatic is how Automatic is asked for by name.
const automatic = "auto"

var colour = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

// ParseBackground reads what a client asked for.
func ParseBackground(s string) (Background, error) {
	if s == automatic {
		return Automatic, nil
	}
	b := Background(s)
	if b == Automatic { // it has a name to be asked for by
		return b, unknownBackground()
	}
	return b, b.validate()
}

func (b Background) validate() error {
	switch b {
	case Automatic, Original, Transparent:
		return nil
	}
	if !colour.MatchString(string(b)) {
		return unknownBackground()
	}
	return nil
}

func unknownBackground() error {
	return InvalidError{"background", fmt.Sprintf("must be %q, %q, %q or a colour such as white or #ffffff", automatic, Original, Transparent)}
}

// Colour returns the three values of a colour; false for a word.
func (b Background) Colour() (rgb [3]uint8, ok bool) {
	if !colour.MatchString(string(b)) {
		return rgb, false
	}
	for i := range rgb {
		v, err := strconv.ParseUint(string(b[1+2*i:3+2*i]), 16, 8)
		if err != nil {
			return rgb, false
		}
		rgb[i] = uint8(v)
	}
	return rgb, true
}

// String names the background as a client asks for it.
func (b Background) String() string {
	if b == Automatic {
		return automatic
	}
	return string(b)
}
