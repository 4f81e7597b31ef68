package check

import (
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/crop"
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/edit"
	"github.com/passportphotogenie/passportphotogenie/internal/face"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

// Input is what the checks look at.
type Input struct {
	Spec       docspec.Spec // for the person's age band
	AgeBand    string
	Traits     Traits // of the original
	Plan       crop.Plan
	Landmarks  *face.Landmarks // in the photo's pixels; nil leaves places out
	SecondFace float64         // area of the second largest face over the largest's, 0 if none
	Pose       face.Pose
	HairCut    bool // the original ends before the hair does
	Settings   edit.Settings
	MoveCut    bool // the person wanted it moved further than the original reaches
	Now        time.Time
	Photo      Photo // of a preview, which has none, only the background as it would be
}

// Photo is what was measured of a finished photo.
type Photo struct {
	Width, Height int // px
	Bytes         int // of the file
	Light         Light
	Background    Background
	Replaced      bool // something else is behind the person than there was
}

// Baby reports whether the person is in its first year, and Small whether it is of
// an age at which nobody can be asked to look calm: offices ask no open eyes of the
// one and no expression of the other (ICAO 9303; gov.uk says so of UK passports).
func (in Input) Baby() bool { return in.AgeBand == under1 }

// Small says more above.
func (in Input) Small() bool { return in.Baby() || in.AgeBand == from1To5 }

// The age bands that rules are relaxed for, as package photo has them.
const (
	under1   = "under_1"
	from1To5 = "1_5"
)

// light is that of the finished photo where the person changed it, and else the
// original's.
func (in Input) light() Light {
	if in.Settings.Light() {
		return in.Photo.Light
	}
	return in.Traits.Light
}

// Place is a box in the finished photo, in millimetres from its upper left corner. A
// line is a box without height or width.
type Place struct {
	Left   float64 `json:"left_mm"`
	Top    float64 `json:"top_mm"`
	Right  float64 `json:"right_mm"`
	Bottom float64 `json:"bottom_mm"`
}

// around is the smallest place that holds the points, which are in the photo's
// pixels, as far as it lies in the photo; nil for none, and for points nowhere.
func (in Input) around(points []geom.Point) *Place {
	if len(points) == 0 {
		return nil
	}
	lo, hi := points[0], points[0]
	for _, p := range points {
		if !p.Finite() {
			return nil
		}
		lo = geom.Point{X: min(lo.X, p.X), Y: min(lo.Y, p.Y)}
		hi = geom.Point{X: max(hi.X, p.X), Y: max(hi.Y, p.Y)}
	}
	width, height := float64(in.Plan.Width), float64(in.Plan.Height)
	within := func(v, most float64) float64 { return in.mm(min(max(v, 0), most)) }
	return &Place{within(lo.X, width), within(lo.Y, height), within(hi.X, width), within(hi.Y, height)}
}

// mm is a length in the photo's pixels, in millimetres.
func (in Input) mm(px float64) float64 { return round(px / in.Plan.PerMM) }

// between is the whole width between two heights, in millimetres.
func (in Input) between(top, bottom geom.MM) *Place {
	return &Place{0, round(float64(top)), in.mm(float64(in.Plan.Width)), round(float64(bottom))}
}

// upright is a line over the whole photo at a distance from its left edge.
func (in Input) upright(left geom.MM) *Place {
	x := round(float64(left))
	return &Place{x, 0, x, in.mm(float64(in.Plan.Height))}
}

// across is a line over the whole photo at a height in millimetres.
func (in Input) across(top geom.MM) *Place {
	y := round(float64(top))
	return &Place{0, y, in.mm(float64(in.Plan.Width)), y}
}

func (in Input) facePoints() []geom.Point {
	if in.Landmarks == nil {
		return nil
	}
	return in.Landmarks.Oval()
}

func (in Input) eyePoints() []geom.Point {
	if in.Landmarks == nil {
		return nil
	}
	eyes := in.Landmarks.Eyes()
	return append(eyes[0].Points(), eyes[1].Points()...)
}

func (in Input) mouthPoints() []geom.Point {
	if in.Landmarks == nil {
		return nil
	}
	return in.Landmarks.Mouth().Points()
}
