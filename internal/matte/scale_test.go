package matte_test

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/passportphotogenie/passportphotogenie/internal/matte"
)

func scaleNamed(t *testing.T, name string) matte.Scale {
	t.Helper()
	s, err := matte.ScaleNamed(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestANetworkIsGivenColoursInItsOwnScale(t *testing.T) {
	for name, want := range map[string][]float32{
		"unit":   {0, 1, 0.5, 0.5, 1, 0},
		"modnet": {-1, 1, 0, 0, 1, -1},
		"isnet":  {-0.5, 0.5, 0, 0, 0.5, -0.5},
		"u2net":  {-2.118, 2.249, 0.196, 0.196, 2.640, -1.804},
	} {
		planes := []float32{0, 1, 0.5, 0.5, 1, 0} // two pixels: red, green and blue planes
		scaleNamed(t, name).Give(planes)
		if diff := cmp.Diff(want, planes, cmpopts.EquateApprox(0, 0.001)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestAnAnswerBecomesSharesOfThePerson(t *testing.T) {
	for _, tt := range []struct {
		name, scale  string
		answer, want []float32
	}{
		{"as it is", "unit", []float32{0, 0.25, 1}, []float32{0, 0.25, 1}},
		{"a little beyond is cut", "modnet", []float32{-0.02, 0.5, 1.03}, []float32{0, 0.5, 1}},
		{"stretched", "u2net", []float32{0.2, 0.4, 0.6}, []float32{0, 0.5, 1}},
		{"stretched from anywhere", "isnet", []float32{-4, 0, 4}, []float32{0, 0.5, 1}},
		{"nothing to stretch", "u2net", []float32{0.3, 0.3}, []float32{0.3, 0.3}},
	} {
		if err := scaleNamed(t, tt.scale).Take(tt.answer); err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if diff := cmp.Diff(tt.want, tt.answer, cmpopts.EquateApprox(0, 1e-6)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestAnAnswerThatCannotBeMeantIsAnError(t *testing.T) {
	nan, infinite := float32(math.NaN()), float32(math.Inf(1))
	for name, answer := range map[string][]float32{
		"logits": {-6, 7}, "bytes": {0, 255}, "no number": {0, nan, 1}, "an infinite one": {0, infinite},
	} {
		if err := matte.Unit().Take(answer); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if err := scaleNamed(t, "u2net").Take([]float32{0, nan, 1}); err == nil {
		t.Error("no number, stretched: no error")
	}
}

func TestAnUnknownScaleIsToldTheKnownOnes(t *testing.T) {
	_, err := matte.ScaleNamed("u3net")
	if err == nil || !strings.Contains(err.Error(), "unit, modnet, u2net, isnet") {
		t.Errorf("the error is %v", err)
	}
}
