package pipeline

import (
	"context"
	"encoding/json"
	"image"
	"math"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/check"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/testpictures"
	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

// previewSide is the longest side that a preview has.
const previewSide = 640

func small(img *image.RGBA) *image.RGBA {
	return testpictures.Scaled(img, float64(previewSide)/float64(max(img.Rect.Dx(), img.Rect.Dy())))
}

// preview runs the line on a picture of which no photo is made.
func preview(t *testing.T, id string, f photo.Format, file []byte) (Result, check.Report) {
	t.Helper()
	r, err := realLine(t).Develop(context.Background(), Job{Spec: spec(t, id), AgeBand: photo.Adult, Format: f, Preview: true}, Material{Original: file}, func(photo.Step) {})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Picture)+len(r.Analysis) > 0 {
		t.Error("there is more than a report")
	}
	var report check.Report
	if r.Reason == "" {
		if err := json.Unmarshal(r.Report, &report); err != nil {
			t.Fatal(err)
		}
	}
	return r, report
}

// What can be said of a preview is what will be said of the photo, in spite of
// fewer pixels: none passes what the other fails.
func TestAPreviewIsJudgedAsThePhotoWillBe(t *testing.T) {
	for _, n := range []portraits.Name{portraits.Smiling, portraits.Tilted} {
		for _, id := range documents() {
			t.Run(string(n)+" "+id, func(t *testing.T) {
				_, of := develop(t, id, photo.JPEG, testpictures.Portrait(t, n))
				r, got := preview(t, id, photo.JPEG, testpictures.JPEG(t, small(testpictures.Pixels(t, n))))
				if r.Reason != "" {
					t.Fatalf("rejected: %s", r.Reason)
				}
				if got.Verdict != "" {
					t.Errorf("a preview has the verdict %s", got.Verdict)
				}
				if len(got.Checks) < 20 {
					t.Errorf("%d checks only", len(got.Checks))
				}
				for _, c := range got.Checks {
					want := find(t, of, c.Name)
					if opposite(c.Outcome, want.Outcome) {
						t.Errorf("%s is %s, for the photo %s", c.Name, c.Outcome, want.Outcome)
					}
					if c.Value != nil && want.Value != nil && c.Unit == check.Millimetres && math.Abs(*c.Value-*want.Value) > 0.6 {
						t.Errorf("%s is %.2f, in the photo %.2f", c.Name, *c.Value, *want.Value)
					}
				}
			})
		}
	}
}

// opposite reports whether one passes what the other fails; a warning stands between.
func opposite(a, b check.Outcome) bool {
	return a == check.Pass && b == check.Fail || a == check.Fail && b == check.Pass
}

func find(t *testing.T, r check.Report, name check.Name) check.Check {
	t.Helper()
	for _, c := range r.Checks {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("the photo's report has no check %s", name)
	return check.Check{}
}

func TestAPreviewWithoutAPhotoInItSaysWhy(t *testing.T) {
	smiling := testpictures.Portrait(t, portraits.Smiling)
	for _, tt := range []struct {
		name string
		file []byte
		want photo.Reason
	}{
		{"no face", testpictures.JPEG(t, small(testpictures.NoFace())), photo.NoFace},
		{"two faces", testpictures.JPEG(t, small(testpictures.TwoFaces(t))), photo.SeveralFaces},
		{"a head cut by the edge", testpictures.JPEG(t, small(testpictures.CutFace(t))), photo.FaceCutOff},
		{"a truncated JPEG", testpictures.Truncated(smiling), photo.Unreadable},
		{"a 100-megapixel header", testpictures.HugeJPEGHeader(t), photo.TooManyPixels},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if r, _ := preview(t, "us-passport", photo.JPEG, tt.file); r.Reason != tt.want {
				t.Errorf("reason %q, want %q", r.Reason, tt.want)
			}
		})
	}
}

// The photo is made of the camera's pixels, not of the preview's: a face of 90
// pixels is no reason to refuse the preview.
func TestAPreviewIsNotRefusedForItsFewPixels(t *testing.T) {
	file := testpictures.JPEG(t, testpictures.Scaled(testpictures.Pixels(t, portraits.Smiling), 0.17))
	if r, _ := develop(t, "us-passport", photo.JPEG, file); r.Reason != photo.FaceTooSmall {
		t.Fatalf("as a photo the picture ends with %q: it shows nothing here", r.Reason)
	}
	if r, _ := preview(t, "us-passport", photo.JPEG, file); r.Reason != "" {
		t.Errorf("rejected: %s", r.Reason)
	}
}
