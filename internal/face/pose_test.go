package face

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// turnedHead is a network's output for a flat head of some size that is turned by
// yaw, then pitch.
func turnedHead(yaw, pitch, size float64) []float32 {
	values := make([]float32, 3*LandmarkCount)
	for i, p := range map[int][2]float64{
		leftTemple: {1, 0}, rightTemple: {-1, 0}, leftOuter: {0.6, -0.2}, rightOuter: {-0.6, -0.2},
		forehead: {0, -1}, chin: {0, 1},
	} {
		x, z := p[0]*math.Cos(yaw), p[0]*math.Sin(yaw)
		y, z := p[1]*math.Cos(pitch)-z*math.Sin(pitch), p[1]*math.Sin(pitch)+z*math.Cos(pitch)
		values[3*i], values[3*i+1], values[3*i+2] = float32(96+size*x), float32(96+size*y), float32(size*z)
	}
	return values
}

func TestThePoseOfATurnedHeadIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		angle := rapid.Float64Range(-40, 40)
		yaw, pitch := angle.Draw(t, "yaw"), 0.0
		if rapid.Bool().Draw(t, "nods") {
			yaw, pitch = 0, angle.Draw(t, "pitch")
		}
		got := PoseFromNetwork(turnedHead(yaw*math.Pi/180, pitch*math.Pi/180, rapid.Float64Range(20, 90).Draw(t, "size")))
		if math.Abs(got.YawDeg-yaw) > 0.01 || math.Abs(got.PitchDeg-pitch) > 0.01 {
			t.Fatalf("yaw %.2f and pitch %.2f are read as %+v", yaw, pitch, got)
		}
	})
}
