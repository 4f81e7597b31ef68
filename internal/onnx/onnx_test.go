package onnx_test

import (
	"errors"
	"image"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/image/draw"
	"golang.org/x/image/math/f64"

	"github.com/passportphotogenie/passportphotogenie/internal/geom"
	"github.com/passportphotogenie/passportphotogenie/internal/onnx"
	"github.com/passportphotogenie/passportphotogenie/internal/testpictures"
	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

func open(t testing.TB) *onnx.Networks {
	t.Helper()
	n, err := onnx.Open(library(), onnx.BuiltIn())
	if err != nil {
		t.Fatal(err)
	}
	closeAfter(t, n)
	return n
}

func library() string {
	dir := os.Getenv("MODELS_DIR")
	if dir == "" {
		dir = filepath.Join("..", "..", ".deps", "models")
	}
	return filepath.Join(dir, "libonnxruntime.so.1.32.0")
}

func closeAfter(t testing.TB, n *onnx.Networks) {
	t.Cleanup(func() {
		if err := n.Close(); err != nil {
			t.Error(err)
		}
	})
}

// view is a level square of size pixels around the face, side inter-eye
// distances wide; toView maps the portrait into it.
func view(t testing.TB, name portraits.Name, side float64, size int) (planes []float32, toView geom.Similarity) {
	t.Helper()
	seen, err := name.Points()
	if err != nil {
		t.Fatal(err)
	}
	across := seen.LeftEye.Sub(seen.RightEye)
	centre := geom.Mid(seen.RightEye, seen.LeftEye).Add(geom.Point{X: -across.Y, Y: across.X}.Times(0.5))
	turn := geom.Turn(centre, -across.Angle(), float64(size)/(side*across.Length()))
	toView = turn.Then(geom.Similarity{A: 1, X: float64(size)/2 - centre.X, Y: float64(size)/2 - centre.Y})

	img := image.NewRGBA(image.Rect(0, 0, size, size))
	portrait := testpictures.Pixels(t, name)
	m := f64.Aff3{toView.A, -toView.B, toView.X, toView.B, toView.A, toView.Y}
	draw.BiLinear.Transform(img, m, portrait, portrait.Rect, draw.Src, nil)
	planes = make([]float32, 3*size*size)
	for i := range size * size {
		for c := range 3 {
			planes[c*size*size+i] = float32(img.Pix[4*i+c]) / 255
		}
	}
	return planes, toView
}

func TestTheLandmarksAreWhereAPersonSeesThem(t *testing.T) {
	n := open(t)
	for _, name := range portraits.All() {
		t.Run(string(name), func(t *testing.T) {
			seen, err := name.Points()
			if err != nil {
				t.Fatal(err)
			}
			planes, toView := view(t, name, 4.1, 192)
			points, presence, err := n.Landmarks(planes)
			if err != nil {
				t.Fatal(err)
			}
			if presence <= 0 {
				t.Errorf("presence %.1f: no face", presence)
			}
			at := func(i int) geom.Point { return geom.Point{X: float64(points[3*i]), Y: float64(points[3*i+1])} }
			near := 5 + seen.Uncertainty*toView.Scale()
			for _, c := range []struct {
				name      string
				got, want geom.Point
			}{
				{"right eye", geom.Mid(at(33), at(133)), toView.Apply(seen.RightEye)},
				{"left eye", geom.Mid(at(362), at(263)), toView.Apply(seen.LeftEye)},
				{"chin", at(152), toView.Apply(seen.Chin)},
			} {
				if d := c.got.Sub(c.want).Length(); d > near {
					t.Errorf("%s is %.1f view pixels off, want at most %.1f", c.name, d, near)
				}
			}
		})
	}
}

func TestAViewWithoutAFaceIsKnownAsSuch(t *testing.T) {
	_, presence, err := open(t).Landmarks(make([]float32, 3*192*192))
	if err != nil {
		t.Fatal(err)
	}
	if presence > 0 {
		t.Errorf("presence %.1f in the dark", presence)
	}
}

func TestTheMatteTellsThePersonFromTheWall(t *testing.T) {
	const size = 256
	planes, toView := view(t, portraits.Smiling, 7, size)
	alpha, err := open(t).Matte(planes)
	if err != nil {
		t.Fatal(err)
	}
	seen, err := portraits.Smiling.Points()
	if err != nil {
		t.Fatal(err)
	}
	at := func(p geom.Point) float32 { return alpha[int(p.Y)*size+int(p.X)] }
	for name, p := range map[string]geom.Point{"right eye": seen.RightEye, "left eye": seen.LeftEye, "nose": {X: 494, Y: 270}} {
		if a := at(toView.Apply(p)); a < 0.9 {
			t.Errorf("%s: %.2f person", name, a)
		}
	}
	for _, corner := range []geom.Point{{X: 8, Y: 8}, {X: size - 9, Y: 8}} {
		if a := at(corner); a > 0.1 {
			t.Errorf("upper corner %v: %.2f person", corner, a)
		}
	}
	for _, a := range alpha {
		if math.IsNaN(float64(a)) || a < 0 || a > 1 {
			t.Fatalf("the matte holds %v", a)
		}
	}
}

func TestRunningAgainGivesTheSameNumbers(t *testing.T) {
	n := open(t)
	planes, _ := view(t, portraits.Smiling, 4.1, 192)
	first, _, err := n.Landmarks(planes)
	if err != nil {
		t.Fatal(err)
	}
	kept := append([]float32(nil), first...)
	if _, _, err := n.Landmarks(make([]float32, len(planes))); err != nil {
		t.Fatal(err)
	}
	again, _, err := n.Landmarks(planes)
	if err != nil {
		t.Fatal(err)
	}
	for i := range kept {
		if kept[i] != again[i] {
			t.Fatalf("value %d: %v, then %v", i, kept[i], again[i])
		}
	}
}

func TestAViewOfTheWrongSizeIsAnError(t *testing.T) {
	n := open(t)
	if _, _, err := n.Landmarks(make([]float32, 3*256*256)); err == nil {
		t.Error("landmarks of a view for the matte")
	}
	if _, err := n.Matte(make([]float32, 7)); err == nil {
		t.Error("a matte of seven values")
	}
}

func TestAMissingLibraryIsNamed(t *testing.T) {
	_, err := onnx.Open(filepath.Join(t.TempDir(), "libonnxruntime.so"), onnx.BuiltIn())
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "make deps") {
		t.Errorf("error %v", err)
	}
}

func TestAClosedRuntimeCanBeOpenedAgain(t *testing.T) {
	for range 2 {
		t.Run("open", func(t *testing.T) { open(t) })
	}
}

func BenchmarkLandmarks(b *testing.B) {
	n := open(b)
	planes, _ := view(b, portraits.Smiling, 4.1, 192)
	for b.Loop() {
		if _, _, err := n.Landmarks(planes); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMatte(b *testing.B) {
	n := open(b)
	planes, _ := view(b, portraits.Smiling, 7, 256)
	for b.Loop() {
		if _, err := n.Matte(planes); err != nil {
			b.Fatal(err)
		}
	}
}
