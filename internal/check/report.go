// Package check judges a photo and says why. Each check measures one thing,
// holds it against limits whose source is known, and tells the person what to
// do in one sentence. What was not assessed never passes; a value whose
// uncertainty reaches over a limit is a warning.
//
// Check names follow ISO/IEC 29794-5 where it has one. The report holds
// outcomes and values in millimetres, pixels or per cent, never coordinates.
package check

import (
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
)

// Version of the report's JSON shape.
const Version = 1

// Outcome is a check's judgement.
type Outcome string

// The outcomes. Declared means that the person answered a question.
const (
	Pass        Outcome = "pass"
	Warn        Outcome = "warn"
	Fail        Outcome = "fail"
	NotAssessed Outcome = "not_assessed"
	Declared    Outcome = "declared"
)

// Verdict sums a report up. It is advice: the office decides.
type Verdict string

// The verdicts.
const (
	ReadyToSubmit  Verdict = "ready_to_submit"
	SubmitWithCare Verdict = "submit_with_care"
	TakeAnother    Verdict = "take_another"
)

// Report is what is known of a finished photo.
type Report struct {
	Version    int                `json:"version"`
	Document   string             `json:"document"`
	Verdict    Verdict            `json:"verdict"`
	Summary    []string           `json:"summary"` // most useful sentence first
	Alteration docspec.Alteration `json:"alteration"`
	Formatting Formatting         `json:"formatting"`
	Pose       Pose               `json:"pose"`
	Guides     Guides             `json:"guides"`
	Checks     []Check            `json:"checks"`
}

// Guides are where the head's lines lie in the finished photo, in millimetres from
// its top edge and, for the middle of the eyes, from its left edge: what a person
// would check with a ruler.
type Guides struct {
	HairTop  float64 `json:"hair_top_mm"`
	SkullTop float64 `json:"skull_top_mm"`
	EyeLine  float64 `json:"eye_line_mm"`
	Chin     float64 `json:"chin_mm"`
	Middle   float64 `json:"middle_mm"`
}

// Pose is how the head is turned, to a few degrees: a positive yaw looks to the
// person's left, a positive pitch down. It is measured, not yet judged.
type Pose struct {
	YawDeg   float64 `json:"yaw_deg"`
	PitchDeg float64 `json:"pitch_deg"`
}

// Formatting is all that was done to the picture.
type Formatting struct {
	TurnedDeg    float64 `json:"turned_deg"`    // to level the eyes, positive clockwise
	ScalePercent float64 `json:"scale_percent"` // above 100 the original was enlarged
	// MoveCut: the person wanted the photo placed further out than the original
	// reaches, and it was placed as far as that.
	MoveCut            bool `json:"move_cut,omitempty"`
	BackgroundReplaced bool `json:"background_replaced,omitempty"`
}

// Check is one judgement.
type Check struct {
	Name        Name              `json:"name"`
	Outcome     Outcome           `json:"outcome"`
	Value       *float64          `json:"value"` // null when not assessed
	Uncertainty float64           `json:"uncertainty,omitempty"`
	Unit        Unit              `json:"unit,omitempty"`
	Limits      *Limits           `json:"limits,omitempty"`
	Certainty   docspec.Certainty `json:"certainty,omitempty"` // of the limits
	Advice      string            `json:"advice"`
}

// Limits are what the value was held against, in its unit; an open end is nil.
type Limits struct {
	Min *float64 `json:"min,omitempty"`
	Max *float64 `json:"max,omitempty"`
}

// Name is a check's code.
type Name string

// The checks of this report.
const (
	PhotoSize         Name = "photo_size"
	SingleFacePresent Name = "single_face_present"
	HeadHeight        Name = "head_height"
	EyeLine           Name = "eye_line"
	HeadCentred       Name = "head_centred"
	SpaceAbove        Name = "space_above"
	InterEyeDistance  Name = "inter_eye_distance"
	ResolutionGained  Name = "resolution_gained"
	FileSize          Name = "file_size_window"
	DigitalAlteration Name = "digital_alteration"
)

// Unit of a value.
type Unit string

// The units.
const (
	Millimetres Unit = "mm"
	Pixels      Unit = "px"
	Percent     Unit = "%"
	Kilobytes   Unit = "kB"
)
