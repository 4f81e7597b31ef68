package check

import (
	"math"
	"slices"
)

// judges are the checks of a finished photo, in the order of a report.
func judges() []func(Input) Check {
	return slices.Concat([]func(Input) Check{singleFacePresent}, framingJudges(), originalJudges(),
		[]func(Input) Check{photoSize, fileSize, resolutionGained}, backgroundJudges(), []func(Input) Check{digitalAlteration})
}

// framingJudges look at where the head stands.
func framingJudges() []func(Input) Check {
	return []func(Input) Check{headHeight, eyeLine, headCentred, spaceAbove, headSize, leftwardCrop, rightwardCrop, marginAbove, marginBelow}
}

// originalJudges look at what only another picture can mend.
func originalJudges() []func(Input) Check {
	return append(faceJudges(), sharpness, noise, interEyeDistance, compressionArtifacts,
		glassesPresent, hairOverEyes, noHeadCoverings, photoAge)
}

// faceJudges are those of the original that a small copy of it serves as well.
func faceJudges() []func(Input) Check {
	return []func(Input) Check{
		headPoseYaw, headPosePitch, headPoseRoll, eyesOpen, gaze, redEyes, mouthClosed, expressionNeutrality,
		illuminationUniformity, luminanceMean, luminanceVariance, underExposure, overExposure, dynamicRange, naturalColour,
	}
}

// backgroundJudges look at what is behind the person.
func backgroundJudges() []func(Input) Check {
	return []func(Input) Check{backgroundColour, backgroundUniformity, backgroundShadow}
}

// Assess judges a finished photo and sums up.
func Assess(in Input) Report {
	r := Report{
		Version: Version, Document: in.Spec.ID, Alteration: in.Spec.Alteration.Value,
		Formatting: Formatting{
			TurnedDeg:          round(in.Plan.Turn * 180 / math.Pi),
			ScalePercent:       round(in.Plan.Scale * 100),
			MoveCut:            in.MoveCut,
			BackgroundReplaced: in.Photo.Replaced,
			LightChanged:       in.Settings.Light(),
		},
		Size:   Size{in.mm(float64(in.Plan.Width)), in.mm(float64(in.Plan.Height)), in.Photo.Width, in.Photo.Height},
		Guides: guides(in), Questions: []Question{},
	}
	for _, judge := range judges() {
		r.Checks = append(r.Checks, judge(in))
	}
	if in.Spec.Uncropped() {
		uncropped(r.Checks)
	}
	r.Questions = questions(in, r.Checks)
	r.Verdict, r.Summary = sumUp(in, r.Checks)
	return r
}

func guides(in Input) Guides {
	h := in.Plan.Head
	return Guides{
		HairTop: round(float64(h.AboveHair)), SkullTop: round(float64(h.AboveSkull)),
		EyeLine: round(float64(in.eyesFromTop())), Chin: round(float64(h.AboveHair + h.HeightHair)),
		Middle: round(float64(h.Middle)),
	}
}

// uncropped takes the judgement from every check of the head's place: the office
// crops by itself, so where the head stands in this file says nothing.
func uncropped(checks []Check) {
	for i, c := range checks {
		switch c.Name {
		case HeadHeight, EyeLine, HeadCentred, SpaceAbove, HeadSize, LeftwardCrop, RightwardCrop, MarginAbove, MarginBelow:
			checks[i] = Check{Name: c.Name, Stage: Finished, Outcome: NotAssessed, Unit: c.Unit,
				Advice: "The office wants the picture uncropped and crops it by itself, so this was not judged."}
		}
	}
}
