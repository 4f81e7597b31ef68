package docspec

import (
	"math"

	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

// The sources of what stands in where an authority says nothing. The data
// leaves such facts out; fillIn adds them when the catalogue is loaded.
const (
	icao    = "icao"
	unknown = "unknown"
)

var baselineSources = map[string]Source{
	icao: {
		Title: "ICAO Doc 9303 part 3 and ISO/IEC 19794-5, framing of the portrait",
		URL:   "https://www.icao.int/publications/pages/publication.aspx?docnumber=9303",
		// The day on which the figures below were last compared with it.
		Checked: "2026-11-24", Certainty: Baseline,
	},
	unknown: {
		Title:   "No rule found in this document's sources",
		Checked: "2026-11-24", Certainty: Baseline,
	},
}

// fillIn adds the ICAO baseline to a document for what its authority leaves
// open, and says "unknown" where ICAO has no rule either.
func (s *Spec) fillIn() {
	orElse(&s.DPI, leastDPI, icao, "300 DPI is the least that ICAO asks of a photo that is scanned")
	if s.HeadHeight.Source == "" {
		s.HeadHeight = Fact[Range]{s.shareOfHeight(0.70, 0.80), icao, "ICAO baseline: 70 to 80 % of the photo's height; the authority gives no figure that we found"}
	}
	if s.EyeLine == nil && !closed(s.SpaceAbove) && !closed(s.SpaceBelow) && s.framedLikeICAO() {
		s.EyeLine = &Fact[Range]{s.shareOfHeight(0.50, 0.70), icao, "ICAO baseline: eyes at 50 to 70 % of the height above the bottom edge; the authority gives no figure that we found"}
	}
	orElse(&s.CrownReference, CrownUnknown, unknown, "the authority does not say whether the hair counts, so the photo keeps to both")
	orElse(&s.Alteration, BackgroundAllowed, unknown, "no rule on altered pictures was found; ask the office before you hand in a photo with a replaced background")
	orElse(&s.PhotoSource, SourceUnknown, unknown, "no rule on who may take the photo was found")
	orElse(&s.Channel, ChannelUnknown, unknown, "")
	orElse(&s.Delivery, FinishedCrop, unknown, "nothing was found that asks for an uncropped picture")
	orElse(&s.PrintBy, PrintByUnknown, unknown, "")
}

func orElse[T any](f *Fact[T], value T, source, note string) {
	if f.Source == "" {
		*f = Fact[T]{value, source, note}
	}
}

// leastICAOShare is how much of the photo's height the middle of a document's
// head range fills at least in a framing like ICAO's. With smaller heads the
// eyes are elsewhere, and ICAO's eye line says nothing about them.
const leastICAOShare = 0.6

func (s *Spec) framedLikeICAO() bool {
	middle, ok := s.HeadHeight.Value.Middle()
	return ok && middle >= leastICAOShare*s.Height.Value
}

// closed reports whether a margin fixes the head's place: a least margin alone
// does not.
func closed(f *Fact[Range]) bool { return f != nil && f.Value.Min != nil && f.Value.Max != nil }

// shareOfHeight is a range given in parts of the photo's height, to 0.01 mm.
func (s *Spec) shareOfHeight(lo, hi float64) Range {
	at := func(share float64) *geom.MM {
		v := geom.MM(math.Round(share*float64(s.Height.Value)*100) / 100)
		return &v
	}
	return Range{at(lo), at(hi)}
}

// citeSources gives the document the sources that its facts name, out of its
// country's and the baseline.
func (s *Spec) citeSources(country map[string]Source) {
	s.Sources = map[string]Source{}
	for _, name := range s.cited() {
		if src, ok := baselineSources[name]; ok {
			s.Sources[name] = src
		} else if src, ok := country[name]; ok {
			s.Sources[name] = src
		}
	}
}
