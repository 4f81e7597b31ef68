package check

import (
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

// leastClear is the least space above the hair, so that it does not touch the edge,
// where the document gives no figure.
const leastClear geom.MM = 0.5

func spaceAbove(in Input) Check {
	least := leastClear
	limits, certainty := docspec.Range{Min: &least}, docspec.Baseline
	space, uncertainty := in.Plan.Head.AboveHair, in.Plan.Head.UncertaintyHair
	if f := in.Spec.SpaceAbove; f != nil {
		limits, certainty = f.Value, in.Spec.Certainty(f.Source)
	}
	if in.Spec.CrownReference.Value == docspec.Skull {
		space, uncertainty = in.Plan.Head.AboveSkull, in.Plan.Head.UncertaintySkull
	}
	if in.HairCut {
		uncertainty = max(uncertainty, space+1)
	}
	return mmReading(space, uncertainty, limits).check(SpaceAbove, certainty, map[Outcome]string{
		Pass: "There is enough space above the head.",
		Warn: "The space above the head is close to the limit, or the hair reaches the picture's edge. A picture with more space above the head is safer.",
		Fail: "The space above the head is not what the office asks for. Take another picture with more space above the head.",
	}).finished().at(in.between(0, in.Plan.Head.AboveHair))
}
