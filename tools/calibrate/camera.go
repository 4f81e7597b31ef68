package main

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"math/rand/v2"

	xdraw "golang.org/x/image/draw"

	"github.com/passportphotogenie/passportphotogenie/internal/check"
)

// cameraFaults are those of lens, sensor and file. Lengths are in parts of the
// distance between the eyes, so that they do the same to every face.
func cameraFaults() []fault {
	return []fault{
		{"out of focus", []check.Name{check.Sharpness}, []float64{0.005, 0.01, 0.02, 0.03, 0.045, 0.06}, 3,
			plain(func(s *sitter, k float64) image.Image { return blurred(s.picture, k*s.interEye(), true, true) })},
		{"moved", []check.Name{check.Sharpness}, []float64{0.02, 0.04, 0.07, 0.1, 0.15, 0.2}, 3,
			plain(func(s *sitter, k float64) image.Image { return streaked(s.picture, int(math.Round(k*s.interEye()))) })},
		{"few pixels", []check.Name{check.Sharpness, check.InterEyeDistance, check.ResolutionGained}, []float64{110, 80, 60, 45, 35, 25}, 4,
			plain(func(s *sitter, px float64) image.Image { return coarse(s, px) })},
		{"noise", []check.Name{check.Noise}, []float64{2, 5, 10, 20, 30, 45}, 4,
			plain(func(s *sitter, sigma float64) image.Image { return noisy(s.picture, sigma) })},
		{"compressed", []check.Name{check.CompressionArtifacts}, []float64{80, 60, 40, 25, 15, 8}, 4,
			func(s *sitter, q float64) (image.Image, int) { return s.picture, int(q) }},
	}
}

func (s *sitter) interEye() float64 {
	return s.landmarks.LeftEye().Sub(s.landmarks.RightEye()).Length()
}

// blurred convolves with a Gaussian of the deviation in pixels.
func blurred(img *image.RGBA, sigma float64, across, down bool) *image.RGBA {
	radius := int(3*sigma) + 1
	kernel := make([]float64, 2*radius+1)
	sum := 0.0
	for i := range kernel {
		d := float64(i - radius)
		kernel[i] = math.Exp(-d * d / (2 * sigma * sigma))
		sum += kernel[i]
	}
	for i := range kernel {
		kernel[i] /= sum
	}
	if across {
		img = convolved(img, kernel, 1, 0)
	}
	if down {
		img = convolved(img, kernel, 0, 1)
	}
	return img
}

// streaked averages along a line that falls to the right, as a moved camera does.
func streaked(img *image.RGBA, length int) *image.RGBA {
	kernel := make([]float64, length|1)
	for i := range kernel {
		kernel[i] = 1 / float64(len(kernel))
	}
	return convolved(img, kernel, 1, 0)
}

func convolved(img *image.RGBA, kernel []float64, dx, dy int) *image.RGBA {
	out := image.NewRGBA(img.Rect)
	w, h, radius := img.Rect.Dx(), img.Rect.Dy(), len(kernel)/2
	for y := range h {
		for x := range w {
			var sum [3]float64
			for k, weight := range kernel {
				px := min(max(x+(k-radius)*dx, 0), w-1)
				py := min(max(y+(k-radius)*dy, 0), h-1)
				for c := range sum {
					sum[c] += weight * float64(img.Pix[py*img.Stride+4*px+c])
				}
			}
			out.SetRGBA(x, y, color.RGBA{uint8(sum[0] + 0.5), uint8(sum[1] + 0.5), uint8(sum[2] + 0.5), 255})
		}
	}
	return out
}

// coarse reduces the picture until so many pixels lie between the eyes, and enlarges
// it again, as somebody does who sends a small copy.
func coarse(s *sitter, px float64) image.Image {
	scale := px / s.interEye()
	if scale >= 1 {
		return nil
	}
	small := image.NewRGBA(image.Rect(0, 0, int(float64(s.picture.Rect.Dx())*scale), int(float64(s.picture.Rect.Dy())*scale)))
	xdraw.CatmullRom.Scale(small, small.Rect, s.picture, s.picture.Rect, draw.Src, nil)
	out := image.NewRGBA(s.picture.Rect)
	xdraw.BiLinear.Scale(out, out.Rect, small, small.Rect, draw.Src, nil)
	return out
}

// noisy adds Gaussian noise of the deviation, in steps of 255, the same each time.
func noisy(img *image.RGBA, sigma float64) image.Image {
	random := rand.New(rand.NewPCG(1, 2))
	out := image.NewRGBA(img.Rect)
	copy(out.Pix, img.Pix)
	for i := range out.Pix {
		if i%4 < 3 {
			out.Pix[i] = uint8(min(max(float64(out.Pix[i])+sigma*random.NormFloat64(), 0), 255))
		}
	}
	return out
}
