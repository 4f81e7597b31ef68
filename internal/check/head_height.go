package check

import (
	"fmt"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

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
	}).finished().at(in.between(in.Plan.Head.AboveHair, in.Plan.Head.AboveHair+in.Plan.Head.HeightHair))
}

func mmReading(v, uncertainty geom.MM, limits docspec.Range) reading {
	return reading{float64(v), float64(uncertainty), limitsOf(limits), Millimetres}
}

func worse(a, b Outcome) bool {
	rank := map[Outcome]int{Pass: 0, Warn: 1, Fail: 2, NotAssessed: 3}
	return rank[a] > rank[b]
}

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
