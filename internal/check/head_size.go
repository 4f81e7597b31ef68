package check

import (
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

// ISO/IEC 29794-5 judges the framing by the proportions of the face: T, the height of
// the eyes above the chin, and the distance between the eyes. Where an office has
// figures of its own for the head, these decide, and the standard's are only told.
const ownRules = "The office's own rules for the head's height and place decide."

// Limits of the standard's five measures: where its quality is 50 of 100; for the head
// size, where it is 75.
var (
	headSizeLimits = between(0.35, 0.55, 0.02) // T over the photo's height
	leastSideCrop  = least(0.9, 0.05)          // inter-eye distances
	leastAbove     = least(1.4, 0.05)          // T
	leastBelow     = least(1.8, 0.05)          // T
)

// eyesFromTop is where the eyes' line lies in the photo.
func (in Input) eyesFromTop() geom.MM {
	h := in.Plan.Head
	return h.AboveHair + h.HeightHair + h.Below - h.EyeLine
}

// t is the height of the eyes above the chin.
func (in Input) t() float64 { return float64(in.Plan.Head.EyeLine - in.Plan.Head.Below) }

// framing is a check of the standard's own proportions.
func (in Input) framing(name Name, value float64, l limit) Check {
	c := l.reading(value, Ratio).check(name, docspec.Baseline, map[Outcome]string{
		Pass: "The framing is that of the standard.",
		Warn: "The framing is at the limit of the standard's.",
		Fail: "The framing is not that of the standard.",
	}).finished().unbound()
	if c.Outcome != NotAssessed && in.Spec.Certainty(in.Spec.HeadHeight.Source) != docspec.Baseline {
		return c.silent(ownRules)
	}
	return c
}

func headSize(in Input) Check {
	height := in.mm(float64(in.Plan.Height))
	return in.framing(HeadSize, in.t()/height, headSizeLimits)
}

// Leftward is the subject's left: the photo's right.
func leftwardCrop(in Input) Check {
	side := in.mm(float64(in.Plan.Width)) - float64(in.Plan.Head.Middle) - in.interEye()/2
	return in.framing(LeftwardCrop, side/in.interEye(), leastSideCrop)
}

func rightwardCrop(in Input) Check {
	side := float64(in.Plan.Head.Middle) - in.interEye()/2
	return in.framing(RightwardCrop, side/in.interEye(), leastSideCrop)
}

func (in Input) interEye() float64 { return in.Plan.Head.InterEye / in.Plan.PerMM }

func marginAbove(in Input) Check {
	return in.framing(MarginAbove, float64(in.eyesFromTop())/in.t(), leastAbove)
}

func marginBelow(in Input) Check {
	return in.framing(MarginBelow, float64(in.Plan.Head.EyeLine)/in.t(), leastBelow)
}
