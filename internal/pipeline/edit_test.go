package pipeline

import (
	"bytes"
	"context"
	"encoding/gob"
	"encoding/json"
	"math"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/check"
	"github.com/passportphotogenie/passportphotogenie/internal/edit"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/testpictures"
	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

// made is what came of a job, with its report.
type made struct {
	Result
	report check.Report
}

func run(t *testing.T, job Job, given Material) made {
	t.Helper()
	r, err := realLine(t).Develop(context.Background(), job, given, func(photo.Step) {})
	if err != nil {
		t.Fatal(err)
	}
	m := made{Result: r}
	if len(r.Report) > 0 {
		if err := json.Unmarshal(r.Report, &m.report); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

// uploads are the portraits as several kinds of files.
func uploads(t *testing.T) map[photo.Format][]byte {
	t.Helper()
	img := testpictures.Pixels(t, portraits.Smiling)
	return map[photo.Format][]byte{
		photo.JPEG: testpictures.Megapixels(t, 12), photo.PNG: testpictures.PNG(t, img),
		photo.HEIC: testpictures.HEIC(t, img), photo.AVIF: testpictures.AVIF(t, img),
	}
}

func TestAPhotoMadeFromTheAnalysisIsTheOneMadeFromTheOriginal(t *testing.T) {
	for format, file := range uploads(t) {
		for _, id := range []string{"gb-passport", "us-passport"} {
			first := run(t, Job{Spec: spec(t, "gb-passport"), AgeBand: photo.Adult, Format: format}, Material{Original: file})
			job := Job{Spec: spec(t, id), AgeBand: photo.Adult, Format: format}
			whole := run(t, job, Material{Original: file})
			again := run(t, job, Material{Analysis: first.Analysis})
			if again.NeedsOriginal {
				t.Errorf("%s for %s: the original is needed again", format, id)
				continue
			}
			a, b := testpictures.Decode(t, whole.Picture), testpictures.Decode(t, again.Picture)
			if off := levels(a.Pix, b.Pix); off > 0.5 {
				t.Errorf("%s for %s: %.2f levels apart", format, id, off)
			}
			if string(whole.Report) != string(again.Report) {
				t.Errorf("%s for %s: the reports differ:\n%s\n%s", format, id, whole.Report, again.Report)
			}
			if len(again.Analysis) > 0 {
				t.Error("an edit brings an analysis of its own")
			}
		}
	}
}

func levels(a, b []uint8) float64 {
	sum := 0.0
	for i := range a {
		sum += math.Abs(float64(a[i]) - float64(b[i]))
	}
	return sum / float64(len(a))
}

func TestTheStepsOfAnEditAreFewer(t *testing.T) {
	job := Job{Spec: spec(t, "gb-passport"), AgeBand: photo.Adult, Format: photo.JPEG}
	first := run(t, job, Material{Original: testpictures.Portrait(t, portraits.Smiling)})
	job.Settings.Brightness = 20
	for _, s := range run(t, job, Material{Analysis: first.Analysis}).Steps {
		switch s.Step {
		case photo.StepDecode, photo.StepDetect, photo.StepLandmarks, photo.StepMatte:
			t.Errorf("an edit goes through %s again", s.Step)
		}
	}
}

func TestAnAnalysisOfAnotherVersionIsMadeAnew(t *testing.T) {
	job := Job{Spec: spec(t, "gb-passport"), AgeBand: photo.Adult, Format: photo.JPEG}
	original := testpictures.Portrait(t, portraits.Smiling)
	var a analysis
	if err := gob.NewDecoder(bytes.NewReader(run(t, job, Material{Original: original}).Analysis)).Decode(&a); err != nil {
		t.Fatal(err)
	}
	a.Version = analysisVersion - 1
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(a); err != nil {
		t.Fatal(err)
	}
	old := b.Bytes()
	if r := run(t, job, Material{Analysis: old}); !r.NeedsOriginal {
		t.Error("it was used")
	}
	if r := run(t, job, Material{Analysis: old, Original: original}); r.NeedsOriginal || len(r.Analysis) == 0 {
		t.Error("no new one was made")
	}
}

func TestAnAnalysisWithAMatteOfAnotherSizeThanItSaysIsRefused(t *testing.T) {
	kept := func(side, cells int) []byte {
		a := analysis{Version: analysisVersion, Mattes: [3][]byte{make([]byte, cells), make([]byte, cells), make([]byte, cells)}}
		a.Seen.Matte.Frame.Size, a.Seen.Matte.WholeFrame.Size = side, side
		var b bytes.Buffer
		if err := gob.NewEncoder(&b).Encode(a); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	for _, side := range []int{1, 256, 320, 1024} {
		if s, _, err := recall(kept(side, side*side)); err != nil || len(s.Matte.Median) != side*side {
			t.Errorf("side %d: %v", side, err)
		}
	}
	for _, wrong := range [][2]int{{0, 0}, {-4, 16}, {256, 255 * 256}, {1025, 1025 * 1025}} {
		if _, _, err := recall(kept(wrong[0], wrong[1])); err == nil {
			t.Errorf("a side of %d with %d cells is taken", wrong[0], wrong[1])
		}
	}
}

func TestEachEditDoesWhatItSaysAndTheReportTells(t *testing.T) {
	job := Job{Spec: spec(t, "gb-passport"), AgeBand: photo.Adult, Format: photo.JPEG}
	first := run(t, job, Material{Original: testpictures.Portrait(t, portraits.Smiling)})
	with := func(s edit.Settings) made {
		job.Settings = s
		return run(t, job, Material{Analysis: first.Analysis})
	}
	measured := func(m made, n check.Name) float64 { return value(t, m.report, n) }
	mean := func(m made) float64 {
		sum := 0
		img := testpictures.Decode(t, m.Picture)
		for _, v := range img.Pix {
			sum += int(v)
		}
		return float64(sum) / float64(len(img.Pix))
	}
	if m := with(edit.Settings{Right: 1}); math.Abs(measured(m, check.HeadCentred)-measured(first, check.HeadCentred)-1) > 0.02 {
		t.Errorf("nudged by a millimetre it stands %.2f mm off centre", measured(m, check.HeadCentred))
	}
	if m := with(edit.Settings{Down: -1}); math.Abs(measured(m, check.EyeLine)-measured(first, check.EyeLine)-1) > 0.02 {
		t.Errorf("a millimetre up the eyes are at %.2f mm, before at %.2f", measured(m, check.EyeLine), measured(first, check.EyeLine))
	}
	if m := with(edit.Settings{ZoomPercent: 105}); math.Abs(measured(m, check.HeadHeight)/measured(first, check.HeadHeight)-1.05) > 0.002 {
		t.Errorf("enlarged by 5 %% the head is %.2f mm, before %.2f", measured(m, check.HeadHeight), measured(first, check.HeadHeight))
	}
	if m := with(edit.Settings{TurnDeg: 5}); math.Abs(m.report.Formatting.TurnedDeg-first.report.Formatting.TurnedDeg-5) > 0.02 {
		t.Errorf("turned by %.2f degrees, before by %.2f", m.report.Formatting.TurnedDeg, first.report.Formatting.TurnedDeg)
	}
	if m := with(edit.Settings{Right: -20, Down: 20}); !m.report.Formatting.MoveCut {
		t.Error("moved out of the picture, and nobody is told")
	}
	bright := with(edit.Settings{Brightness: 40})
	if mean(bright) < mean(first)+5 {
		t.Errorf("brighter: %.1f, before %.1f", mean(bright), mean(first))
	}
	for m, want := range map[*made]check.Outcome{&first: check.Pass, &bright: check.Fail} { // format_only
		for _, c := range m.report.Checks {
			if c.Name == check.DigitalAlteration && c.Outcome != want {
				t.Errorf("digital_alteration is %s, want %s", c.Outcome, want)
			}
		}
	}
}
