package testnetworks

import (
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// The fields of ONNX's messages that are written here, by the numbers that
// onnx.proto gives them.
const (
	modelVersion, modelGraph, modelOperators = 1, 7, 8
	operatorsVersion                         = 2

	graphNode, graphName, graphNumbers, graphInput, graphOutput = 1, 2, 5, 11, 12

	nodeInput, nodeOutput, nodeOperator, nodeAttribute = 1, 2, 4, 5

	attributeName, attributeInteger, attributeText, attributeIntegers, attributeType = 1, 3, 4, 8, 20
	isInteger, isText, isIntegers                                                    = 2, 3, 7

	numbersSize, numbersType, numbersFloat, numbersInteger, numbersName = 1, 2, 4, 7, 8
	integerType                                                         = 7

	valueName, valueType             = 1, 2
	typeTensor                       = 1
	tensorType, tensorShape          = 1, 2
	shapeSize, sizeValue, sizeSymbol = 1, 1, 2
)

// graph is a network in parts; nodes and numbers are encoded.
type graph struct {
	nodes, numbers  [][]byte
	inputs, outputs []Tensor
}

func (g *graph) fields() []byte {
	b := field(nil, graphName, []byte("test"))
	for _, n := range g.nodes {
		b = field(b, graphNode, n)
	}
	for _, n := range g.numbers {
		b = field(b, graphNumbers, n)
	}
	for _, t := range g.inputs {
		b = field(b, graphInput, t.value())
	}
	for _, t := range g.outputs {
		b = field(b, graphOutput, t.value())
	}
	return b
}

// model is a file of operators as of version 17, which the built-in network has.
func model(graph []byte) []byte {
	b := number(nil, modelVersion, 8)
	b = field(b, modelGraph, graph)
	return field(b, modelOperators, number(nil, operatorsVersion, 17))
}

func (t Tensor) value() []byte {
	var shape []byte
	for i, s := range t.Sizes {
		size := number(nil, sizeValue, s)
		if s == Open {
			size = field(nil, sizeSymbol, []byte{byte('a' + i)})
		}
		shape = field(shape, shapeSize, size)
	}
	tensor := field(number(nil, tensorType, int64(t.Type)), tensorShape, shape)
	return field(field(nil, valueName, []byte(t.Name)), valueType, field(nil, typeTensor, tensor))
}

func node(operator string, inputs []string, output string, attributes ...[]byte) []byte {
	var b []byte
	for _, in := range inputs {
		b = field(b, nodeInput, []byte(in))
	}
	b = field(b, nodeOutput, []byte(output))
	b = field(b, nodeOperator, []byte(operator))
	for _, a := range attributes {
		b = field(b, nodeAttribute, a)
	}
	return b
}

func integer(name string, v int64) []byte {
	return number(number(field(nil, attributeName, []byte(name)), attributeInteger, v), attributeType, isInteger)
}

func integers(name string, v int64) []byte {
	return number(number(field(nil, attributeName, []byte(name)), attributeIntegers, v), attributeType, isIntegers)
}

func text(name, v string) []byte {
	return number(field(field(nil, attributeName, []byte(name)), attributeText, []byte(v)), attributeType, isText)
}

// floats are constant numbers of a network.
func floats(name string, sizes []int64, values ...float32) []byte {
	var b, packed []byte
	for _, s := range sizes {
		b = number(b, numbersSize, s)
	}
	for _, v := range values {
		packed = protowire.AppendFixed32(packed, math.Float32bits(v))
	}
	b = field(number(b, numbersType, int64(Float)), numbersFloat, packed)
	return field(b, numbersName, []byte(name))
}

// whole are constant integers, in a row.
func whole(name string, values ...int64) []byte {
	b := number(nil, numbersSize, int64(len(values)))
	b = number(b, numbersType, integerType)
	for _, v := range values {
		b = number(b, numbersInteger, v)
	}
	return field(b, numbersName, []byte(name))
}

// nodesOf are the nodes of a file, numbersOf its constants.
func nodesOf(file []byte) [][]byte { return all(all(file, modelGraph)[0], graphNode) }

func numbersOf(file []byte) [][]byte { return all(all(file, modelGraph)[0], graphNumbers) }

// all are the values of every field of that number in a message.
func all(message []byte, number protowire.Number) (values [][]byte) {
	for len(message) > 0 {
		n, kind, length := protowire.ConsumeTag(message)
		value := message[length:]
		if n == number {
			v, _ := protowire.ConsumeBytes(value)
			values = append(values, v)
		}
		message = value[protowire.ConsumeFieldValue(n, kind, value):]
	}
	return values
}

func field(b []byte, n protowire.Number, value []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(b, n, protowire.BytesType), value)
}

func number(b []byte, n protowire.Number, value int64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(b, n, protowire.VarintType), uint64(value)) // #nosec G115 -- two's complement is how protobuf has it
}
