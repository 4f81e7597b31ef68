package main

import (
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/matting"
	"github.com/passportphotogenie/passportphotogenie/internal/testmattes"
)

// side is what one of the two made of a case.
type side struct {
	alphaError, colourError float64
	alphaMS, coloursMS      []float64 // by turn
}

// comparison is one case.
type comparison struct {
	truth            *testmattes.Truth
	trimap           *matting.Trimap
	folder           string
	ours, pymattings side
}

// write leaves the picture and the trimap for the reference.
func (c *comparison) write() error {
	if err := os.MkdirAll(c.folder, 0o755); err != nil {
		return err
	}
	marks := image.NewGray(c.truth.Picture.Rect)
	for i, m := range c.trimap.Marks {
		marks.Pix[i] = [...]uint8{matting.Background: 0, matting.Unknown: 128, matting.Foreground: 255}[m]
	}
	for name, img := range map[string]image.Image{"picture.png": c.truth.Picture, "trimap.png": marks} {
		f, err := os.Create(filepath.Join(c.folder, name))
		if err != nil {
			return err
		}
		if err := png.Encode(f, img); err != nil {
			return err
		}
		if err := f.Close(); err != nil {
			return err
		}
	}
	return nil
}

func (c *comparison) turn(r *reference) error {
	began := time.Now()
	alpha, err := matting.Alpha(c.truth.Picture, c.trimap, nil)
	if err != nil {
		return err
	}
	between := time.Now()
	colours, err := matting.Colours(c.truth.Picture, alpha)
	if err != nil {
		return err
	}
	c.ours.note(between.Sub(began), time.Since(between))
	c.ours.alphaError, c.ours.colourError = c.truth.Error(c.trimap, alpha), colourError(c.truth, colours)

	alphaMS, coloursMS, err := r.run(c.folder)
	if err != nil {
		return err
	}
	c.pymattings.alphaMS = append(c.pymattings.alphaMS, alphaMS)
	c.pymattings.coloursMS = append(c.pymattings.coloursMS, coloursMS)
	return c.read()
}

func (s *side) note(alpha, colours time.Duration) {
	s.alphaMS = append(s.alphaMS, alpha.Seconds()*1000)
	s.coloursMS = append(s.coloursMS, colours.Seconds()*1000)
}

// read measures what the reference left.
func (c *comparison) read() error {
	alpha, err := readPNG(filepath.Join(c.folder, "alpha.png"))
	if err != nil {
		return err
	}
	colours, err := readPNG(filepath.Join(c.folder, "foreground.png"))
	if err != nil {
		return err
	}
	grey, ok := alpha.(*image.Gray16)
	if !ok {
		return fmt.Errorf("PyMatting's alpha is a %T", alpha)
	}
	values := make([]float32, size*size)
	for i := range values {
		values[i] = float32(grey.Gray16At(i%size, i/size).Y) / 0xffff
	}
	c.pymattings.alphaError, c.pymattings.colourError = c.truth.Error(c.trimap, values), colourError(c.truth, colours)
	return nil
}

func readPNG(path string) (image.Image, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return png.Decode(f)
}

func median(values []float64) float64 {
	v := slices.Sorted(slices.Values(values))
	return v[len(v)/2]
}

// quotients of the turns.
func quotients(a, b []float64) []float64 {
	out := make([]float64, len(a))
	for i := range a {
		out[i] = a[i] / b[i]
	}
	return out
}
