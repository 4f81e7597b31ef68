package check

import (
	"fmt"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
)

func photoSize(in Input) Check {
	if in.Spec.Uncropped() {
		return uncroppedSize(in)
	}
	width, height := in.Spec.PixelSize()
	value, want := float64(in.Photo.Height), float64(height)
	c := Check{Name: PhotoSize, Stage: Finished, Binding: true, Outcome: Pass, Value: &value, Unit: Pixels, Limits: &Limits{Min: &want, Max: &want},
		Certainty: in.Spec.Certainty(in.Spec.Height.Source),
		Advice: fmt.Sprintf("The photo is %g x %g mm: %d x %d pixels at %d dots per inch.",
			float64(in.Spec.Width.Value), float64(in.Spec.Height.Value), in.Photo.Width, in.Photo.Height, in.Plan.DPI)}
	if in.Spec.Digital() {
		c.Certainty = in.Spec.Certainty(in.Spec.Pixels.Source)
		c.Advice = fmt.Sprintf("The photo has the %d x %d pixels that the document asks for.", in.Photo.Width, in.Photo.Height)
	}
	if in.Photo.Width != width || in.Photo.Height != height {
		c.Outcome, c.Advice = Fail, "The photo does not have the document's size. Please send the picture again."
	}
	return c
}

// uncroppedSize holds the picture against the pixels that the office takes, if it
// says so.
func uncroppedSize(in Input) Check {
	value := float64(in.Photo.Height)
	c := Check{Name: PhotoSize, Stage: Finished, Binding: true, Outcome: Pass, Value: &value, Unit: Pixels, Certainty: docspec.Baseline,
		Advice: fmt.Sprintf("The office crops by itself, so the photo is your whole picture: %d x %d pixels.", in.Photo.Width, in.Photo.Height)}
	fact := in.Spec.Pixels
	if fact == nil {
		return c
	}
	c.Certainty = in.Spec.Certainty(fact.Source)
	c.Limits = openAtZero(float64(fact.Value.MinHeight), float64(fact.Value.MaxHeight))
	if !fact.Value.Contains(in.Photo.Width, in.Photo.Height) {
		c.Outcome = Fail
		c.Advice = fmt.Sprintf("Your picture has %d x %d pixels, which the office does not take. Take another one with the camera's full resolution.", in.Photo.Width, in.Photo.Height)
	}
	return c
}
