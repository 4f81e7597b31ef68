package dlib_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/dlib"
	"github.com/passportphotogenie/passportphotogenie/internal/face"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
	"github.com/passportphotogenie/passportphotogenie/internal/testpictures"
	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

// modelsDir is where build/fetch-models brings the models.
func modelsDir() string {
	if dir := os.Getenv("MODELS_DIR"); dir != "" {
		return dir
	}
	return filepath.Join("..", "..", ".deps", "models")
}

func open(t testing.TB) *dlib.Detector {
	t.Helper()
	d, err := dlib.Open(modelsDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

func detect(t testing.TB, d *dlib.Detector, jpeg []byte) []face.Candidate {
	t.Helper()
	faces, err := d.Detect(jpeg)
	if err != nil {
		t.Fatal(err)
	}
	return faces
}

func TestTheEyesAreWhereAPersonSeesThem(t *testing.T) {
	d := open(t)
	for _, name := range portraits.All() {
		t.Run(string(name), func(t *testing.T) {
			seen, err := name.Points()
			if err != nil {
				t.Fatal(err)
			}
			f := faceAt(t, detect(t, d, testpictures.JPEG(t, testpictures.Pixels(t, name))), seen)
			// A twentieth of the distance between the eyes is good for this detector.
			near := seen.Uncertainty + seen.LeftEye.Sub(seen.RightEye).Length()/20
			if d := f.RightEye.Sub(seen.RightEye).Length(); d > near {
				t.Errorf("right eye is %.1f px off, want at most %.1f", d, near)
			}
			if d := f.LeftEye.Sub(seen.LeftEye).Length(); d > near {
				t.Errorf("left eye is %.1f px off, want at most %.1f", d, near)
			}
		})
	}
}

// faceAt returns the one candidate whose box holds both eyes. The detector also
// takes a fold of the space suit for a face.
func faceAt(t *testing.T, candidates []face.Candidate, seen portraits.Points) face.Candidate {
	t.Helper()
	inside := func(p geom.Point, b face.Box) bool {
		return p.X > b.Left && p.X < b.Right && p.Y > b.Top && p.Y < b.Bottom
	}
	var at []face.Candidate
	for _, c := range candidates {
		if inside(seen.RightEye, c.Box) && inside(seen.LeftEye, c.Box) {
			at = append(at, c)
		}
	}
	if len(at) != 1 {
		t.Fatalf("%d faces at the eyes, want 1; candidates %v", len(at), candidates)
	}
	return at[0]
}

func TestEveryFaceIsFoundFromLeftToRight(t *testing.T) {
	faces := detect(t, open(t), testpictures.JPEG(t, testpictures.TwoFaces(t)))
	if len(faces) != 2 || faces[0].Box.Left > faces[1].Box.Left {
		t.Fatalf("faces %v, want two from left to right", faces)
	}
}

func TestAPictureWithoutAFaceHasNone(t *testing.T) {
	if faces := detect(t, open(t), testpictures.JPEG(t, testpictures.NoFace())); len(faces) != 0 {
		t.Errorf("faces %v", faces)
	}
}

func TestAFaceOf40PixelsIsFoundInAnEnlargedPicture(t *testing.T) {
	d := open(t)
	far := testpictures.SmallFace(t, 40)
	if faces := detect(t, d, testpictures.JPEG(t, far)); len(faces) != 0 {
		t.Errorf("as it is: faces %v", faces)
	}
	if faces := detect(t, d, testpictures.JPEG(t, testpictures.Scaled(far, 2))); len(faces) != 1 {
		t.Errorf("enlarged: faces %v, want one", faces)
	}
}

func TestAFaceOnItsSideIsNotFound(t *testing.T) {
	// Why the pipeline turns the picture before it gives up.
	side := testpictures.Turned(testpictures.Pixels(t, portraits.Smiling), 1)
	if faces := detect(t, open(t), testpictures.JPEG(t, side)); len(faces) != 0 {
		t.Errorf("faces %v", faces)
	}
}

func TestADamagedJPEGIsAnError(t *testing.T) {
	d := open(t)
	for _, file := range [][]byte{nil, []byte("no picture"), testpictures.Truncated(testpictures.Portrait(t, portraits.Smiling))} {
		if _, err := d.Detect(file); err == nil {
			t.Errorf("no error for %d bytes", len(file))
		}
	}
}

func TestAMissingModelIsNamed(t *testing.T) {
	_, err := dlib.Open(t.TempDir())
	if !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("error %v", err)
	}
	if text := err.Error(); !strings.Contains(text, "shape_predictor_5_face_landmarks.dat") || !strings.Contains(text, "make deps") {
		t.Errorf("error %q helps nobody", text)
	}
}

func TestNothingOfADescriptorCanLeave(t *testing.T) {
	// 128 numbers fit into no field of what Detect returns.
	if size := reflect.TypeOf(face.Candidate{}).Size(); size > 16*8 {
		t.Errorf("a candidate has %d bytes: what are they for?", size)
	}
}

func BenchmarkDetect(b *testing.B) {
	d := open(b)
	jpeg := testpictures.JPEG(b, testpictures.Scaled(testpictures.Pixels(b, portraits.Smiling), 640.0/1137))
	for b.Loop() {
		detect(b, d, jpeg)
	}
}
