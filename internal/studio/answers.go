package studio

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/pipeline"
)

// work is one picture's way through a child.
type work struct {
	job    pipeline.Job
	given  Given
	at     func(photo.Step)
	result pipeline.Result
}

// A child says each step a few times at most, for the turns it tries.
const maxSteps = 64

// maxPixels is more memory than a child is ever given.
const maxPixels = 1 << 40

// await reads what the child makes of the picture. The child may have been
// taken over by it: everything is checked, and what does not fit is an error.
func (c *child) await(w *work) error {
	for said := 0; said <= maxSteps; {
		k, b, err := receive(c.answers)
		if err != nil {
			return err
		}
		switch k {
		case frameStep:
			step := photo.Step(b)
			if !slices.Contains(photo.Steps(), step) {
				return errors.New("an unknown step")
			}
			said++
			w.at(step)
		case frameFault:
			return fmt.Errorf("%w: %s", ErrFault, printable(string(b)))
		case frameOutcome:
			w.result, err = c.takeResult(w.job, b)
			return err
		default:
			return fmt.Errorf("a frame of kind %d in place of an answer", k)
		}
	}
	return fmt.Errorf("more than %d steps", maxSteps)
}

func (c *child) takeResult(job pipeline.Job, head []byte) (pipeline.Result, error) {
	var o outcome
	if err := json.Unmarshal(head, &o); err != nil {
		return pipeline.Result{}, errors.New("an outcome that is not JSON")
	}
	if o.Pixels.Now < 0 || o.Pixels.Most < o.Pixels.Now || o.Pixels.Most > maxPixels {
		return pipeline.Result{}, errors.New("pixels that cannot be")
	}
	c.pixels.Store(&o.Pixels)
	picture, err := expect(c.answers, framePicture)
	if err != nil {
		return pipeline.Result{}, err
	}
	report, err := expect(c.answers, frameReport)
	if err != nil {
		return pipeline.Result{}, err
	}
	kept, err := expect(c.answers, frameKept)
	if err != nil {
		return pipeline.Result{}, err
	}
	r := pipeline.Result{
		Reason: o.Reason, NeedsOriginal: o.NeedsOriginal, Steps: o.Steps,
		Picture: picture, Report: report, Analysis: kept,
	}
	return r, plausible(r, job)
}

// How the two kinds of photos begin.
var (
	jpegStart = []byte{0xFF, 0xD8, 0xFF}
	pngStart  = []byte("\x89PNG\r\n\x1a\n")
)

// plausible keeps what is not a result of the job out of the records and the blob
// store.
func plausible(r pipeline.Result, job pipeline.Job) error {
	for _, s := range r.Steps {
		if !slices.Contains(photo.Steps(), s.Step) || s.Took < 0 || s.Took > time.Hour {
			return errors.New("a step's time that cannot be")
		}
	}
	if len(r.Steps) > maxSteps {
		return errors.New("too many steps' times")
	}
	if r.NeedsOriginal && r.Reason != "" {
		return errors.New("two ways to end at once")
	}
	if r.Reason != "" && (r.Reason.Advice() == "" || r.Reason == photo.Broken || r.Reason == photo.KillsChild) {
		return errors.New("an unknown reason")
	}
	if r.NeedsOriginal || r.Reason != "" {
		if len(r.Picture)+len(r.Report)+len(r.Analysis) > 0 {
			return errors.New("a reason why there is no photo, and a photo")
		}
		return nil
	}
	if !json.Valid(r.Report) {
		return errors.New("a report that is no JSON")
	}
	if job.Preview {
		if len(r.Picture)+len(r.Analysis) > 0 {
			return errors.New("a photo of a preview")
		}
		return nil
	}
	if !bytes.HasPrefix(r.Picture, jpegStart) && !bytes.HasPrefix(r.Picture, pngStart) {
		return errors.New("a photo that is no JPEG or PNG")
	}
	return nil
}
