// Package portraits holds the portraits that tests look at, with points read
// from them by eye: something to hold the geometry against that no network
// made. Origin and rights are in PROVENANCE.md.
package portraits

import (
	"embed"
	"encoding/json"
	"fmt"

	"github.com/passportphotogenie/passportphotogenie/internal/geom"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

//go:embed annotations.json *.jpg *.png
var files embed.FS

// Name is the file name of a portrait.
type Name string

// The portraits. Smiling is frontal, 910 x 1137; Tilted has the head small in
// the frame and tilted about 13 degrees, 970 x 2204; Astronaut is 512 x 512
// with a face about 85 pixels wide, too small for print.
const (
	Smiling   Name = "official-portrait-smiling.jpg"
	Tilted    Name = "three-quarter-length-tilted.jpg"
	Astronaut Name = "astronaut-busy-background.png"
)

// All returns every portrait.
func All() []Name { return []Name{Smiling, Tilted, Astronaut} }

// Points were read by eye, in the picture's pixels, each within Uncertainty.
// The subject's right eye is on the left in the picture.
type Points struct {
	RightEye, LeftEye, Chin, HairTop geom.Point
	Uncertainty                      float64
}

// Read returns the file's bytes. It fails only for a name that is not one of
// the constants.
func (n Name) Read() ([]byte, error) { return files.ReadFile(string(n)) }

// Format is the kind of file.
func (n Name) Format() photo.Format {
	if n == Astronaut {
		return photo.PNG
	}
	return photo.JPEG
}

// Points returns what was read by eye.
func (n Name) Points() (Points, error) {
	raw, err := files.ReadFile("annotations.json")
	if err != nil {
		return Points{}, err
	}
	var all map[Name]struct {
		RightEye    [2]float64 `json:"right_eye"`
		LeftEye     [2]float64 `json:"left_eye"`
		Chin        [2]float64 `json:"chin"`
		HairTop     [2]float64 `json:"hair_top"`
		Uncertainty float64    `json:"uncertainty_px"`
	}
	if err := json.Unmarshal(raw, &all); err != nil {
		return Points{}, fmt.Errorf("annotations.json: %w", err)
	}
	a, ok := all[n]
	if !ok {
		return Points{}, fmt.Errorf("annotations.json says nothing of %s", n)
	}
	at := func(p [2]float64) geom.Point { return geom.Point{X: p[0], Y: p[1]} }
	return Points{at(a.RightEye), at(a.LeftEye), at(a.Chin), at(a.HairTop), a.Uncertainty}, nil
}
