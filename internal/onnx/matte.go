package onnx

import (
	"errors"
	"fmt"

	ort "github.com/yalue/onnxruntime_go"

	"github.com/passportphotogenie/passportphotogenie/internal/matte"
	"github.com/passportphotogenie/passportphotogenie/models"
)

// MatteModel is a segmentation network as its file has it, and how its numbers
// are meant. It takes the red, green and blue planes of a square picture; what
// it answers first is the matte, of the same size.
type MatteModel struct {
	Name  string // for errors
	File  []byte
	Scale matte.Scale
}

// BuiltIn is the segmentation network that the binary carries.
func BuiltIn() MatteModel {
	return MatteModel{"the built-in segmentation network", models.SelfieSegmentation, matte.Unit()}
}

// freeSide is the side for a network that leaves it open: what MODNet was trained
// at, and a multiple of 32, as networks want that halve their input five times.
const freeSide = 512

// matteNetwork is a network that says how much of each pixel is person.
type matteNetwork struct {
	*network
	side  int
	scale matte.Scale
}

// loadMatte loads a segmentation network and tries it on a black picture, so that
// a file of another kind is known before there is a photo to spoil.
func loadMatte(model MatteModel) (*matteNetwork, error) {
	inputs, outputs, err := ort.GetInputOutputInfoWithONNXData(model.File)
	if err != nil {
		return nil, fmt.Errorf("not a network that can be read: %w", err)
	}
	side, err := squareSide(inputs, outputs)
	if err != nil {
		return nil, err
	}
	s := int64(side)
	n, err := load(model.File, tensor{inputs[0].Name, ort.NewShape(1, 3, s, s)}, tensor{outputs[0].Name, ort.NewShape(1, 1, s, s)})
	if err != nil {
		return nil, err
	}
	m := &matteNetwork{n, side, model.Scale}
	if _, err := m.ask(make([]float32, 3*side*side)); err != nil {
		return nil, errors.Join(fmt.Errorf("tried on a black picture: %w", err), m.close())
	}
	return m, nil
}

// ask is the network's answer in shares of the person, in the output's memory.
func (m *matteNetwork) ask(planes []float32) ([]float32, error) {
	if err := m.give(planes); err != nil {
		return nil, err
	}
	m.scale.Give(m.input.GetData())
	outputs, err := m.compute()
	if err != nil {
		return nil, err
	}
	return outputs[0], m.scale.Take(outputs[0])
}

func (m *matteNetwork) close() error {
	if m == nil {
		return nil
	}
	return m.network.close()
}

// squareSide is the side of the pictures that go in and of the matte that comes
// out first.
func squareSide(inputs, outputs []ort.InputOutputInfo) (int, error) {
	if len(inputs) != 1 || len(outputs) == 0 {
		return 0, fmt.Errorf("it has %d inputs and %d outputs, and should take one picture and answer a matte", len(inputs), len(outputs))
	}
	in, out := &inputs[0], &outputs[0]
	if !isSquare(in, 3) {
		return 0, fmt.Errorf("it takes %s, and should take floats of 1 x 3 x side x side", in)
	}
	if !isSquare(out, 1) {
		return 0, fmt.Errorf("it answers %s first, and should answer floats of 1 x 1 x side x side", out)
	}
	sides := append(in.Dimensions[2:4:4], out.Dimensions[2:]...)
	side := int64(open)
	for _, s := range sides {
		if s != open && side != open && s != side {
			return 0, fmt.Errorf("it takes %s and answers %s, whose sides differ", in, out)
		}
		side = max(side, s)
	}
	if side == open {
		side = freeSide
	}
	if side > matte.MaxSide {
		return 0, fmt.Errorf("its side is %d, and may be %d at most", side, matte.MaxSide)
	}
	return int(side), nil
}

// open is the size that a network leaves to whoever runs it.
const open = -1

// isSquare reports whether a tensor can hold one picture of so many planes. How
// its sides compare is not its business.
func isSquare(t *ort.InputOutputInfo, planes int64) bool {
	d := t.Dimensions
	return t.OrtValueType == ort.ONNXTypeTensor && t.DataType == ort.TensorElementDataTypeFloat && len(d) == 4 &&
		(d[0] == 1 || d[0] == open) && (d[1] == planes || d[1] == open) && (d[2] == open || d[2] > 0) && (d[3] == open || d[3] > 0)
}
