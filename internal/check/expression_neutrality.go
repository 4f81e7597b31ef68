package check

import (
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/face"
)

// smile is how broad the mouth is, as a share of the face's width between the jaw's
// corners. A smile draws the corners of the mouth apart.
func smile(l *face.Landmarks) float64 { return l.Mouth().Breadth() }

// expressionNeutrality holds the smile against what the office allows. The landmarks
// know nothing of brows and brow furrows, so a frown goes unnoticed.
func expressionNeutrality(in Input) Check {
	limit, certainty := mostSmile, docspec.Baseline
	advice := map[Outcome]string{
		Pass: "No smile can be seen.",
		Warn: "There may be a slight smile. Relax your face, and close your mouth.",
		Fail: "You smile. This office wants a neutral face: relax it, and take another picture.",
	}
	if f := in.Spec.Expression; f != nil {
		certainty = in.Spec.Certainty(f.Source)
	}
	if in.Spec.SmileAllowed() {
		limit = mostAllowedSmile
		advice = map[Outcome]string{
			Pass: "The expression is one that this office takes. A slight smile with a closed mouth is allowed.",
			Warn: "You smile broadly. This office allows a slight smile with a closed mouth: a calmer face is safer.",
			Fail: "You smile too broadly. This office allows a slight smile with a closed mouth.",
		}
	}
	c := limit.reading(in.Traits.Smile, Ratio).check(ExpressionNeutrality, certainty, advice)
	return c.relaxed(in.Small()).at(in.around(in.mouthPoints()))
}
