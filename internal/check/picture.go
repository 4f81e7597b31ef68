package check

import (
	"fmt"
	"math"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
)

// leastInterEye is ICAO's least distance between the eyes, in pixels.
const leastInterEye = 90

// interEyeDistance counts only pixels that the original has.
func interEyeDistance(in Input) Check {
	least := float64(leastInterEye)
	value := in.Plan.Head.InterEye / math.Max(1, in.Plan.Scale)
	r := reading{value: value, limits: Limits{Min: &least}, unit: Pixels}
	return r.check(InterEyeDistance, docspec.Baseline, map[Outcome]string{
		Pass: "The face has enough pixels.",
		Fail: "The face has too few pixels for a document. Go closer to the camera, or use the camera's full resolution, and take another picture.",
	})
}

// Enlarging never adds detail: up to a quarter it is hard to see on a print,
// beyond that the photo is soft.
const mostEnlarged = 125

func resolutionGained(in Input) Check {
	whole := 100.0
	value := round(in.Plan.Scale * 100)
	c := Check{Name: ResolutionGained, Outcome: Pass, Value: &value, Unit: Percent, Limits: &Limits{Max: &whole},
		Certainty: docspec.Baseline, Advice: "The original has all the pixels that the photo needs."}
	switch {
	case value > mostEnlarged:
		c.Outcome, c.Advice = Fail, "The face is too small in the original, so the photo had to be enlarged and is not sharp. Go closer to the camera, and take another picture."
	case value > whole:
		c.Outcome, c.Advice = Warn, "The original had to be enlarged a little. A picture taken from closer by would be sharper."
	}
	return c
}

// openAtZero are limits of which an end of 0 is open.
func openAtZero(least, most float64) *Limits {
	l := &Limits{}
	if least > 0 {
		l.Min = &least
	}
	if most > 0 {
		l.Max = &most
	}
	return l
}

// fileSize holds the finished file against what the office takes.
func fileSize(in Input) Check {
	value := round(float64(in.FileBytes) / 1000)
	c := Check{Name: FileSize, Outcome: Pass, Value: &value, Unit: Kilobytes, Certainty: docspec.Baseline,
		Advice: "The office says nothing of the file's size."}
	fact := in.Spec.FileSize
	if fact == nil {
		return c
	}
	c.Certainty = in.Spec.Certainty(fact.Source)
	c.Limits = openAtZero(float64(fact.Value.Min)/1000, float64(fact.Value.Max)/1000)
	c.Advice = "The file has a size that the office takes."
	if !fact.Value.Contains(int64(in.FileBytes)) {
		c.Outcome = Fail
		c.Advice = fmt.Sprintf("The file could not be brought to the size that the office takes: it has %.0f kB. Open it in a picture program and save it with another quality.", value)
	}
	return c
}
