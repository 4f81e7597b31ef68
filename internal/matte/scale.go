package matte

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Scale is how the numbers of a network are meant: those that it takes, and
// those that it answers. docs/matting.md says where each is taken from.
type Scale struct {
	name string
	// A colour value from 0 to 1 is given as (value - mean) / deviation: for red,
	// green and blue.
	mean, deviation [3]float32
	// stretched: of the answer only the order counts; its least value means
	// background, its greatest the person.
	stretched bool
}

// Unit is the scale of a network that takes and answers what Network says.
func Unit() Scale {
	return Scale{name: "unit", deviation: [3]float32{1, 1, 1}}
}

func scales() []Scale {
	return []Scale{
		Unit(),
		{name: "modnet", mean: [3]float32{0.5, 0.5, 0.5}, deviation: [3]float32{0.5, 0.5, 0.5}},
		{name: "u2net", mean: [3]float32{0.485, 0.456, 0.406}, deviation: [3]float32{0.229, 0.224, 0.225}, stretched: true},
		{name: "isnet", mean: [3]float32{0.5, 0.5, 0.5}, deviation: [3]float32{1, 1, 1}, stretched: true},
	}
}

// ScaleNamed finds a scale by the word that an operator writes.
func ScaleNamed(name string) (Scale, error) {
	all := scales()
	if i := slices.IndexFunc(all, func(s Scale) bool { return s.name == name }); i >= 0 {
		return all[i], nil
	}
	var names []string
	for _, s := range all {
		names = append(names, s.name)
	}
	return Scale{}, fmt.Errorf("%q is none of: %s", name, strings.Join(names, ", "))
}

// Give turns colour values from 0 to 1, plane by plane, into the network's
// numbers, in place.
func (s Scale) Give(planes []float32) {
	n := len(planes) / 3
	for c := range 3 {
		plane, mean, deviation := planes[c*n:(c+1)*n], s.mean[c], s.deviation[c]
		if mean == 0 && deviation == 1 {
			continue
		}
		for i, v := range plane {
			plane[i] = (v - mean) / deviation
		}
	}
}

// overshoot is how far beyond 0 and 1 an answer may lie without being doubted:
// networks that enlarge their answer smoothly do that at edges.
const overshoot = 0.1

// Take turns the network's answer into shares of the person from 0 to 1, in
// place. An answer that cannot be meant in this scale is an error.
func (s Scale) Take(answer []float32) error {
	least, most, err := extremes(answer)
	if err != nil {
		return err
	}
	if s.stretched && most > least {
		for i, v := range answer {
			answer[i] = (v - least) / (most - least)
		}
		return nil
	}
	if least < -overshoot || most > 1+overshoot {
		return fmt.Errorf("an answer from %.3g to %.3g, which should be from 0 to 1", least, most)
	}
	if least < 0 || most > 1 {
		for i, v := range answer {
			answer[i] = min(max(v, 0), 1)
		}
	}
	return nil
}

// extremes are the least and the greatest of the values, all of which must be
// finite.
func extremes(values []float32) (least, most float32, err error) {
	least, most = math.MaxFloat32, -math.MaxFloat32
	for _, v := range values {
		if !(v >= -math.MaxFloat32 && v <= math.MaxFloat32) {
			return 0, 0, fmt.Errorf("an answer with %v in it", v)
		}
		if v < least {
			least = v
		}
		if v > most {
			most = v
		}
	}
	return least, most, nil
}
