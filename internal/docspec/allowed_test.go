package docspec

import "testing"

// Every sentence of the catalogue is here: a new one has to be read by a person.
func TestEveryRuleOnGlassesIsUnderstood(t *testing.T) {
	allowed := map[string]bool{
		"allowed except thick rims, tint or glare":                       true,
		"allowed if eyes free and no reflection":                         true,
		"allowed if frames leave eyes free and no gleam":                 true,
		"allowed if the eyes are clearly visible, without glare or tint": true,
		"allowed with clear lenses, no reflection, eyes fully visible":   true,
		"allowed with conditions":                                        true,
		"allowed without reflection; no sunglasses":                      true,
		"avoid unless needed; no tint, no glare, no frame over the eyes": true,
		"better without":            true,
		"clear glass, eyes visible": true,
		"corrective allowed if eyes visible and no reflection":                                                true,
		"eyes visible, frame must not cover them, no reflection, no tint (slight tint for visually impaired)": true,
		"eyes visible, no reflection":                                       true,
		"frame must not cover eyes, no glare":                               true,
		"glasses, fringe, mask or false lashes must not enter the eye area": true,
		"habitual wearers must keep untinted glasses on":                    true,
		"habitual wearers only, thin frame, no tint":                        true,
		"no dark glasses": true,
		"no dark glasses; frame must not cover eyes": true,
		"no dark lenses": true,
		"no large frames or lenses that hide the eyes; no cosmetic coloured lenses": true,
		"no reflection around the eyes":                                             true,
		"no reflections, no tint, frame must not cover the eyes":                    true,
		"no tint, no heavy frame, no reflection":                                    true,
		"no tint, no reflection":                                                    true,
		"no tint, no reflection, light frames":                                      true,
		"no tint, no reflection, no heavy frame":                                    true,
		"none of any kind":                                                          false,
		"not allowed":                                                               false,
		"not allowed: taken off to avoid reflections":                               false,
		"not allowed; a signed doctor's note if medically required":                 false,
		"not allowed; contact lenses removed too":                                   false,
		"not allowed; rare medical exceptions":                                      false,
		"not allowed; rare medical exceptions with a signed statement":              false,
		"not tinted, no reflections":                                                true,
		"only for medical reasons":                                                  false,
		"prescription glasses, neither tinted nor thick-framed, without glare":      true,
		"thin frame, no reflection, no tint":                                        true,
		"untinted allowed":                                                          true,
		"untinted prescription glasses if the eyes are clearly visible":             true,
		"untinted, eyes clear":                                                      true,
		"wearers keep them on; clean and transparent":                               true,
		"without": false,
	}
	for _, s := range all(t) {
		if s.Glasses == nil {
			continue
		}
		want, known := allowed[s.Glasses.Value]
		if !known {
			t.Errorf("%s has a rule that nobody has read: %q", s.ID, s.Glasses.Value)
		}
		if s.GlassesAllowed() != want {
			t.Errorf("%s: %q allows glasses: %t", s.ID, s.Glasses.Value, !want)
		}
	}
}

func TestEveryRuleOnExpressionIsUnderstood(t *testing.T) {
	smiles := map[string]bool{
		"face and eyes straight to the camera":            false,
		"natural, eyes open, mouth closed":                false,
		"neutral":                                         false,
		"neutral or a closed-mouth smile, both eyes open": true,
		"neutral, both eyes open":                         false,
		"neutral, eyes open, lips closed, ears visible":   false,
		"neutral, mouth closed":                           false,
		"neutral, mouth closed, both eyes open":           false,
		"neutral, mouth closed, looking into the camera":  false,
		"neutral, mouth closed, no teeth":                 false,
		"neutral, no smiling, mouth closed":               false,
		"neutral: eyes open, mouth closed":                false,
		"neutral: eyes open, mouth closed, not smiling":   false,
		"plain expression, mouth closed, eyes open":       false,
	}
	for _, s := range all(t) {
		if s.Expression == nil {
			continue
		}
		want, known := smiles[s.Expression.Value]
		if !known {
			t.Errorf("%s has a rule that nobody has read: %q", s.ID, s.Expression.Value)
		}
		if s.SmileAllowed() != want {
			t.Errorf("%s: %q allows a smile: %t", s.ID, s.Expression.Value, !want)
		}
	}
}
