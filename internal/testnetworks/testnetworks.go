// Package testnetworks makes small segmentation networks as ONNX files, which
// ONNX Runtime loads like any other: of any shape, and as the built-in one seen
// through another size or scale. Only tests import it.
package testnetworks

import (
	"slices"

	"github.com/passportphotogenie/passportphotogenie/models"
)

// Tensor is an input or output. A size of Open is left to whoever runs the
// network.
type Tensor struct {
	Name  string
	Type  Type
	Sizes []int64
}

// Open is a size that the network leaves open.
const Open = -1

// Type is what a tensor's elements are, by ONNX's numbers.
type Type int64

// The types that tests need.
const (
	Float Type = 1
	Byte  Type = 2
)

// Picture and Matte are the tensors of a usual network of one side.
func Picture(side int64) Tensor { return Tensor{"picture", Float, []int64{1, 3, side, side}} }

// Matte is what a usual network answers.
func Matte(side int64) Tensor { return Tensor{"matte", Float, []int64{1, 1, side, side}} }

// Brightness is a network whose first output is, for each pixel, the mean of the
// first input's planes, times by plus; the other outputs are zeros. It does
// nothing about shapes: a file may say what does not fit.
func Brightness(inputs, outputs []Tensor, by, plus float32) []byte {
	g := graph{inputs: inputs, outputs: outputs, numbers: [][]byte{
		floats("by", []int64{1, 1, 1, 1}, by), floats("plus", []int64{1, 1, 1, 1}, plus), floats("nothing", []int64{1, 1, 1, 1}, 0),
	}}
	g.nodes = [][]byte{
		node("Cast", []string{inputs[0].Name}, "numbers", integer("to", int64(Float))),
		node("ReduceMean", []string{"numbers"}, "mean", integers("axes", 1), integer("keepdims", 1)),
		node("Mul", []string{"mean", "by"}, "scaled"),
		node("Add", []string{"scaled", "plus"}, outputs[0].Name),
	}
	for _, o := range outputs[1:] {
		g.nodes = append(g.nodes, node("Mul", []string{"mean", "nothing"}, o.Name))
	}
	return model(g.fields())
}

// builtInSide is the side of the built-in network.
const builtInSide = 256

// Wrapped is the built-in network for pictures of another side and in another
// scale: what goes in is first reduced, multiplied by the deviations and added to
// the means, and what comes out is enlarged.
func Wrapped(side int64, mean, deviation [3]float32) []byte {
	var small, large = []int64{1, 3, builtInSide, builtInSide}, []int64{1, 1, side, side}
	perPlane := []int64{1, 3, 1, 1}
	g := graph{inputs: []Tensor{Picture(side)}, outputs: []Tensor{Matte(side)}, numbers: [][]byte{
		whole("small size", small...), whole("large size", large...),
		floats("mean", perPlane, mean[:]...), floats("deviation", perPlane, deviation[:]...),
	}}
	linear := [][]byte{text("mode", "linear"), text("coordinate_transformation_mode", "half_pixel")}
	before := [][]byte{
		node("Resize", []string{"picture", "", "", "small size"}, "small", linear...),
		node("Mul", []string{"small", "deviation"}, "product"),
		node("Add", []string{"product", "mean"}, "image"), // the built-in network's input
	}
	after := node("Resize", []string{"alpha", "", "", "large size"}, "matte", linear...)
	g.nodes = slices.Concat(before, nodesOf(models.SelfieSegmentation), [][]byte{after})
	g.numbers = append(g.numbers, numbersOf(models.SelfieSegmentation)...)
	return model(g.fields())
}
