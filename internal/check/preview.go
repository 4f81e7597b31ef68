package check

import "slices"

// AssessPreview judges a small picture of which no photo is made, before it is taken or
// sent: where the head is and how it is held, the face and its light, and what is
// behind. How sharp the photo will be is the camera's matter, and nobody is asked
// anything. The report has no verdict, for much is not judged, and its summary says
// what to change now, in the order of the checks; it is empty when there is nothing
// to change.
func AssessPreview(in Input) Report {
	r := Report{Version: Version, Document: in.Spec.ID, Alteration: in.Spec.Alteration.Value, Questions: []Question{}}
	for _, judge := range slices.Concat([]func(Input) Check{singleFacePresent, headHeight, eyeLine, headCentred, spaceAbove}, faceJudges(), backgroundJudges()) {
		c := judge(in)
		c.Place = nil // there is no photo to look at
		r.Checks = append(r.Checks, c)
	}
	if in.Spec.Uncropped() {
		uncropped(r.Checks)
	}
	for _, bad := range []Outcome{Fail, Warn} {
		for _, c := range r.Checks {
			if c.Outcome == bad && c.Binding {
				r.Summary = append(r.Summary, c.Advice)
			}
		}
	}
	return r
}
