package face

import "math"

// Pose is how the head is turned out of the picture's plane, in degrees, with the
// signs of ISO/IEC 19794-5: a positive yaw looks to the person's left, a positive
// pitch looks down. It is read from the depth that the landmark network guesses
// for its points, which is good to a few degrees near the front and less beyond
// some thirty.
type Pose struct{ YawDeg, PitchDeg float64 }

// depth is a point of the network's output in the view's pixels, deeper away
// from the camera.
type depth struct{ x, y, z float64 }

// PoseFromNetwork reads the pose from the same output as FromNetwork, which must
// have accepted it. The view stands level with the eyes, so that the axes of the
// view are those of the head but for the turns that are looked for.
func PoseFromNetwork(values []float32) Pose {
	at := func(i int) depth {
		return depth{float64(values[3*i]), float64(values[3*i+1]), float64(values[3*i+2])}
	}
	// Yaw: from side to side, at the temples and at the eyes' outer corners.
	across := at(leftTemple).minus(at(rightTemple)).plus(at(leftOuter).minus(at(rightOuter)))
	// Pitch: from the forehead to the chin, which lie one below the other on an
	// upright head.
	down := at(chin).minus(at(forehead))
	return Pose{YawDeg: degrees(across.z, across.x), PitchDeg: degrees(down.z, down.y)}
}

func degrees(deep, along float64) float64 { return math.Atan2(deep, along) * 180 / math.Pi }

func (d depth) minus(e depth) depth { return depth{d.x - e.x, d.y - e.y, d.z - e.z} }

func (d depth) plus(e depth) depth { return depth{d.x + e.x, d.y + e.y, d.z + e.z} }
