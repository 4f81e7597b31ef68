package pipeline

import (
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// Job is what the pipeline needs to know besides the picture itself. It names
// no person and no photo.
type Job struct {
	Spec    docspec.Spec  `json:"spec"`
	AgeBand photo.AgeBand `json:"age_band"`
	Format  photo.Format  `json:"format"`
}

// Result is what came of a picture: a photo with its report, or the reason why
// none can be made.
type Result struct {
	Reason  photo.Reason `json:"reason,omitempty"` // empty when there is a photo
	Picture []byte       `json:"-"`                // JPEG of the document's size
	Report  []byte       `json:"-"`                // check.Report as JSON
	Steps   []StepTime   `json:"steps"`            // in the order they ran
}

// StepTime is how long one step took.
type StepTime struct {
	Step photo.Step    `json:"step"`
	Took time.Duration `json:"took_ns"`
}
