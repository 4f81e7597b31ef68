package check

import (
	"strings"
	"testing"
)

func TestEveryCheckHasItsNameInPlainWords(t *testing.T) {
	told := map[string]Name{}
	for _, c := range Assess(good(t, "us-passport")).Checks {
		title, ok := titles[c.Name]
		if !ok || title == "" || len(title) > 30 {
			t.Errorf("%s is called %q", c.Name, title)
		}
		if other, taken := told[title]; taken {
			t.Errorf("%s and %s are both called %q", c.Name, other, title)
		}
		told[title] = c.Name
	}
	if len(told) != len(titles) {
		t.Errorf("%d titles for %d checks", len(titles), len(told))
	}
	if got := Name("a_new_check").Title(); got != "A new check" {
		t.Errorf("a check of another version is called %q", got)
	}
}

func TestAValueIsSaidWithItsUncertaintyAndWhatIsAsked(t *testing.T) {
	value := func(v float64) *float64 { return &v }
	for _, tt := range []struct {
		check           Check
		measured, asked string
	}{
		{Check{Value: value(32.43), Uncertainty: 0.588, Unit: Millimetres, Limits: &Limits{value(29), value(34)}}, "32.4 ± 0.6 mm", "29 to 34 mm"},
		{Check{Value: value(-0.01), Uncertainty: 0.2, Unit: Millimetres, Limits: &Limits{value(-1.75), value(1.75)}}, "0 ± 0.2 mm", "−1.75 to 1.75 mm"},
		{Check{Value: value(531), Unit: Pixels, Limits: &Limits{value(531), value(531)}}, "531 px", "exactly 531 px"},
		{Check{Value: value(0.373), Uncertainty: 0.02, Limits: &Limits{Max: value(0.55)}}, "0.373 ± 0.02", "at most 0.55"},
		{Check{Value: value(30), Uncertainty: 2, Unit: Days, Limits: &Limits{Max: value(183)}}, "30 ± 2 days", "at most 183 days"},
		{Check{Value: value(-4.25), Unit: Degrees, Limits: &Limits{Min: value(-5)}}, "−4.2°", "at least −5°"},
		{Check{Unit: DeltaE, Limits: &Limits{}}, "", ""},
		{Check{}, "", ""},
	} {
		if got := tt.check.Measured(); got != tt.measured {
			t.Errorf("measured %q, want %q", got, tt.measured)
		}
		if got := tt.check.Asked(); got != tt.asked {
			t.Errorf("asked %q, want %q", got, tt.asked)
		}
	}
}

func TestEveryWordOfAReportIsSaidPlainly(t *testing.T) {
	for _, v := range []Verdict{ReadyToSubmit, SubmitWithCare, TakeAnother} {
		if v.Words() == "" {
			t.Errorf("no words for %s", v)
		}
	}
	for _, o := range []Outcome{Pass, Warn, Fail, NotAssessed, Declared} {
		if o.Words() == "" {
			t.Errorf("no words for %s", o)
		}
	}
}

func TestAllThatWasDoneToThePictureIsSaid(t *testing.T) {
	for _, tt := range []struct {
		done Formatting
		want string
	}{
		{Formatting{TurnedDeg: 1.24, ScalePercent: 80.6}, "The picture was cropped, turned by 1.2° to the right and scaled to 81 %. Nothing else was done: face, light and background are the picture’s own."},
		{Formatting{TurnedDeg: -12.6, ScalePercent: 264, BackgroundReplaced: true}, "The picture was cropped, turned by 12.6° to the left and scaled to 264 %. Its background was replaced."},
		{Formatting{TurnedDeg: 0.01, ScalePercent: 50, LightChanged: true, MoveCut: true}, "The picture was cropped and scaled to 50 %. Its light was changed. It was moved only as far as it reaches."},
		{Formatting{ScalePercent: 50, LightChanged: true, BackgroundReplaced: true}, "The picture was cropped and scaled to 50 %. Its background was replaced, and its light was changed."},
	} {
		if got := strings.Join(tt.done.Words(), " "); got != tt.want {
			t.Errorf("%+v: %s", tt.done, got)
		}
	}
}
