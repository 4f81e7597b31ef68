package pipeline

import (
	"fmt"

	"github.com/passportphotogenie/passportphotogenie/internal/face"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/raster"
)

// refinements after the first guess; each is a few milliseconds.
const refinements = 2

// confirm notes in s the largest candidate that the landmark network takes for
// a face, and says whether there is one. A confirmed second face of some size
// refuses the picture; a smaller one is only noted.
func (w *work) confirm(s *seen, p *raster.Pyramid, candidates []face.Candidate) (bool, error) {
	var area float64
	for _, c := range candidates {
		l, err := w.landmarks(p, c)
		if err != nil {
			return false, err
		}
		switch {
		case l == nil:
		case area == 0:
			s.Landmarks, s.Pose, area = l.Landmarks, l.Pose, c.Box.Area()
		case c.Box.Area() >= severalFrom*area:
			return false, photo.SeveralFaces
		default:
			s.SecondFace = max(s.SecondFace, c.Box.Area()/area)
		}
	}
	return area > 0, nil
}

// posed is a face with how it is turned.
type posed struct {
	face.Landmarks
	face.Pose
}

// landmarks finds the dense landmarks from the eyes the detector saw, then
// looks again around what it found. nil means that this is no face.
func (w *work) landmarks(p *raster.Pyramid, c face.Candidate) (*posed, error) {
	view := face.FirstView(c.RightEye, c.LeftEye)
	planes := make([]float32, 3*face.LandmarkInput*face.LandmarkInput)
	var found posed
	for range 1 + refinements {
		p.Planes(view, planes)
		points, presence, err := w.Networks.Landmarks(planes)
		if err != nil {
			return nil, fmt.Errorf("landmark network: %w", err)
		}
		l, ok := face.FromNetwork(points, view)
		if !ok || presence <= 0 {
			return nil, nil
		}
		view, found = l.NextView(), posed{*l, face.PoseFromNetwork(points)}
	}
	return &found, nil
}
