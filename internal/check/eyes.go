package check

import (
	"math"

	"github.com/passportphotogenie/passportphotogenie/internal/face"
	"github.com/passportphotogenie/passportphotogenie/internal/raster"
)

// eyeSide is the side of the view of one eye, px; the eye takes eyePixels of it from
// corner to corner, and the rest shows the skin around.
const eyeSide = 96

// eyeView is one eye, level with its corners, in a view of its own: the landmarks know
// where an eye is, but hardly whether it is open, and say nothing of its iris.
type eyeView struct {
	planes  []float32
	green   []uint8 // 0..255: an iris is dark in it, whatever its colour, and so is a red pupil
	skin    float64 // green around the eye
	redness float64 // of the skin: red over green
}

func viewEye(s Subject, e face.Eye) eyeView {
	along := e.Inner.Sub(e.Outer)
	if along.X < 0 {
		along = along.Times(-1)
	}
	view := raster.Square(e.Centre(), along.Length()*eyeSide/eyePixels, along.Angle(), eyeSide)
	const n = eyeSide * eyeSide
	v := eyeView{planes: make([]float32, 3*n), green: make([]uint8, n)}
	s.Picture.Planes(view, v.planes)
	for i := range v.green {
		v.green[i] = uint8(255*v.planes[n+i] + 0.5)
	}
	v.measureSkin()
	return v
}

// measureSkin goes by the skin below the lower lid.
func (v *eyeView) measureSkin() {
	const n = eyeSide * eyeSide
	var sum, red, green, count float64
	for y := eyeSide * 3 / 4; y < eyeSide*19/20; y++ {
		for x := eyeSide / 4; x < eyeSide*3/4; x++ {
			i := y*eyeSide + x
			sum += float64(v.green[i])
			red, green, count = red+float64(v.planes[i]), green+float64(v.planes[n+i]), count+1
		}
	}
	v.skin, v.redness = sum/count, red/math.Max(green, 1e-3)
}

// look is what an eye shows: see eyes_open.go, gaze.go and red_eyes.go.
type look struct{ opening, aside, red float64 }

// lookAtEyes returns the eye that is less open, where both look, and the redder one.
func lookAtEyes(s Subject) look {
	eyes := s.Landmarks.Eyes()
	nan := math.NaN()
	l := look{nan, nan, nan}
	var views [2]eyeView
	for i, e := range eyes {
		if !(e.Outer.Sub(e.Inner).Length() >= 4) { // in pixels: less shows nothing
			return l
		}
		views[i] = viewEye(s, e)
	}
	l = look{math.Min(views[0].opening(), views[1].opening()), (views[0].aside() + views[1].aside()) / 2, math.Max(views[0].red(), views[1].red())}
	return l
}

// threshold is the green below which a pixel is as dark as an iris or lashes: half
// way from the darkest there is to the skin.
func (v *eyeView) threshold() float64 {
	var counts [256]int
	from, to := eyeSide/4, eyeSide*3/4
	for y := from; y < to; y++ {
		for x := from; x < to; x++ {
			counts[v.green[y*eyeSide+x]]++
		}
	}
	n, enough := 0, (to-from)*(to-from)/50
	for darkest, k := range counts {
		if n += k; n >= enough {
			return (float64(darkest) + v.skin) / 2
		}
	}
	return 0
}
