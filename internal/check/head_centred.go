package check

import (
	"github.com/passportphotogenie/passportphotogenie/internal/crop"
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

const centreTolerance = crop.CentreTolerance

func headCentred(in Input) Check {
	tolerance := geom.MM(centreTolerance) * in.Spec.Width.Value
	lo := -tolerance
	return mmReading(in.Plan.Head.OffCentre, eyeReading, docspec.Range{Min: &lo, Max: &tolerance}).check(HeadCentred, docspec.Baseline, map[Outcome]string{
		Pass: "The head is in the middle.",
		Warn: "The head is a little beside the middle. A picture with more space around the head lets us centre it.",
		Fail: "The head can't be brought to the middle in this picture. Stand in the middle with space on both sides, and take another picture.",
	}).finished().at(in.upright(in.Plan.Head.Middle))
}
