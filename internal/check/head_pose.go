package check

import (
	"math"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
)

// How far the head may be turned: ISO/IEC 39794-5 asks for 5 degrees of yaw and
// pitch and 8 of roll. The landmarks' depth is good to some 4 degrees, so that less
// than 1 degree can't be told from 5; the upright of a head even less: a low or high
// camera and the shape of a face count as pitch.
var (
	mostYaw   = most(8, 3)
	mostPitch = most(16, 4)
	mostRoll  = most(8, 1)
)

func headPoseYaw(in Input) Check {
	return mostYaw.reading(math.Abs(in.Pose.YawDeg), Degrees).check(HeadPoseYaw, docspec.Baseline, map[Outcome]string{
		Pass: "The head faces the camera.",
		Warn: "The head may be turned to the side. Both ears should be seen alike.",
		Fail: "The head is turned to the side. Face the camera, and take another picture.",
	}).at(in.around(in.facePoints()))
}

func headPosePitch(in Input) Check {
	return mostPitch.reading(math.Abs(in.Pose.PitchDeg), Degrees).check(HeadPosePitch, docspec.Baseline, map[Outcome]string{
		Pass: "The head is held straight, neither up nor down.",
		Warn: "The chin may be raised or lowered. Hold the camera at the height of the eyes.",
		Fail: "The chin is raised or lowered. Hold the camera at the height of the eyes, look straight ahead, and take another picture.",
	}).at(in.around(in.facePoints()))
}

// headPoseRoll tells of the head as it was photographed; the photo is levelled.
func headPoseRoll(in Input) Check {
	c := mostRoll.reading(math.Abs(in.Traits.Roll), Degrees).check(HeadPoseRoll, docspec.Baseline, map[Outcome]string{
		Pass: "The head was held level.",
		Warn: "The head was tilted, and we levelled the eyes. The shoulders now stand askew.",
	})
	if c.Outcome == Fail {
		c.Outcome = Warn
		c.Advice = "The head was tilted a good deal, and we levelled the eyes. If the shoulders look askew, hold the head upright and take another picture."
	}
	return c.at(in.across(in.eyesFromTop()))
}
