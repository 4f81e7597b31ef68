package pipeline

import (
	"errors"
	"image"
	"math"

	"github.com/passportphotogenie/passportphotogenie/internal/crop"
	"github.com/passportphotogenie/passportphotogenie/internal/face"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
	"github.com/passportphotogenie/passportphotogenie/internal/raster"
)

// errNeedsOriginal says that the job can't be done with the analysis alone.
var errNeedsOriginal = errors.New("the original is needed")

// window is a part of the original's pixels, at a scale.
type window struct {
	shrink  int             // the pixels are this many times larger than the original's
	rect    image.Rectangle // in the original reduced that many times
	pyramid *raster.Pyramid // of rect
}

// fromOriginal maps the original's pixels to the window's.
func (v *window) fromOriginal() geom.Similarity {
	return geom.Similarity{A: 1 / float64(v.shrink), X: -float64(v.rect.Min.X), Y: -float64(v.rect.Min.Y)}
}

// kernelReach is how many pixels around the crop the resampling looks at.
const kernelReach = 6

// needs returns what a plan needs of the original reduced shrink times.
func needs(s *seen, p crop.Plan, shrink int) image.Rectangle {
	lo, hi := p.Region()
	return reduced(lo, hi, shrink).Intersect(all(s, shrink))
}

// reduced is the smallest rectangle around two corners, in the original reduced
// shrink times, and a little more.
func reduced(lo, hi geom.Point, shrink int) image.Rectangle {
	k := float64(shrink)
	return image.Rect(
		int(math.Floor(lo.X/k))-kernelReach, int(math.Floor(lo.Y/k))-kernelReach,
		int(math.Ceil(hi.X/k))+kernelReach, int(math.Ceil(hi.Y/k))+kernelReach)
}

func all(s *seen, shrink int) image.Rectangle {
	if shrink == s.Shrink {
		return s.bounds()
	}
	return image.Rect(0, 0, s.Width/shrink, s.Height/shrink)
}

// serves reports whether the window has all that the plan needs, as fine as the
// photo's own pixels where the original is.
func (v *window) serves(s *seen, p crop.Plan) bool {
	return (v.shrink == 1 || p.Scale*float64(v.shrink) <= 1) && needs(s, p, v.shrink).In(v.rect)
}

// roomToZoom is by how much an edit may enlarge the photo before it needs finer
// pixels than the analysis keeps.
const roomToZoom = 1.6

// reducedFor halves a window of far more pixels than a photo at the scale needs,
// and one that is too large to keep as soon as the photo allows.
// What a window that does not begin at the original's corner would become is off
// by half a pixel, so it stays.
func (v *window) reducedFor(scale float64) *window {
	for v.rect.Min == (image.Point{}) {
		room := roomToZoom
		if v.rect.Dx()*v.rect.Dy() > mostKept {
			room = 1
		}
		if scale*float64(2*v.shrink)*room > 1 {
			break
		}
		half := v.pyramid.Half()
		if half == nil {
			break
		}
		v = &window{2 * v.shrink, half.Bounds(), half}
	}
	return v
}

// What an edit may need of the original beside what the plan does, in units of T
// from the eyes: the head with the space that most documents ask for.
const (
	roomAside = 2.0
	roomAbove = 2.0
	roomBelow = 2.3
)

// decodeFor decodes the part of the original that the plan needs, and some more
// for later edits, at the smallest scale that has the photo's pixels.
func (w *work) decodeFor(s *seen, head face.Head, p crop.Plan) (*window, error) {
	if len(w.given.Original) == 0 {
		return nil, errNeedsOriginal
	}
	shrink := s.Shrink
	for shrink > 1 && p.Scale*float64(shrink) > 1 {
		shrink /= 2
	}
	rect := needs(s, p, shrink).Union(surroundings(s, head, shrink))
	img, err := w.Pictures.Decode(w.given.Original, w.job.Format, shrink, rect)
	if err != nil {
		return nil, err
	}
	return &window{shrink, rect, raster.NewPyramid(img)}, nil
}

func surroundings(s *seen, head face.Head, shrink int) image.Rectangle {
	above := geom.Point{X: roomAside, Y: roomAbove}.Times(head.EyeHeight())
	below := geom.Point{X: roomAside, Y: roomBelow}.Times(head.EyeHeight())
	return reduced(head.EyeMid().Sub(above), head.EyeMid().Add(below), shrink).Intersect(all(s, shrink))
}
