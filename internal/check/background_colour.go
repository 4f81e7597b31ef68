package check

import (
	"fmt"
	"math"
	"strings"

	"github.com/lucasb-eyer/go-colorful"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
)

const noBackground = "The photo has no background of its own, or too little of it shows to be judged."

// background is that of the photo, with what was not measured as NaN.
func (in Input) background() Background {
	if !in.Photo.Background.Measured {
		return Background{Uniformity: math.NaN(), Shadow: math.NaN()}
	}
	return in.Photo.Background
}

// orReplace offers the other way out, where the office does not forbid it and it was
// not gone already.
func (in Input) orReplace() string {
	if in.Spec.Alteration.Value == docspec.FormatOnly || in.Photo.Replaced {
		return ""
	}
	return ", or have the background replaced"
}

// lightnessWeight halves what a difference of lightness counts, as is usual where the
// surface matters and not the lamp (kL = 2): how bright a wall comes out is a matter of
// exposure, its hue is not.
const lightnessWeight = 2

// backgroundColour holds the background's median against the nearest of the colours
// that the document names, by CIE Delta E 2000. Authorities give words and no values,
// so the limit is wide: a photographed white wall is never #ffffff.
func backgroundColour(in Input) Check {
	fact, colours := in.Spec.Backgrounds, in.Spec.BackgroundColours()
	if fact == nil || len(colours) == 0 {
		return Check{Name: BackgroundColour, Stage: Finished, Outcome: NotAssessed, Unit: DeltaE,
			Advice: "We found no rule of this office on the background's colour: a white or light grey wall is safe nearly everywhere."}
	}
	distance := math.NaN()
	if b := in.background(); b.Measured {
		distance = math.Inf(1)
		for _, c := range colours {
			want, err := colorful.Hex(c.Hex)
			if err == nil {
				distance = math.Min(distance, 100*b.Colour.DistanceCIEDE2000klch(want, lightnessWeight, 1, 1))
			}
		}
	}
	names := strings.Join(fact.Value, " or ")
	return mostOffColour.reading(distance, DeltaE).check(BackgroundColour, in.Spec.Certainty(fact.Source), map[Outcome]string{
		Pass:        fmt.Sprintf("The background is %s, as the office asks.", names),
		Warn:        fmt.Sprintf("The background may not be the %s that the office asks for. More light on the wall helps%s.", names, in.orReplace()),
		Fail:        fmt.Sprintf("The background is not the %s that the office asks for. Stand before such a wall, and take another picture%s.", names, in.orReplace()),
		NotAssessed: noBackground,
	}).finished()
}
