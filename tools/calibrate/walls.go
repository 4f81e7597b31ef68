package main

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	xdraw "golang.org/x/image/draw"

	"github.com/passportphotogenie/passportphotogenie/internal/check"
)

// wallFaults are what is behind the person.
func wallFaults() []fault {
	behind := func(f func(level float64) func(x, y float64) color.RGBA) func(*sitter, float64) (image.Image, int) {
		return plain(func(s *sitter, level float64) image.Image { return before(s.cut, f(level)) })
	}
	return []fault{
		{"darker wall", []check.Name{check.BackgroundColour}, []float64{230, 210, 190, 165, 140, 100}, 3,
			behind(func(v float64) func(x, y float64) color.RGBA {
				return func(float64, float64) color.RGBA { return grey(v) }
			})},
		{"coloured wall", []check.Name{check.BackgroundColour}, []float64{4, 8, 15, 30, 50, 80}, 3,
			behind(func(k float64) func(x, y float64) color.RGBA {
				return func(float64, float64) color.RGBA { return color.RGBA{uint8(235 - k), uint8(235 - k/2), 235, 255} }
			})},
		{"shadow", []check.Name{check.BackgroundShadow}, []float64{8, 16, 25, 40, 60, 90}, 3,
			behind(func(depth float64) func(x, y float64) color.RGBA {
				return func(x, y float64) color.RGBA {
					d := math.Hypot((x-0.35)/0.5, (y+0.1)/0.75)
					return grey(235 - depth/(1+math.Exp((d-1)/0.12)))
				}
			})},
		{"wallpaper", []check.Name{check.BackgroundUniformity}, []float64{3, 8, 15, 30, 50, 80}, 3,
			behind(func(depth float64) func(x, y float64) color.RGBA {
				return func(x, y float64) color.RGBA { return grey(235 - depth*(0.5+0.5*math.Sin(40*x)*math.Sin(40*y))) }
			})},
		{"furniture", []check.Name{check.BackgroundUniformity, check.BackgroundShadow, check.BackgroundColour}, []float64{10, 30, 60, 100, 160}, 3,
			behind(func(depth float64) func(x, y float64) color.RGBA {
				return func(x, y float64) color.RGBA {
					if math.Abs(x) > 0.55 && int(math.Floor(y*6))%2 == 0 {
						return grey(235 - depth)
					}
					return grey(235)
				}
			})},
	}
}

func grey(v float64) color.RGBA {
	return color.RGBA{uint8(v), uint8(v), uint8(v), 255}
}

// cleanCopies are the sitter as it is, mirrored, at other sizes, in slightly other light,
// and before other plain walls.
func cleanCopies(s *sitter) []image.Image {
	light := func(f func(level, x, y float64, v [3]float64) [3]float64, level float64) image.Image {
		img, _ := onPixels(f)(s, level)
		return img
	}
	stops := func(k, _, _ float64, v [3]float64) [3]float64 { return times(v, math.Exp2(k)) }
	side, _ := sideLight()(s, 0.2)
	return []image.Image{
		s.picture, mirrored(s.picture), resized(s.picture, 0.8), resized(s.picture, 1.3),
		light(stops, 0.3), light(stops, -0.5), light(warm, 0.08), light(warm, -0.08), side, noisy(s.picture, 2),
		before(s.cut, func(float64, float64) color.RGBA { return color.RGBA{248, 248, 248, 255} }),
		before(s.cut, func(_, y float64) color.RGBA { return grey(236 + 4*y) }),
	}
}

func mirrored(img *image.RGBA) image.Image {
	out := image.NewRGBA(img.Rect)
	w := img.Rect.Dx()
	for y := range img.Rect.Dy() {
		for x := range w {
			out.SetRGBA(w-1-x, y, img.RGBAAt(x, y))
		}
	}
	return out
}

func resized(img *image.RGBA, k float64) image.Image {
	out := image.NewRGBA(image.Rect(0, 0, int(k*float64(img.Rect.Dx())), int(k*float64(img.Rect.Dy()))))
	xdraw.CatmullRom.Scale(out, out.Rect, img, img.Rect, draw.Src, nil)
	return out
}
