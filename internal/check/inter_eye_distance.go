package check

import (
	"math"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
)

// leastInterEye is ICAO's least distance between the eyes, in pixels.
const leastInterEye = 90

// interEyeDistance counts only pixels that the original has.
func interEyeDistance(in Input) Check {
	least := float64(leastInterEye)
	value := in.Plan.Head.InterEye / math.Max(1, in.Plan.Scale)
	r := reading{value: value, limits: Limits{Min: &least}, unit: Pixels}
	return r.check(InterEyeDistance, docspec.Baseline, map[Outcome]string{
		Pass: "The face has enough pixels.",
		Fail: "The face has too few pixels for a document. Go closer to the camera, or use the camera's full resolution, and take another picture.",
	}).at(in.around(in.eyePoints()))
}
