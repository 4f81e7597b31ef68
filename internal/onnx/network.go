package onnx

import (
	"errors"
	"fmt"
	"runtime"

	ort "github.com/yalue/onnxruntime_go"
)

// tensor is an input or output of a network by the name in its file.
type tensor struct {
	name  string
	shape ort.Shape
}

// network is a session bound to tensors that live as long as it does.
type network struct {
	session *ort.AdvancedSession
	input   *ort.Tensor[float32]
	outputs []*ort.Tensor[float32]
	memory  runtime.Pinner // of the tensors: ONNX Runtime keeps their addresses
}

func load(model []byte, in tensor, out ...tensor) (n *network, err error) {
	n = &network{}
	defer func() {
		if err != nil {
			err = errors.Join(err, n.close())
			n = nil
		}
	}()
	if n.input, err = n.tensor(in.shape); err != nil {
		return n, err
	}
	var names []string
	var values []ort.Value
	for _, o := range out {
		t, err := n.tensor(o.shape)
		if err != nil {
			return n, err
		}
		n.outputs = append(n.outputs, t)
		names, values = append(names, o.name), append(values, t)
	}
	options, err := sessionOptions()
	if err != nil {
		return n, err
	}
	n.session, err = ort.NewAdvancedSessionWithONNXData(model, []string{in.name}, names, []ort.Value{n.input}, values, options)
	return n, errors.Join(err, options.Destroy())
}

func (n *network) tensor(shape ort.Shape) (*ort.Tensor[float32], error) {
	values := make([]float32, shape.FlattenedSize())
	n.memory.Pin(&values[0])
	return ort.NewTensor(shape, values)
}

// sessionOptions asks for one thread: the calling one.
func sessionOptions() (*ort.SessionOptions, error) {
	o, err := ort.NewSessionOptions()
	if err != nil {
		return nil, err
	}
	err = errors.Join(
		o.SetIntraOpNumThreads(1),
		o.SetInterOpNumThreads(1),
		o.SetExecutionMode(ort.ExecutionModeSequential),
		o.AddSessionConfigEntry("session.intra_op.allow_spinning", "0"),
		o.SetCpuMemArena(false), // an arena keeps what the largest run needed
	)
	if err != nil {
		return nil, errors.Join(err, o.Destroy())
	}
	return o, nil
}

// run copies the planes in and returns the outputs' own memory.
func (n *network) run(planes []float32) ([][]float32, error) {
	if err := n.give(planes); err != nil {
		return nil, err
	}
	return n.compute()
}

// give copies the planes into the input.
func (n *network) give(planes []float32) error {
	into := n.input.GetData()
	if len(planes) != len(into) {
		return fmt.Errorf("%d values instead of %d", len(planes), len(into))
	}
	copy(into, planes)
	return nil
}

// compute runs the network on its input.
func (n *network) compute() ([][]float32, error) {
	if err := n.session.Run(); err != nil {
		return nil, err
	}
	outputs := make([][]float32, len(n.outputs))
	for i, o := range n.outputs {
		outputs[i] = o.GetData()
	}
	return outputs, nil
}

// close frees what load got as far as making.
func (n *network) close() error {
	if n == nil {
		return nil
	}
	var err error
	if n.session != nil {
		err = n.session.Destroy()
	}
	if n.input != nil {
		err = errors.Join(err, n.input.Destroy())
	}
	for _, o := range n.outputs {
		err = errors.Join(err, o.Destroy())
	}
	n.memory.Unpin()
	return err
}
