package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	_ "image/png" // the astronaut
	"math"
	"os"
	"path/filepath"
	"strings"

	xdraw "golang.org/x/image/draw"

	"github.com/passportphotogenie/passportphotogenie/internal/face"
	"github.com/passportphotogenie/passportphotogenie/internal/raster"
	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

// sitter is a person before a plain wall, which is what a clean picture shows, with
// landmarks for faults that are drawn into the face.
type sitter struct {
	name      string
	cut       *image.NRGBA // the person alone
	picture   *image.RGBA  // before the wall
	landmarks *face.Landmarks
}

// largest is the long side that portraits are reduced to: a picture of one to two
// megapixels.
const largest = 1400

func (l *lab) sitters(ctx context.Context, more string) ([]*sitter, error) {
	files := map[string][]byte{}
	var names []string
	for _, n := range portraits.All() {
		file, err := n.Read()
		if err != nil {
			return nil, err
		}
		names = append(names, string(n))
		files[string(n)] = file
	}
	if more != "" {
		found, err := filepath.Glob(filepath.Join(more, "*.jpg"))
		if err != nil {
			return nil, err
		}
		for _, path := range found {
			file, err := os.ReadFile(path)
			if err != nil {
				return nil, err
			}
			names = append(names, filepath.Base(path))
			files[filepath.Base(path)] = file
		}
	}
	var all []*sitter
	for _, name := range names {
		s, err := l.sitter(ctx, strings.TrimSuffix(name, filepath.Ext(name)), files[name])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, s)
	}
	return all, nil
}

func (l *lab) sitter(ctx context.Context, name string, file []byte) (*sitter, error) {
	img, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		return nil, err
	}
	// The small astronaut is enlarged, so that her face has the pixels; what that costs
	// shows in her sharpness, and is told in docs/checks.md.
	scale := largest / float64(max(img.Bounds().Dx(), img.Bounds().Dy()))
	scaled := image.NewRGBA(image.Rect(0, 0, int(float64(img.Bounds().Dx())*scale), int(float64(img.Bounds().Dy())*scale)))
	xdraw.CatmullRom.Scale(scaled, scaled.Rect, img, img.Bounds(), draw.Src, nil)
	s := &sitter{name: name}
	if s.cut, err = l.cutOut(ctx, encoded(scaled, usualQuality)); err != nil {
		return nil, fmt.Errorf("cut out: %w", err)
	}
	s.picture = before(s.cut, wall)
	s.landmarks, err = l.find(s.picture)
	return s, err
}

// wall is a plain one as a camera sees it: nearly white, and a little darker towards
// the corners.
func wall(x, y float64) color.RGBA {
	v := uint8(238 - 8*(x*x+y*y))
	return color.RGBA{v, v, v - 3, 255}
}

// before lays a cut-out before a background that is drawn in coordinates from -1 to 1.
func before(cut *image.NRGBA, background func(x, y float64) color.RGBA) *image.RGBA {
	w, h := cut.Rect.Dx(), cut.Rect.Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		x, y := i%w, i/w
		b := background(2*float64(x)/float64(w)-1, 2*float64(y)/float64(h)-1)
		p := cut.Pix[4*i:][:4]
		a := float64(p[3]) / 255
		mix := func(front, back uint8) uint8 { return uint8(math.Round(a*float64(front) + (1-a)*float64(back))) }
		grain := uint8((i*7919 ^ y*104729) % 3) // a camera's
		out.SetRGBA(x, y, color.RGBA{mix(p[0], b.R-grain), mix(p[1], b.G-grain), mix(p[2], b.B-grain), 255})
	}
	return out
}

// find returns the landmarks of the one face in a picture.
func (l *lab) find(img *image.RGBA) (*face.Landmarks, error) {
	jpeg, width, _, err := l.encoder.Shrink(img, 640)
	if err != nil {
		return nil, err
	}
	candidates, err := l.detector.Detect(jpeg)
	if err != nil || len(candidates) == 0 {
		return nil, fmt.Errorf("no face for the landmarks: %w", err)
	}
	scale := float64(img.Rect.Dx()) / float64(width)
	view := face.FirstView(candidates[0].RightEye.Times(scale), candidates[0].LeftEye.Times(scale))
	pyramid := raster.NewPyramid(img)
	planes := make([]float32, 3*face.LandmarkInput*face.LandmarkInput)
	var found *face.Landmarks
	for range 3 {
		pyramid.Planes(view, planes)
		points, _, err := l.networks.Landmarks(planes)
		if err != nil {
			return nil, err
		}
		var ok bool
		if found, ok = face.FromNetwork(points, view); !ok {
			return nil, fmt.Errorf("no landmarks")
		}
		view = found.NextView()
	}
	return found, nil
}
