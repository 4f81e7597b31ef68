package photo

// Step names one step of making a photo, in the order of Steps. Progress events,
// metrics and the benchmark use the same words.
type Step string

// The steps of the pipeline.
const (
	StepDecode    Step = "decode"
	StepDetect    Step = "detect"
	StepLandmarks Step = "landmarks"
	StepMatte     Step = "matte"
	StepPlan      Step = "plan"
	StepRender    Step = "render"
	StepEncode    Step = "encode"
	StepCheck     Step = "check"
	StepStore     Step = "store"
)

// Steps lists them in order.
func Steps() []Step {
	return []Step{StepDecode, StepDetect, StepLandmarks, StepMatte, StepPlan, StepRender, StepEncode, StepCheck, StepStore}
}

// Event is one line of a photo's progress, as it travels from the worker to
// whoever watches. Step is empty when only the status changed.
type Event struct {
	Status   Status `json:"status"`
	Step     Step   `json:"step,omitempty"`
	Revision int    `json:"revision"`
}
