package onnx_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/matte"
	"github.com/passportphotogenie/passportphotogenie/internal/onnx"
	"github.com/passportphotogenie/passportphotogenie/internal/testnetworks"
	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

type tensors = []testnetworks.Tensor

// openModel opens the networks with a segmentation network of the test's own.
func openModel(t *testing.T, file []byte, scale string) *onnx.Networks {
	t.Helper()
	s, err := matte.ScaleNamed(scale)
	if err != nil {
		t.Fatal(err)
	}
	n, err := onnx.Open(library(), onnx.MatteModel{Name: "the test's network", File: file, Scale: s})
	if err != nil {
		t.Fatal(err)
	}
	closeAfter(t, n)
	return n
}

// brightness answers with the mean of the planes that it is given.
func brightness(side int64) []byte {
	return testnetworks.Brightness(tensors{testnetworks.Picture(side)}, tensors{testnetworks.Matte(side)}, 1, 0)
}

func TestANetworkTellsItsOwnSize(t *testing.T) {
	openBatch := func(tensor testnetworks.Tensor) testnetworks.Tensor {
		tensor.Sizes[0] = testnetworks.Open
		return tensor
	}
	for _, tt := range []struct {
		name string
		file []byte
		want int
	}{
		{"the built-in one", onnx.BuiltIn().File, 256},
		{"320", brightness(320), 320},
		{"1024", brightness(1024), 1024},
		{"open", brightness(testnetworks.Open), 512},
		{"open in the number of pictures too", testnetworks.Brightness(
			tensors{openBatch(testnetworks.Picture(testnetworks.Open))}, tensors{openBatch(testnetworks.Matte(testnetworks.Open))}, 1, 0), 512},
		{"open on one side", testnetworks.Brightness(
			tensors{{Name: "picture", Type: testnetworks.Float, Sizes: []int64{1, 3, testnetworks.Open, 384}}},
			tensors{testnetworks.Matte(testnetworks.Open)}, 1, 0), 384},
		{"several outputs, of which the first counts", testnetworks.Brightness(
			tensors{testnetworks.Picture(320)},
			tensors{testnetworks.Matte(320), {Name: "second", Type: testnetworks.Float, Sizes: []int64{1, 1, 320, 320}}}, 1, 0), 320},
	} {
		t.Run(tt.name, func(t *testing.T) {
			n := openModel(t, tt.file, "unit")
			if n.MatteSide() != tt.want {
				t.Fatalf("its side is %d, want %d", n.MatteSide(), tt.want)
			}
			cells := tt.want * tt.want
			planes := make([]float32, 3*cells)
			for i := range cells {
				planes[i] = 0.75 // red
			}
			alpha, err := n.Matte(planes)
			if err != nil || len(alpha) != cells {
				t.Fatalf("%d values: %v", len(alpha), err)
			}
			if tt.name != "the built-in one" && (alpha[0] != 0.25 || alpha[cells-1] != 0.25) {
				t.Errorf("the mean of red 0.75 and nothing is %v and %v", alpha[0], alpha[cells-1])
			}
		})
	}
}

func TestAFileThatIsNoSegmentationNetworkIsRefusedInWords(t *testing.T) {
	picture, alpha := testnetworks.Picture(320), testnetworks.Matte(320)
	sized := func(sizes ...int64) testnetworks.Tensor {
		return testnetworks.Tensor{Name: "picture", Type: testnetworks.Float, Sizes: sizes}
	}
	for _, tt := range []struct {
		name string
		file []byte
		want string
	}{
		{"an empty file", nil, "not a network that can be read"},
		{"another file", []byte("%PDF-1.7"), "not a network that can be read"},
		{"a part of a network", onnx.BuiltIn().File[:200_000], "not a network that can be read"},
		{"two inputs", testnetworks.Brightness(tensors{picture, {Name: "other", Type: testnetworks.Float, Sizes: []int64{1}}}, tensors{alpha}, 1, 0), "2 inputs"},
		{"a grey picture", testnetworks.Brightness(tensors{sized(1, 1, 320, 320)}, tensors{alpha}, 1, 0), "1 x 3 x side x side"},
		{"two pictures", testnetworks.Brightness(tensors{sized(2, 3, 320, 320)}, tensors{{Name: "matte", Type: testnetworks.Float, Sizes: []int64{2, 1, 320, 320}}}, 1, 0), "1 x 3 x side x side"},
		{"bytes", testnetworks.Brightness(tensors{{Name: "picture", Type: testnetworks.Byte, Sizes: picture.Sizes}}, tensors{alpha}, 1, 0), "floats"},
		{"no square", testnetworks.Brightness(tensors{sized(1, 3, 320, 384)}, tensors{{Name: "matte", Type: testnetworks.Float, Sizes: []int64{1, 1, 320, 384}}}, 1, 0), "sides differ"},
		{"too large", brightness(2048), "1024 at most"},
		{"logits", testnetworks.Brightness(tensors{picture}, tensors{alpha}, 10, -5), "should be from 0 to 1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := onnx.Open(library(), onnx.MatteModel{Name: "the test's network", File: tt.file, Scale: matte.Unit()})
			if err == nil || !strings.Contains(err.Error(), "the test's network") || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("the error is: %v", err)
			}
		})
	}
}

func TestTheScaleOfANetworkIsUndoneAroundIt(t *testing.T) {
	planes, _ := view(t, portraits.Smiling, 7, 256)
	given := slices.Clone(planes)
	var want []float32
	t.Run("unit", func(t *testing.T) { want = slices.Clone(matteOf(t, open(t), planes)) })
	for name, file := range map[string][]byte{
		"modnet": testnetworks.Wrapped(256, [3]float32{0.5, 0.5, 0.5}, [3]float32{0.5, 0.5, 0.5}),
		"isnet":  testnetworks.Wrapped(256, [3]float32{0.5, 0.5, 0.5}, [3]float32{1, 1, 1}),
		"u2net":  testnetworks.Wrapped(256, [3]float32{0.485, 0.456, 0.406}, [3]float32{0.229, 0.224, 0.225}),
	} {
		t.Run(name, func(t *testing.T) {
			got := matteOf(t, openModel(t, file, name), planes)
			if !slices.Equal(planes, given) {
				t.Error("the caller's planes were changed")
			}
			for i := range want {
				if math.Abs(float64(got[i]-want[i])) > 0.005 { // stretching moves it a little
					t.Fatalf("cell %d: %.4f, of the built-in network %.4f", i, got[i], want[i])
				}
			}
		})
	}
}

func matteOf(t *testing.T, n *onnx.Networks, planes []float32) []float32 {
	t.Helper()
	alpha, err := n.Matte(planes)
	if err != nil {
		t.Fatal(err)
	}
	return alpha
}
