// Command stubstudio stands in for the studio where what surrounds it is measured:
// it speaks to a real worker as the studio does, and for each picture waits a fixed
// time and answers with a small grey photo. It looks at no picture and needs no
// models; the worker's MODELS_DIR names a directory with one file, Cost, in which
// that time is written, such as 200ms. It is no part of what is deployed: the tools
// that measure build it beside a copy of the worker.
package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/pipeline"
	"github.com/passportphotogenie/passportphotogenie/internal/studio"
)

// costFile is the file that says how long a picture takes.
const costFile = "cost"

func main() {
	models := os.Getenv(studio.ModelsVariable)
	if models == "" {
		fmt.Fprintln(os.Stderr, "stubstudio is started by a worker that is measured, not by hand")
		os.Exit(2)
	}
	in, out := studio.Pipes()
	fmt.Fprintln(os.Stderr, studio.Serve(in, out, func() (studio.Developer, error) { return prepare(models) }))
	os.Exit(1)
}

// stub develops nothing.
type stub struct {
	cost   time.Duration
	result pipeline.Result
}

func prepare(models string) (studio.Developer, error) {
	text, err := os.ReadFile(filepath.Join(models, costFile))
	if err != nil {
		return nil, fmt.Errorf("how long a picture takes: %w", err)
	}
	cost, err := time.ParseDuration(strings.TrimSpace(string(text)))
	if err != nil {
		return nil, fmt.Errorf("how long a picture takes: %w", err)
	}
	picture, err := grey()
	if err != nil {
		return nil, err
	}
	return &stub{cost, pipeline.Result{
		Picture: picture, Report: []byte(`{"verdict":"pass","checks":[]}`), Analysis: make([]byte, analysisBytes),
	}}, nil
}

// analysisBytes is about what the analysis of a portrait of one megapixel takes.
const analysisBytes = 256 << 10

// grey is a photo of the size of a US passport's, 2 x 2 in at 300 DPI.
func grey() ([]byte, error) {
	canvas := image.NewRGBA(image.Rect(0, 0, 600, 600))
	draw.Draw(canvas, canvas.Bounds(), image.NewUniform(color.Gray{Y: 200}), image.Point{}, draw.Src)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, canvas, nil); err != nil {
		return nil, fmt.Errorf("draw the grey photo: %w", err)
	}
	return b.Bytes(), nil
}

// Develop says the steps as the pipeline does, so that as many messages of progress
// go through Redis, and takes the fixed time for all of them.
func (s *stub) Develop(ctx context.Context, _ pipeline.Job, _ pipeline.Material, at func(photo.Step)) (pipeline.Result, error) {
	for _, step := range photo.Steps() {
		if step != photo.StepStore { // that one is the worker's own
			at(step)
		}
	}
	select {
	case <-time.After(s.cost):
		return s.result, nil
	case <-ctx.Done():
		return pipeline.Result{}, ctx.Err()
	}
}
