package raster

import (
	"image"
	"image/color"
	"math"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

// ramp is a picture whose red grows to the right and green downwards.
func ramp(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetRGBA(x, y, color.RGBA{uint8(255 * x / (w - 1)), uint8(255 * y / (h - 1)), 128, 255})
		}
	}
	return img
}

func TestAViewSeesThePlaceItLooksAt(t *testing.T) {
	const w, h, size = 400, 300, 64
	p := NewPyramid(ramp(w, h))
	for _, tt := range []struct {
		name          string
		side, radians float64
	}{
		{"enlarged", 20, 0}, {"one to one", size, 0.4}, {"reduced four times", 4 * size, 0}, {"on its side", 100, math.Pi / 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			centre := geom.Point{X: 190, Y: 150}
			v := Square(centre, tt.side, tt.radians, size)
			planes := make([]float32, 3*size*size)
			p.Planes(v, planes)
			for _, at := range []image.Point{{size / 2, size / 2}, {5, 9}, {size - 3, 20}} {
				q := v.ToPicture.Apply(geom.Point{X: float64(at.X) + 0.5, Y: float64(at.Y) + 0.5})
				wantRed := (q.X - 0.5) / (w - 1)
				if got := float64(planes[at.Y*size+at.X]); math.Abs(got-wantRed) > 0.01 {
					t.Errorf("red at %v is %.3f, want %.3f", at, got, wantRed)
				}
				wantGreen := (q.Y - 0.5) / (h - 1)
				if got := float64(planes[size*size+at.Y*size+at.X]); math.Abs(got-wantGreen) > 0.01 {
					t.Errorf("green at %v is %.3f, want %.3f", at, got, wantGreen)
				}
			}
		})
	}
}

func TestOutsideThePictureIsItsEdgeOrBlack(t *testing.T) {
	p := NewPyramid(ramp(64, 64))
	v := Square(geom.Point{X: -100, Y: 32}, 10, 0, 4)
	planes := make([]float32, 3*4*4)
	p.Planes(v, planes)
	if planes[2*16] < 0.4 {
		t.Errorf("beside the picture blue is %v, want the edge's 0.5", planes[2*16])
	}
	v.Black = true
	p.Planes(v, planes)
	if planes[2*16] != 0 {
		t.Errorf("beside the picture blue is %v, want black", planes[2*16])
	}
}

func TestEveryHalfCoversThePictureOddSidesToo(t *testing.T) {
	p := NewPyramid(ramp(333, 251))
	for n := range 3 {
		img, toLevel := p.Level(n)
		corner := toLevel.Apply(geom.Point{X: 333, Y: 251})
		if float64(img.Rect.Dx()) < corner.X || float64(img.Rect.Dy()) < corner.Y {
			t.Errorf("level %d is %v, the corner lies at %v", n, img.Rect, corner)
		}
	}
}

func TestTheLevelForAScaleNeverLacksPixels(t *testing.T) {
	p := NewPyramid(ramp(1024, 1024))
	for _, scale := range []float64{2, 1, 0.9, 0.5, 0.3, 0.1} {
		_, toLevel := p.LevelFor(scale)
		if toLevel.Scale() < min(scale, 1)-1e-9 {
			t.Errorf("drawn at %v, the level has scale %v", scale, toLevel.Scale())
		}
		if toLevel.Scale() > 2*scale && toLevel.Scale() < 1 {
			t.Errorf("drawn at %v, the level of scale %v is larger than needed", scale, toLevel.Scale())
		}
	}
}

func TestAQuarterTurnIsClockwiseAndLeadsBack(t *testing.T) {
	src := ramp(40, 30)
	for n := range 4 {
		turned, back := Quarter(src, n)
		for _, at := range []image.Point{{3, 5}, {20, 11}} {
			q := back.Apply(geom.Point{X: float64(at.X) + 0.5, Y: float64(at.Y) + 0.5})
			if got, want := turned.RGBAAt(at.X, at.Y), src.RGBAAt(int(q.X), int(q.Y)); got != want {
				t.Errorf("%d quarters: the pixel at %v is %v, that at %v is %v", n, at, got, q, want)
			}
		}
	}
	turned, _ := Quarter(src, 1)
	if got, want := turned.RGBAAt(29, 0), src.RGBAAt(0, 0); got != want {
		t.Errorf("after one clockwise quarter the top left is not at the top right: %v, want %v", got, want)
	}
}
