package pipeline

import (
	"context"
	"errors"
	"fmt"
	"image"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/face"
	"github.com/passportphotogenie/passportphotogenie/internal/matte"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// Pictures is the image library. Coordinates are of the upright picture, after
// its orientation tag. Both answer a photo.Reason when the file is at fault.
type Pictures interface {
	// Size tells the upright size without decoding.
	Size(picture []byte, f photo.Format) (width, height int, err error)
	// Decode gives opaque sRGB pixels. shrink is 1, 2, 4 or 8: a JPEG comes out
	// reduced that many times, other formats ignore it. An empty region is all;
	// otherwise it is in pixels of the (reduced) picture.
	Decode(picture []byte, f photo.Format, shrink int, region image.Rectangle) (*image.RGBA, error)
	// TakenAt is the date that the camera wrote into the file, zero if none.
	TakenAt(picture []byte, f photo.Format) time.Time
}

// Encoder makes JPEG files.
type Encoder interface {
	// Shrink scales to the long side, up to twice as large too.
	Shrink(img *image.RGBA, longSide int) (jpeg []byte, width, height int, err error)
	EncodeJPEG(img *image.RGBA, quality, dpi int) ([]byte, error)
}

// Detector finds upright faces of at least 80 pixels in a JPEG, in its pixels.
type Detector interface {
	Detect(jpeg []byte) ([]face.Candidate, error)
}

// Networks runs the landmark and the segmentation network. presence above 0
// means that the view shows a face. Outputs are valid until the next call.
type Networks interface {
	Landmarks(planes []float32) (points []float32, presence float32, err error)
	matte.Network
}

// Line is the pipeline with its tools. One picture at a time.
type Line struct {
	Pictures Pictures
	Encoder  Encoder
	Detector Detector
	Networks Networks
	Now      func() time.Time // for the steps' durations, and the picture's age
}

// Develop makes the photo of an original. at is told each step as it begins.
func (l *Line) Develop(ctx context.Context, job Job, given Material, at func(photo.Step)) (Result, error) {
	w := &work{Line: l, ctx: ctx, job: job, given: given, at: at}
	result, err := w.run()
	var reason photo.Reason
	switch {
	case errors.As(err, &reason):
		result, err = Result{Reason: reason}, nil
	case errors.Is(err, errNeedsOriginal):
		result, err = Result{NeedsOriginal: true}, nil
	}
	result.Steps = w.finish()
	return result, err
}

// work is one picture on its way through the steps.
type work struct {
	*Line
	ctx   context.Context
	job   Job
	given Material
	at    func(photo.Step)

	steps []StepTime
	began time.Time
}

// run is the list of steps; each has its file.
func (w *work) run() (Result, error) {
	spec := w.job.Spec.For(string(w.job.AgeBand))
	seen, pixels, err := w.look() // decode, detect, landmarks, matte; or what is known of an earlier look
	if err != nil {
		return Result{}, fmt.Errorf("look: %w", err)
	}
	head, err := w.measure(seen)
	if err != nil {
		return Result{}, fmt.Errorf("measure the head: %w", err)
	}
	placed, err := w.plan(spec, seen, head)
	if err != nil {
		return Result{}, fmt.Errorf("plan: %w", err)
	}
	if w.job.Preview {
		return w.preview(spec, seen, pixels, head, placed)
	}
	picture, pixels, err := w.render(seen, pixels, head, placed)
	if err != nil {
		return Result{}, fmt.Errorf("render: %w", err)
	}
	file, err := w.encode(spec, picture, placed.DPI)
	if err != nil {
		return Result{}, fmt.Errorf("encode: %w", err)
	}
	result := Result{Picture: file}
	if len(w.given.Analysis) == 0 {
		pixels = pixels.reducedFor(placed.Scale)
		keep := needs(seen, placed.Plan, pixels.shrink).Union(surroundings(seen, head, pixels.shrink))
		if result.Analysis, err = remember(seen, pixels, keep); err != nil {
			return Result{}, fmt.Errorf("keep the analysis: %w", err)
		}
	}
	if result.Report, err = w.assess(spec, seen, head, product{placed, picture, file}); err != nil {
		return Result{}, fmt.Errorf("assess: %w", err)
	}
	return result, nil
}

// step begins a step and ends the one before. A cancelled context ends the work
// between steps.
func (w *work) step(s photo.Step) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	w.finish()
	w.began = w.Now()
	for i := range w.steps {
		if w.steps[i].Step == s { // come back to: find alternates two steps
			w.steps = append(append(w.steps[:i:i], w.steps[i+1:]...), w.steps[i])
			return nil
		}
	}
	w.steps = append(w.steps, StepTime{Step: s})
	w.at(s)
	return nil
}

func (w *work) finish() []StepTime {
	if n := len(w.steps); n > 0 {
		w.steps[n-1].Took += w.Now().Sub(w.began)
		w.began = w.Now()
	}
	return w.steps
}
