package main

import (
	"image"
	"image/color"
	"math"

	"github.com/passportphotogenie/passportphotogenie/internal/check"
)

// fault is one thing that can be wrong with a picture, at grades from hardly to be
// seen to ruined. From the grade bad on, any office would refuse it.
type fault struct {
	name   string
	found  []check.Name // the checks that should find it
	levels []float64
	bad    int // index of the first level that is clearly bad
	make   func(s *sitter, level float64) (img image.Image, quality int)
}

func plain(f func(s *sitter, level float64) image.Image) func(*sitter, float64) (image.Image, int) {
	return func(s *sitter, level float64) (image.Image, int) { return f(s, level), usualQuality }
}

// onPixels is a fault that treats each pixel by its value and its place, -1 to 1.
func onPixels(f func(level float64, x, y float64, v [3]float64) [3]float64) func(*sitter, float64) (image.Image, int) {
	return plain(func(s *sitter, level float64) image.Image {
		w, h := s.picture.Rect.Dx(), s.picture.Rect.Dy()
		out := image.NewRGBA(s.picture.Rect)
		for i := range w * h {
			p := s.picture.Pix[4*i:][:4]
			v := f(level, 2*float64(i%w)/float64(w)-1, 2*float64(i/w)/float64(h)-1,
				[3]float64{linear(p[0]), linear(p[1]), linear(p[2])})
			out.SetRGBA(i%w, i/w, color.RGBA{encode(v[0]), encode(v[1]), encode(v[2]), 255})
		}
		return out
	})
}

func linear(v uint8) float64 { return math.Pow(float64(v)/255, 2.2) }

func encode(v float64) uint8 { return uint8(math.Round(255 * math.Pow(min(max(v, 0), 1), 1/2.2))) }

// faults are all of them. The light is changed in linear values, as a lamp does it.
func faults() []fault {
	return append(lightFaults(), append(cameraFaults(), append(faceFaults(), wallFaults()...)...)...)
}

func lightFaults() []fault {
	return []fault{
		{"dark", []check.Name{check.UnderExposure, check.LuminanceMean, check.DynamicRange}, []float64{1, 2, 3, 4, 5, 6}, 4,
			exposed(func(stops float64) float64 { return -stops })},
		{"bright", []check.Name{check.OverExposure, check.LuminanceMean}, []float64{0.5, 1, 1.5, 2, 2.5, 3}, 3,
			exposed(func(stops float64) float64 { return stops })},
		{"flat", []check.Name{check.DynamicRange, check.LuminanceVariance}, []float64{0.2, 0.4, 0.6, 0.8, 0.9, 0.95}, 4,
			onPixels(func(haze, _, _ float64, v [3]float64) [3]float64 {
				return [3]float64{v[0]*(1-haze) + 0.5*haze, v[1]*(1-haze) + 0.5*haze, v[2]*(1-haze) + 0.5*haze}
			})},
		{"side light", []check.Name{check.IlluminationUniformity}, []float64{0.25, 0.5, 1, 1.5, 2, 3}, 4, sideLight()},
		{"tungsten cast", []check.Name{check.NaturalColour, check.BackgroundColour}, []float64{0.1, 0.2, 0.3, 0.5, 0.7, 0.9}, 4, onPixels(warm)},
		{"blue cast", []check.Name{check.NaturalColour, check.BackgroundColour}, []float64{0.1, 0.2, 0.3, 0.4, 0.6, 0.8}, 4,
			onPixels(func(k, _, _ float64, v [3]float64) [3]float64 {
				return [3]float64{v[0] * (1 - k), v[1] * (1 - k/3), v[2]}
			})},
		{"green cast", []check.Name{check.NaturalColour, check.BackgroundColour}, []float64{0.1, 0.2, 0.3, 0.4, 0.6, 0.8}, 4,
			onPixels(func(k, _, _ float64, v [3]float64) [3]float64 {
				return [3]float64{v[0] * (1 - k), v[1], v[2] * (1 - k)}
			})},
		{"grey", []check.Name{check.NaturalColour}, []float64{0.3, 0.6, 0.8, 0.9, 1}, 4,
			onPixels(func(k, _, _ float64, v [3]float64) [3]float64 {
				y := 0.2126*v[0] + 0.7152*v[1] + 0.0722*v[2]
				return [3]float64{v[0]*(1-k) + y*k, v[1]*(1-k) + y*k, v[2]*(1-k) + y*k}
			})},
	}
}

// middleGrey is the linear mean of a face that is well exposed.
const middleGrey = 0.25

// exposed gives a face so many stops more light than it needs, whatever it had.
func exposed(stops func(level float64) float64) func(*sitter, float64) (image.Image, int) {
	return func(s *sitter, level float64) (image.Image, int) {
		k := math.Exp2(stops(level)) * middleGrey / s.light()
		return onPixels(func(_, _, _ float64, v [3]float64) [3]float64 { return times(v, k) })(s, level)
	}
}

// light is the face's linear mean between brows and mouth.
func (s *sitter) light() float64 {
	centre, reach := s.landmarks.NoseTip(), int(s.interEye()/2)
	sum, n := 0.0, 0
	for y := -reach; y < reach; y++ {
		for x := -reach; x < reach; x++ {
			c := s.picture.RGBAAt(int(centre.X)+x, int(centre.Y)+y)
			sum += 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
			n++
		}
	}
	return sum / float64(n)
}

func warm(k, _, _ float64, v [3]float64) [3]float64 {
	return [3]float64{v[0], v[1] * (1 - k/2), v[2] * (1 - k)}
}

func times(v [3]float64, k float64) [3]float64 { return [3]float64{v[0] * k, v[1] * k, v[2] * k} }

// sideLight darkens one side of the face by stops, with the turn in its middle.
func sideLight() func(*sitter, float64) (image.Image, int) {
	return func(s *sitter, stops float64) (image.Image, int) {
		middle := 2*s.landmarks.NoseTip().X/float64(s.picture.Rect.Dx()) - 1
		return onPixels(func(level, x, _ float64, v [3]float64) [3]float64 {
			shade := 1 / (1 + math.Exp(-(x-middle)/0.025))
			return times(v, math.Exp2(-level*shade))
		})(s, stops)
	}
}
