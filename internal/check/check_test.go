package check

import (
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/crop"
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
)

// good is a photo that keeps every figure of the document.
func good(t *testing.T, id string) Input {
	t.Helper()
	c, err := docspec.Load()
	if err != nil {
		t.Fatal(err)
	}
	spec, err := c.Find(id)
	if err != nil {
		t.Fatal(err)
	}
	w, h := spec.PixelSize()
	head, _ := spec.HeadHeight.Value.Middle()
	in := Input{Spec: spec, Width: w, Height: h, Plan: crop.Plan{
		Width: w, Height: h, DPI: 300, Scale: 0.8,
		Head: crop.Head{
			HeightHair: head, HeightSkull: head, UncertaintyHair: 0.4, UncertaintySkull: 0.8,
			AboveHair: 4, AboveSkull: 4, Below: 8, InterEye: 100,
		},
	}}
	if spec.EyeLine != nil {
		in.Plan.Head.EyeLine, _ = spec.EyeLine.Value.Middle()
	}
	return in
}

func find(t *testing.T, r Report, name Name) Check {
	t.Helper()
	for _, c := range r.Checks {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("no check %s", name)
	return Check{}
}

func TestAPhotoThatKeepsEveryFigurePassesAndIsStillSubmittedWithCare(t *testing.T) {
	for _, id := range []string{"us-passport", "gb-passport", "de-passport", "cn-visa"} {
		r := Assess(good(t, id))
		for _, c := range r.Checks {
			if c.Outcome != Pass {
				t.Errorf("%s: %s is %s", id, c.Name, c.Outcome)
			}
			if c.Advice == "" || c.Value == nil {
				t.Errorf("%s: %s lacks its advice or value", id, c.Name)
			}
		}
		if r.Verdict != SubmitWithCare {
			t.Errorf("%s: verdict %s; background and light were not assessed", id, r.Verdict)
		}
	}
}

func TestEachFaultShowsInItsOwnCheck(t *testing.T) {
	for _, tt := range []struct {
		name    string
		spoil   func(*Input)
		check   Name
		outcome Outcome
		verdict Verdict
	}{
		{"head too high", func(in *Input) { in.Plan.Head.HeightHair = 36 }, HeadHeight, Fail, TakeAnother},
		{"head within its uncertainty of the limit", func(in *Input) { in.Plan.Head.HeightHair = 34.8 }, HeadHeight, Warn, SubmitWithCare},
		{"eyes too low", func(in *Input) { in.Plan.Head.EyeLine = 26 }, EyeLine, Fail, TakeAnother},
		{"head beside the middle", func(in *Input) { in.Plan.Head.OffCentre = -4 }, HeadCentred, Fail, TakeAnother},
		{"hair touches the edge", func(in *Input) { in.Plan.Head.AboveHair = 0.2 }, SpaceAbove, Warn, SubmitWithCare},
		{"hair cut by the original", func(in *Input) { in.HairCut = true }, SpaceAbove, Warn, SubmitWithCare},
		{"a small second face", func(in *Input) { in.SecondFace = 0.1 }, SingleFacePresent, Warn, SubmitWithCare},
		{"enlarged a little", func(in *Input) { in.Plan.Scale = 1.2 }, ResolutionGained, Warn, SubmitWithCare},
		{"enlarged a lot", func(in *Input) { in.Plan.Scale = 2 }, ResolutionGained, Fail, TakeAnother},
		{"few pixels between the eyes, enlarging does not help", func(in *Input) { in.Plan.Scale = 1.2 }, InterEyeDistance, Fail, TakeAnother},
		{"wrong size", func(in *Input) { in.Width-- }, PhotoSize, Fail, TakeAnother},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := good(t, "us-passport")
			if tt.check == ResolutionGained {
				in.Plan.Head.InterEye = 500 // leaves the other check out of it
			}
			tt.spoil(&in)
			r := Assess(in)
			if got := find(t, r, tt.check).Outcome; got != tt.outcome {
				t.Errorf("%s is %s, want %s", tt.check, got, tt.outcome)
			}
			if tt.verdict == TakeAnother && r.Verdict != TakeAnother || tt.outcome == Warn && tt.check != ResolutionGained && r.Verdict != tt.verdict {
				t.Errorf("verdict %s, want %s", r.Verdict, tt.verdict)
			}
		})
	}
}

func TestTheDocumentsOwnCrownIsMeasured(t *testing.T) {
	for _, tt := range []struct {
		id      string
		outcome Outcome
	}{
		{"us-passport", Fail}, // to the hair
		{"de-passport", Pass}, // to the skull
		{"gb-passport", Fail}, // does not say: the worse of both
	} {
		in := good(t, tt.id)
		in.Plan.Head.HeightHair = 40
		if got := find(t, Assess(in), HeadHeight).Outcome; got != tt.outcome {
			t.Errorf("%s with tall hair: %s, want %s", tt.id, got, tt.outcome)
		}
	}
}

func TestWhereTheOfficeSaysNothingTheEyeLineIsNotAssessed(t *testing.T) {
	if got := find(t, Assess(good(t, "ca-passport")), EyeLine).Outcome; got != NotAssessed {
		t.Errorf("outcome %s, want not_assessed", got)
	}
}

func TestThePersonIsToldWhenTheOfficeTakesNoSelfMadePhoto(t *testing.T) {
	for id, want := range map[string]int{"us-passport": 2, "ca-passport": 3} {
		if got := len(Assess(good(t, id)).Summary); got != want {
			t.Errorf("%s: %d sentences, want %d", id, got, want)
		}
	}
}
