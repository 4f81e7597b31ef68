// Package dlib finds faces with dlib's frontal detector, through go-face, and
// tells where their eyes are.
//
// go-face is made to recognize people: with every face it computes a descriptor,
// 128 numbers that tell one person from another, and it can't be told not to.
// That is biometric data, and nothing here has a use for it. It is wiped where
// go-face hands it over, before anything else happens, and no type of this
// package has a place for it. Keep it so.
package dlib

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	goface "github.com/Kagami/go-face"

	"github.com/passportphotogenie/passportphotogenie/internal/face"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

// Detector is one go-face recognizer with its models, some 80 MB. It looks at
// one picture at a time: a process needs no second one.
type Detector struct{ recognizer *goface.Recognizer }

// Open loads the models from their folder, which takes about half a second. Its
// error names the file that is missing.
func Open(modelsDir string) (*Detector, error) {
	for _, name := range modelFiles() {
		if _, err := os.Stat(filepath.Join(modelsDir, name)); err != nil {
			return nil, fmt.Errorf("the face detector needs %s (`make deps` fetches it): %w", name, err)
		}
	}
	r, err := goface.NewRecognizer(modelsDir)
	if err != nil {
		return nil, fmt.Errorf("load the face detector's models: %w", err)
	}
	return &Detector{r}, nil
}

// modelFiles lists what go-face loads. It uses only the first of them for what
// we ask, but won't start without the others.
func modelFiles() []string {
	return []string{
		"shape_predictor_5_face_landmarks.dat",
		"dlib_face_recognition_resnet_model_v1.dat",
		"mmod_human_face_detector.dat",
	}
}

// Close frees the models. The detector must not be used after it.
func (d *Detector) Close() { d.recognizer.Close() }

// Detect returns the upright faces of at least 80 pixels in a colour JPEG, from
// left to right, in that JPEG's pixels; none is no error.
func (d *Detector) Detect(jpeg []byte) ([]face.Candidate, error) {
	found, err := d.recognizer.Recognize(jpeg)
	for i := range found {
		clear(found[i].Descriptor[:])
	}
	if err != nil {
		return nil, fmt.Errorf("look for faces: %w", err)
	}
	candidates := make([]face.Candidate, 0, len(found))
	for _, f := range found {
		c, err := candidate(f)
		if err != nil {
			return nil, err
		}
		candidates = append(candidates, c)
	}
	return candidates, nil
}

// dlib's five points, by index. The fifth is the base of the nose.
const (
	leftOuter = iota
	leftInner
	rightOuter
	rightInner
	noseBase
	points
)

func candidate(f goface.Face) (face.Candidate, error) {
	if len(f.Shapes) != points {
		return face.Candidate{}, errors.New("the landmark model is not the one of five points")
	}
	// dlib names pixels, by their index; a pixel's centre lies half-way into it.
	at := func(i int) geom.Point {
		return geom.Point{X: float64(f.Shapes[i].X) + 0.5, Y: float64(f.Shapes[i].Y) + 0.5}
	}
	// Its rectangles hold their last row and column.
	r := f.Rectangle
	return face.Candidate{
		Box:      face.Box{Left: float64(r.Min.X), Top: float64(r.Min.Y), Right: float64(r.Max.X + 1), Bottom: float64(r.Max.Y + 1)},
		RightEye: geom.Mid(at(rightOuter), at(rightInner)),
		LeftEye:  geom.Mid(at(leftOuter), at(leftInner)),
	}, nil
}
