package check

import (
	"encoding/json"
	"math"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/lucasb-eyer/go-colorful"

	"github.com/passportphotogenie/passportphotogenie/internal/crop"
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/edit"
)

var today = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// good is a photo that keeps every rule of the document, of a person who answered
// every question.
func good(t *testing.T, id string) Input {
	t.Helper()
	c, err := catalogue()
	if err != nil {
		t.Fatal(err)
	}
	spec, err := c.Find(id)
	if err != nil {
		t.Fatal(err)
	}
	return ordinary(spec)
}

// catalogue is read once.
var catalogue = sync.OnceValues(docspec.Load)

func ordinary(spec docspec.Spec) Input {
	w, h := spec.PixelSize()
	head, _ := spec.HeadHeight.Value.Middle()
	in := Input{
		Spec: spec, AgeBand: "adult", Now: today,
		Traits: Traits{
			Light:     Light{Uniformity: 0.8, Mean: 0.5, Variance: 0.02, Under: 0.01, Over: 0, DynamicRange: 7, OffSkin: 0},
			Sharpness: 0.5, Noise: 1, Blocking: 1.5, EyeOpening: 0.3, MouthGap: 0.02, Smile: 0.45, Gaze: 0.01, RedEyes: 0, Roll: 1,
			TakenAt: today.AddDate(0, 0, -10),
		},
		Plan: crop.Plan{
			Width: w, Height: h, DPI: 300, Scale: 0.8, PerMM: 300 / 25.4,
			Head: crop.Head{
				HeightHair: head, HeightSkull: head, UncertaintyHair: 0.4, UncertaintySkull: 0.8,
				AboveHair: 4, AboveSkull: 4, Below: 8, InterEye: 100,
			},
		},
		Settings: edit.Settings{Declared: edit.Declared{Glasses: edit.Met, Hair: edit.Met, HeadCovering: edit.Met}},
		Photo: Photo{
			Width: w, Height: h, Bytes: 80_000,
			Background: Background{Measured: true, Uniformity: 2, Shadow: 1},
		},
	}
	if spec.EyeLine != nil {
		in.Plan.Head.EyeLine, _ = spec.EyeLine.Value.Middle()
	}
	if colours := spec.BackgroundColours(); len(colours) > 0 {
		in.Photo.Background.Colour, _ = colorful.Hex(colours[0].Hex)
	}
	return in
}

func find(t *testing.T, r Report, name Name) Check {
	t.Helper()
	i := slices.IndexFunc(r.Checks, func(c Check) bool { return c.Name == name })
	if i < 0 {
		t.Fatalf("no check %s", name)
	}
	return r.Checks[i]
}

func TestAPhotoThatKeepsEveryRuleIsReadyWhereTheOfficeTakesSelfMadePhotos(t *testing.T) {
	for id, want := range map[string]Verdict{
		"us-passport": ReadyToSubmit,
		"de-passport": SubmitWithCare, // from certified providers only
		"ca-passport": SubmitWithCare, // from photographers only
	} {
		r := Assess(good(t, id))
		for _, c := range r.Checks {
			if c.Binding && c.Outcome != Pass && c.Outcome != Declared {
				t.Errorf("%s: %s is %s: %s", id, c.Name, c.Outcome, c.Advice)
			}
			if c.Advice == "" || c.Stage == "" {
				t.Errorf("%s: %s lacks its advice or stage", id, c.Name)
			}
		}
		if r.Verdict != want {
			t.Errorf("%s: verdict %s, want %s", id, r.Verdict, want)
		}
		if len(r.Questions) > 0 {
			t.Errorf("%s: %d questions are open", id, len(r.Questions))
		}
	}
}

