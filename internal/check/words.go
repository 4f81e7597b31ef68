package check

import (
	"math"
	"strconv"
	"strings"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
)

// Words says the verdict to a person.
func (v Verdict) Words() string {
	return map[Verdict]string{
		ReadyToSubmit: "Ready to submit", SubmitWithCare: "Look at it with care before you submit it", TakeAnother: "Take another picture",
	}[v]
}

// Words says the outcome to a person.
func (o Outcome) Words() string {
	return map[Outcome]string{
		Pass: "Fits", Warn: "Look again", Fail: "Does not fit", NotAssessed: "Not assessed", Declared: "Told by you",
	}[o]
}

// Rule says in a word whose rule the limits are; empty where there are none.
func (c Check) Rule() string {
	return map[docspec.Certainty]string{
		docspec.Official: "official", docspec.Secondary: "secondary", docspec.Baseline: "standard", docspec.Own: "your own",
	}[c.Certainty]
}

// Words says all that was done to the picture, a sentence each.
func (f Formatting) Words() []string {
	turned := ""
	if degrees := number(math.Abs(f.TurnedDeg), 1); degrees != "0" {
		side := map[bool]string{true: "right", false: "left"}[f.TurnedDeg > 0]
		turned = ", turned by " + degrees + "° to the " + side
	}
	said := []string{"The picture was cropped" + turned + " and scaled to " + number(f.ScalePercent, 0) + " %."}
	switch {
	case f.BackgroundReplaced && f.LightChanged:
		said = append(said, "Its background was replaced, and its light was changed.")
	case f.BackgroundReplaced:
		said = append(said, "Its background was replaced.")
	case f.LightChanged:
		said = append(said, "Its light was changed.")
	default:
		said = append(said, "Nothing else was done: face, light and background are the picture’s own.")
	}
	if f.MoveCut {
		said = append(said, "It was moved only as far as it reaches.")
	}
	return said
}

// Measured is the value with its uncertainty and unit; empty when nothing was
// measured.
func (c Check) Measured() string {
	if c.Value == nil {
		return ""
	}
	decimals := 1
	if math.Abs(*c.Value) < 1 && c.Uncertainty < 0.5 && c.Unit == Ratio {
		decimals = 3
	}
	text := number(*c.Value, decimals)
	if about := number(c.Uncertainty, decimals); about != "0" {
		text += " ± " + about
	}
	return withUnit(text, c.Unit)
}

// Asked is what the value was held against; empty for nothing.
func (c Check) Asked() string {
	const decimals = 3
	switch l := c.Limits; {
	case l == nil || l.Min == nil && l.Max == nil:
		return ""
	case l.Min == nil:
		return "at most " + withUnit(number(*l.Max, decimals), c.Unit)
	case l.Max == nil:
		return "at least " + withUnit(number(*l.Min, decimals), c.Unit)
	case *l.Min == *l.Max:
		return "exactly " + withUnit(number(*l.Min, decimals), c.Unit)
	default:
		return number(*l.Min, decimals) + " to " + withUnit(number(*l.Max, decimals), c.Unit)
	}
}

func withUnit(number string, u Unit) string {
	switch u {
	case Ratio:
		return number
	case Degrees:
		return number + "°"
	case Days:
		return number + " days"
	case DeltaE:
		return number + " ΔE"
	}
	return number + " " + string(u)
}

// number writes as many decimals as it needs, and at most so many.
func number(v float64, decimals int) string {
	text := strconv.FormatFloat(v, 'f', decimals, 64)
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	if text == "-0" {
		return "0"
	}
	return strings.Replace(text, "-", "−", 1)
}
