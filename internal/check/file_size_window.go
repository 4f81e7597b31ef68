package check

import (
	"fmt"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
)

// fileSize holds the finished file against what the office takes.
func fileSize(in Input) Check {
	value := round(float64(in.Photo.Bytes) / 1000)
	c := Check{Name: FileSize, Stage: Finished, Binding: true, Outcome: Pass, Value: &value, Unit: Kilobytes, Certainty: docspec.Baseline,
		Advice: "The office says nothing of the file's size."}
	fact := in.Spec.FileSize
	if fact == nil {
		return c
	}
	c.Certainty = in.Spec.Certainty(fact.Source)
	c.Limits = openAtZero(float64(fact.Value.Min)/1000, float64(fact.Value.Max)/1000)
	c.Advice = "The file has a size that the office takes."
	if !fact.Value.Contains(int64(in.Photo.Bytes)) {
		c.Outcome = Fail
		c.Advice = fmt.Sprintf("The file could not be brought to the size that the office takes: it has %.0f kB. Open it in a picture program and save it with another quality.", value)
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