func TestEachFaultShowsInItsOwnCheckAndNoOther(t *testing.T) {
	nan := math.NaN()
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
		{"enlarged a little", func(in *Input) { in.Plan.Scale = 1.05 }, ResolutionGained, Warn, SubmitWithCare},
		{"few pixels between the eyes", func(in *Input) { in.Plan.Head.InterEye = 70 }, InterEyeDistance, Fail, TakeAnother},
		{"wrong size", func(in *Input) { in.Photo.Width-- }, PhotoSize, Fail, TakeAnother},
		{"file too large", func(in *Input) {
			in.Spec.FileSize = &docspec.Fact[docspec.ByteRange]{Value: docspec.ByteRange{Max: 10_000_000}}
			in.Photo.Bytes = 20_000_000
		}, FileSize, Fail, TakeAnother},
		{"turned aside", func(in *Input) { in.Pose.YawDeg = -14 }, HeadPoseYaw, Fail, TakeAnother},
		{"chin raised", func(in *Input) { in.Pose.PitchDeg = -17 }, HeadPosePitch, Warn, SubmitWithCare},
		{"tilted, and levelled by us", func(in *Input) { in.Traits.Roll = 14 }, HeadPoseRoll, Warn, SubmitWithCare},
		{"eyes closed", func(in *Input) { in.Traits.EyeOpening = 0.1 }, EyesOpen, Fail, TakeAnother},
		{"looking aside", func(in *Input) { in.Traits.Gaze = -0.2 }, Gaze, Fail, TakeAnother},
		{"red eyes", func(in *Input) { in.Traits.RedEyes = 0.4 }, RedEyes, Fail, TakeAnother},
		{"mouth open", func(in *Input) { in.Traits.MouthGap = 0.2 }, MouthClosed, Fail, TakeAnother},
		{"a broad smile", func(in *Input) { in.Traits.Smile = 0.7 }, ExpressionNeutrality, Fail, TakeAnother},
		{"light from the side", func(in *Input) { in.Traits.Light.Uniformity = 0.02 }, IlluminationUniformity, Fail, TakeAnother},
		{"much of the face black", func(in *Input) { in.Traits.Light.Under = 0.5 }, UnderExposure, Fail, TakeAnother},
		{"much of the face white", func(in *Input) { in.Traits.Light.Over = 0.5 }, OverExposure, Fail, TakeAnother},
		{"a very dark face", func(in *Input) { in.Traits.Light.Mean = 0.1 }, LuminanceMean, Warn, SubmitWithCare},
		{"fog", func(in *Input) { in.Traits.Light.DynamicRange = 4 }, DynamicRange, Fail, TakeAnother},
		{"black and white", func(in *Input) { in.Traits.Light.OffSkin = 100 }, NaturalColour, Fail, TakeAnother},
		{"out of focus", func(in *Input) { in.Traits.Sharpness = 0.2 }, Sharpness, Fail, TakeAnother},
		{"grainy", func(in *Input) { in.Traits.Noise = 30 }, Noise, Fail, TakeAnother},
		{"blocks in the face", func(in *Input) { in.Traits.Blocking = 20 }, CompressionArtifacts, Fail, TakeAnother},
		{"wallpaper", func(in *Input) { in.Photo.Background.Uniformity = 30 }, BackgroundUniformity, Fail, TakeAnother},
		{"a shadow", func(in *Input) { in.Photo.Background.Shadow = 30 }, BackgroundShadow, Fail, TakeAnother},
		{"a red wall", func(in *Input) { in.Photo.Background.Colour = colorful.Color{R: 0.8} }, BackgroundColour, Fail, TakeAnother},
		{"replaced where that is forbidden", func(in *Input) { in.Photo.Replaced = true }, DigitalAlteration, Fail, TakeAnother},
		{"glasses on", func(in *Input) { in.Settings.Declared.Glasses = edit.NotMet }, GlassesPresent, Fail, TakeAnother},
		{"glasses not asked about", func(in *Input) { in.Settings.Declared.Glasses = edit.Unanswered }, GlassesPresent, NotAssessed, SubmitWithCare},
		{"an exception for a headscarf", func(in *Input) { in.Settings.Declared.HeadCovering = edit.Exception }, NoHeadCoverings, Declared, ReadyToSubmit},
		{"an old picture", func(in *Input) { in.Traits.TakenAt = today.AddDate(-2, 0, 0) }, PhotoAge, Fail, TakeAnother},
		{"no date in the file", func(in *Input) { in.Traits.TakenAt = time.Time{} }, PhotoAge, NotAssessed, SubmitWithCare},
		{"no blocks to look for", func(in *Input) { in.Traits.Blocking = nan }, CompressionArtifacts, NotAssessed, ReadyToSubmit},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := good(t, "us-passport")
			tt.spoil(&in)
			r := Assess(in)
			if got := find(t, r, tt.check); got.Outcome != tt.outcome {
				t.Errorf("%s is %s, want %s: %s", tt.check, got.Outcome, tt.outcome, got.Advice)
			}
			for _, c := range r.Checks {
				if c.Name != tt.check && c.Binding && (c.Outcome == Fail || c.Outcome == Warn) {
					t.Errorf("%s is %s too", c.Name, c.Outcome)
				}
			}
			if r.Verdict != tt.verdict {
				t.Errorf("verdict %s, want %s", r.Verdict, tt.verdict)
			}
			if _, err := json.Marshal(r); err != nil {
				t.Errorf("the report can't be written: %v", err)
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
	c := find(t, Assess(good(t, "ca-passport")), EyeLine)
	if c.Outcome != NotAssessed || c.Binding {
		t.Errorf("outcome %s, binding %t", c.Outcome, c.Binding)
	}
}

func TestASmileWithAClosedMouthIsTakenWhereTheOfficeSaysSo(t *testing.T) {
	for id, want := range map[string]Outcome{"us-passport": Pass, "gb-passport": Fail} {
		in := good(t, id)
		in.Traits.Smile = 0.55
		if got := find(t, Assess(in), ExpressionNeutrality); got.Outcome != want {
			t.Errorf("%s: %s, want %s", id, got.Outcome, want)
		}
	}
}

func TestNobodyAsksABabyToLookCalm(t *testing.T) {
	for _, tt := range []struct {
		band  string
		name  Name
		bound bool
	}{
		{"under_1", EyesOpen, false}, {"under_1", MouthClosed, false}, {"under_1", Gaze, false}, {"under_1", ExpressionNeutrality, false},
		{"1_5", EyesOpen, true}, {"1_5", MouthClosed, false}, {"1_5", ExpressionNeutrality, false},
		{"6_10", MouthClosed, true}, {"adult", Gaze, true},
	} {
		in := good(t, "us-passport")
		in.AgeBand = tt.band
		if got := find(t, Assess(in), tt.name).Binding; got != tt.bound {
			t.Errorf("%s binds at %s: %t", tt.name, tt.band, got)
		}
	}
}

func TestTheStandardsFramingIsToldButDecidesNothing(t *testing.T) {
	in := good(t, "us-passport")
	for _, n := range []Name{HeadSize, LeftwardCrop, RightwardCrop, MarginAbove, MarginBelow} {
		if c := find(t, Assess(in), n); c.Binding || c.Outcome != NotAssessed || c.Value == nil {
			t.Errorf("%s: binding %t, outcome %s, value %v", n, c.Binding, c.Outcome, c.Value)
		}
	}
}

func TestTheSummaryBeginsWithWhatFailedAndIsShort(t *testing.T) {
	in := good(t, "us-passport")
	in.Traits.Light.Uniformity, in.Traits.Sharpness, in.Traits.MouthGap, in.Traits.EyeOpening = 0.02, 0.1, 0.3, 0.05
	r := Assess(in)
	if len(r.Summary) != mostAdvice {
		t.Errorf("%d sentences: %q", len(r.Summary), r.Summary)
	}
	if want := find(t, r, EyesOpen).Advice; r.Summary[0] != want {
		t.Errorf("the first sentence is %q, want %q", r.Summary[0], want)
	}
}

func TestLightThatWasChangedIsMeasuredInThePhoto(t *testing.T) {
	in := good(t, "gb-passport")
	in.Settings.Brightness = 60
	in.Photo.Light = in.Traits.Light
	in.Photo.Light.Over = 0.4
	r := Assess(in)
	if got := find(t, r, OverExposure).Outcome; got != Fail {
		t.Errorf("a face made white is %s", got)
	}
	if !r.Formatting.LightChanged {
		t.Error("the record of what was done says nothing of it")
	}
}
