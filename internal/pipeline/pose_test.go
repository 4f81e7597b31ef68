package pipeline

import (
	"context"
	"math"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/face"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/testpictures"
	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

func poseOf(t *testing.T, file []byte) face.Pose {
	t.Helper()
	w := &work{Line: realLine(t), ctx: context.Background(), job: Job{Format: photo.JPEG}, given: Material{Original: file}, at: func(photo.Step) {}}
	s, _, err := w.look()
	if err != nil {
		t.Fatal(err)
	}
	return s.Pose
}

// Nobody knows the portraits' true angles. But a mirror turns the yaw about and
// leaves the pitch, and turning the picture changes neither.
func TestTheHeadsPoseDoesNotDependOnTheCamera(t *testing.T) {
	const tolerance = 4.0 // degrees
	for _, n := range portraits.All() {
		img := testpictures.Pixels(t, n)
		plain := poseOf(t, testpictures.JPEG(t, img))
		t.Logf("%s: %+v", n, plain)
		if math.Abs(plain.YawDeg) > 25 || math.Abs(plain.PitchDeg) > 25 {
			t.Errorf("%s looks at the camera, and is measured %+v", n, plain)
		}
		for _, v := range []variant{{degrees: 15, scale: 1}, {degrees: -15, scale: 1}, {scale: 1, mirrored: true}} {
			moved, _ := v.of(img)
			got := poseOf(t, testpictures.JPEG(t, moved))
			if v.mirrored {
				got.YawDeg = -got.YawDeg
			}
			if math.Abs(got.YawDeg-plain.YawDeg) > tolerance || math.Abs(got.PitchDeg-plain.PitchDeg) > tolerance {
				t.Errorf("%s, %+v: %+v, before %+v", n, v, got, plain)
			}
		}
	}
}
