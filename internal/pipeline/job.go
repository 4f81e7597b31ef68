package pipeline

import (
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/edit"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// Job is what the pipeline needs to know besides the picture itself. It names
// no person and no photo.
type Job struct {
	Spec     docspec.Spec  `json:"spec"`
	AgeBand  photo.AgeBand `json:"age_band"`
	Format   photo.Format  `json:"format"` // of the original
	Settings edit.Settings `json:"settings"`
	// Preview: the picture is a small one that is only judged. The result is a
	// report, of what can be said without a finished photo.
	Preview bool `json:"preview,omitempty"`
}

// Material is what there is of a picture: the file itself, or the analysis that
// an earlier result brought, or both.
type Material struct {
	Original []byte
	Analysis []byte
}

// Result is what came of a picture: a photo with its report, or the reason why
// none can be made. A preview has the report only.
type Result struct {
	Reason  photo.Reason `json:"reason,omitempty"` // empty when there is a photo
	Picture []byte       `json:"-"`                // JPEG, or PNG with transparency, of the document's size
	Report  []byte       `json:"-"`                // check.Report as JSON
	// Analysis makes later edits quick. It comes with the first photo, and holds
	// as much of a person as the picture does.
	Analysis []byte `json:"-"`
	// NeedsOriginal: the analysis alone does not have the pixels for this photo.
	// There is no photo and no reason; the job is to be done with the original.
	NeedsOriginal bool       `json:"needs_original,omitempty"`
	Steps         []StepTime `json:"steps"` // in the order they ran
}

// StepTime is how long one step took.
type StepTime struct {
	Step photo.Step    `json:"step"`
	Took time.Duration `json:"took_ns"`
}
