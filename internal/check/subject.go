package check

import (
	"image"
	"math"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/face"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
	"github.com/passportphotogenie/passportphotogenie/internal/raster"
)

// Subject is a face in a picture, as it is measured.
type Subject struct {
	Picture   *raster.Pyramid
	Landmarks *face.Landmarks // in the picture's pixels
	// Blocks is the side in the picture's pixels of the blocks that its file was
	// compressed in; 0 where there are none or they are not known.
	Blocks int
}

// Traits is what was measured in an original, whatever document it is for. What
// could not be measured is NaN.
type Traits struct {
	Light      Light
	Sharpness  float64 // see sharpness.go
	Noise      float64 // see noise.go
	Blocking   float64 // see compression_artifacts.go
	EyeOpening float64 // of the eye that is open less: see eyes_open.go
	MouthGap   float64 // between the lips, in T
	Smile      float64 // see expression_neutrality.go
	Gaze       float64 // see gaze.go
	RedEyes    float64 // see red_eyes.go
	Roll       float64 // of the head as it was photographed, degrees
	// TakenAt is the date that the camera wrote into the file, zero if none.
	TakenAt time.Time
}

// Examine measures the traits of an original. Landmarks that are no numbers, or
// all lie in one place, leave nothing to measure.
func Examine(s Subject) Traits {
	nan := math.NaN()
	t := Traits{Light: noLight(), Sharpness: nan, Noise: nan, Blocking: nan, EyeOpening: nan, MouthGap: nan, Smile: nan, Gaze: nan, RedEyes: nan, Roll: nan}
	l := s.Landmarks
	height := faceHeight(l)
	if !l.Finite() || !(height > 0) {
		return t
	}
	t.MouthGap = l.Mouth().Opening() / height
	t.Smile = smile(l)
	t.Roll = l.Roll() * 180 / math.Pi
	a, ok := align(s)
	if !ok {
		return t
	}
	t.Light = measureLight(a)
	eyes := lookAtEyes(s)
	t.EyeOpening, t.Gaze, t.RedEyes = eyes.opening, eyes.aside, eyes.red
	t.Sharpness, t.Noise = measureDetail(s, a)
	t.Blocking = measureBlocking(s)
	return t
}

// faceHeight is T: the distance from the middle of the eyes to the chin.
func faceHeight(l *face.Landmarks) float64 {
	return geom.Mid(l.RightEye(), l.LeftEye()).Sub(l.Chin()).Length()
}

// level is the full-size picture.
func (s Subject) level() *image.RGBA {
	img, _ := s.Picture.Level(0)
	return img
}
