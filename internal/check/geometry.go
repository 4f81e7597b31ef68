package check

import (
	"fmt"
	"math"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

// reading is a value with what it is held against.
type reading struct {
	value, uncertainty float64
	limits             Limits
	unit               Unit
}

// judge: inside passes, outside fails, a straddled limit warns.
func (r reading) judge() Outcome {
	low, high := r.value-r.uncertainty, r.value+r.uncertainty
	lo, hi := math.Inf(-1), math.Inf(1)
	if r.limits.Min != nil {
		lo = *r.limits.Min
	}
	if r.limits.Max != nil {
		hi = *r.limits.Max
	}
	switch {
	case math.IsNaN(r.value):
		return NotAssessed
	case low >= lo && high <= hi:
		return Pass
	case high < lo || low > hi:
		return Fail
	}
	return Warn
}

func (r reading) check(name Name, certainty docspec.Certainty, advice map[Outcome]string) Check {
	outcome := r.judge()
	c := Check{
		Name: name, Outcome: outcome, Unit: r.unit, Uncertainty: round(r.uncertainty),
		Limits: &r.limits, Certainty: certainty, Advice: advice[outcome],
	}
	if outcome != NotAssessed {
		value := round(r.value)
		c.Value = &value
	}
	return c
}

// round keeps hundredths: a tenth of what any office can measure.
func round(v float64) float64 { return math.Round(v*100) / 100 }

func limitsOf(r docspec.Range) Limits {
	var l Limits
	if r.Min != nil {
		v := float64(*r.Min)
		l.Min = &v
	}
	if r.Max != nil {
		v := float64(*r.Max)
		l.Max = &v
	}
	return l
}

// headHeight holds the crown that the document means against its range. Where
// the document does not say which, it is the one that fares worse.
func headHeight(in Input) Check {
	head, fact := in.Plan.Head, in.Spec.HeadHeight
	hair := mmReading(head.HeightHair, head.UncertaintyHair, fact.Value)
	skull := mmReading(head.HeightSkull, head.UncertaintySkull, fact.Value)
	r, crown := hair, "the top of the hair"
	switch in.Spec.CrownReference.Value {
	case docspec.Skull:
		r, crown = skull, "the top of the head without hair"
	case docspec.CrownUnknown:
		crown = "the top of the head, with and without hair"
		if worse(skull.judge(), hair.judge()) {
			r = skull
		}
	}
	return r.check(HeadHeight, in.Spec.Certainty(fact.Source), map[Outcome]string{
		Pass: fmt.Sprintf("The head has the right height from the chin to %s.", crown),
		Warn: fmt.Sprintf("The head's height from the chin to %s is close to the limit of what can be measured. Check it with a ruler on the print.", crown),
		Fail: "The head can't be brought to the right height in this picture. Step back so that more space is around the head, and take another picture.",
	})
}

func mmReading(v, uncertainty geom.MM, limits docspec.Range) reading {
	return reading{float64(v), float64(uncertainty), limitsOf(limits), Millimetres}
}

func worse(a, b Outcome) bool {
	rank := map[Outcome]int{Pass: 0, Warn: 1, Fail: 2, NotAssessed: 3}
	return rank[a] > rank[b]
}

// eyeReading is by how much the eye centres' height is uncertain, in mm: two
// pixels of a 300 DPI photo.
const eyeReading geom.MM = 0.2

func eyeLine(in Input) Check {
	fact := in.Spec.EyeLine
	if fact == nil {
		value := round(float64(in.Plan.Head.EyeLine))
		return Check{Name: EyeLine, Outcome: NotAssessed, Value: &value, Unit: Millimetres,
			Advice: "The office says nothing of the height of the eyes, so it was not judged."}
	}
	return mmReading(in.Plan.Head.EyeLine, eyeReading, fact.Value).check(EyeLine, in.Spec.Certainty(fact.Source), map[Outcome]string{
		Pass: "The eyes are at the right height.",
		Warn: "The eyes are at the very edge of the allowed height. A picture with more space around the head leaves more room.",
		Fail: "The eyes can't be brought to the right height in this picture. Step back so that more space is around the head, and take another picture.",
	})
}

func headCentred(in Input) Check {
	tolerance := geom.MM(centreTolerance) * in.Spec.Width.Value
	lo := -tolerance
	return mmReading(in.Plan.Head.OffCentre, eyeReading, docspec.Range{Min: &lo, Max: &tolerance}).check(HeadCentred, docspec.Baseline, map[Outcome]string{
		Pass: "The head is in the middle.",
		Warn: "The head is a little beside the middle. A picture with more space around the head lets us centre it.",
		Fail: "The head can't be brought to the middle in this picture. Stand in the middle with space on both sides, and take another picture.",
	})
}

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
	})
}
