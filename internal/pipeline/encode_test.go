package pipeline

import (
	"bytes"
	"image"
	_ "image/png"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/check"
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/edit"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/testpictures"
	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

func TestTheFileFitsTheOfficesWindowAtTheBestQualityThatDoes(t *testing.T) {
	original := testpictures.Portrait(t, portraits.Smiling)
	job := Job{Spec: spec(t, "gb-passport"), AgeBand: photo.Adult, Format: photo.JPEG}
	usual := run(t, job, Material{Original: original})
	n := int64(len(usual.Picture))
	for _, tt := range []struct {
		name     string
		window   docspec.ByteRange
		from, to int64 // where the best file's size lies
		outcome  check.Outcome
	}{
		{"no need to change", docspec.ByteRange{Min: n / 2, Max: 2 * n}, n, n, check.Pass},
		{"half the size", docspec.ByteRange{Max: n / 2}, 2 * n / 5, n / 2, check.Pass},
		{"a fifth of the size", docspec.ByteRange{Max: n / 5}, n / 6, n / 5, check.Pass},
		{"a little larger", docspec.ByteRange{Min: n + n/10, Max: 4 * n}, n + n/10, 2 * n, check.Pass},
		{"larger than can be", docspec.ByteRange{Min: 50 * n}, n, 10 * n, check.Fail},
		{"smaller than can be", docspec.ByteRange{Max: 500}, 1000, n / 2, check.Fail},
	} {
		job.Spec.FileSize = &docspec.Fact[docspec.ByteRange]{Value: tt.window, Source: job.Spec.Width.Source}
		m := run(t, job, Material{Analysis: usual.Analysis})
		if size := int64(len(m.Picture)); size < tt.from || size > tt.to {
			t.Errorf("%s: %d bytes in the window %+v, want %d to %d", tt.name, size, tt.window, tt.from, tt.to)
		}
		for _, c := range m.report.Checks {
			if c.Name == check.FileSize && c.Outcome != tt.outcome {
				t.Errorf("%s: file_size_window is %s, want %s", tt.name, c.Outcome, tt.outcome)
			}
		}
	}
}

func TestASeeThroughPhotoIsAPNGOfTheSameSize(t *testing.T) {
	job := Job{Spec: spec(t, "gb-passport"), AgeBand: photo.Adult, Format: photo.JPEG, Settings: edit.Settings{Background: edit.Transparent}}
	m := run(t, job, Material{Original: testpictures.Portrait(t, portraits.Smiling)})
	img, format, err := image.Decode(bytes.NewReader(m.Picture))
	if err != nil || format != "png" || img.Bounds().Size() != image.Pt(413, 531) {
		t.Fatalf("a %s of %v: %v", format, img.Bounds(), err)
	}
	if _, _, _, a := img.At(206, 300).RGBA(); a != 0xffff {
		t.Errorf("the face is see-through: %d", a)
	}
	if _, _, _, a := img.At(5, 5).RGBA(); a != 0 {
		t.Errorf("the background is not: %d", a)
	}
}

// Where the document names a colour and forbids nothing, its photo has it.
func TestAPlainBackgroundIsMadeWhereTheDocumentAllowsIt(t *testing.T) {
	job := Job{Spec: spec(t, "gb-passport"), AgeBand: photo.Adult, Format: photo.JPEG}
	job.Spec.Backgrounds = &docspec.Fact[[]string]{Value: []string{"light grey"}, Source: job.Spec.Width.Source}
	corner := func(m made) [3]uint8 {
		c := testpictures.Decode(t, m.Picture).RGBAAt(4, 4)
		return [3]uint8{c.R, c.G, c.B}
	}
	original := Material{Original: testpictures.Portrait(t, portraits.Smiling)}
	forbidden := run(t, job, original)
	if forbidden.report.Formatting.BackgroundReplaced {
		t.Error("it was replaced where that is forbidden")
	}
	job.Spec.Alteration.Value = docspec.BackgroundAllowed
	allowed := run(t, job, original)
	rgb, _ := edit.Background(job.Spec.BackgroundColours()[0].Hex).Colour()
	got := corner(allowed)
	for c := range got {
		if off := int(got[c]) - int(rgb[c]); off < -2 || off > 2 {
			t.Errorf("the corner is %v, want %v", got, rgb)
		}
	}
	if !allowed.report.Formatting.BackgroundReplaced {
		t.Error("the report does not say it")
	}
	job.Settings.Background = edit.Original
	if kept := run(t, job, original); kept.report.Formatting.BackgroundReplaced || corner(kept) != corner(forbidden) {
		t.Error("the person's choice of the original one was not honoured")
	}
}
