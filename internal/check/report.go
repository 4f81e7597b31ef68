// Package check judges a photo and says why. Each check measures one thing,
// holds it against limits whose source is known, and tells the person what to
// do in one sentence. What was not assessed never passes; a value whose
// uncertainty reaches over a limit is a warning.
//
// There are two stages. What only a new picture can mend is measured once in the
// original, as Traits: the light on the face, eyes, mouth, sharpness. What we made
// is measured in the finished photo: its size, where the head stands, what is
// behind it. Either becomes a Check only together with a document, for what binds
// depends on it.
//
// Check names follow ISO/IEC 29794-5 where it has one. Each has the file of its name,
// but for the three turns of the head (head_pose.go) and the standard's proportions
// (head_size.go). docs/checks.md says how the limits were found.
package check

import (
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
)

// Version of the report's JSON shape.
const Version = 2

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

// Stage is what a check looked at.
type Stage string

// The stages: only another picture can mend what fails in the original.
const (
	Original Stage = "original"
	Finished Stage = "finished"
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
	Size       Size               `json:"size"`
	Guides     Guides             `json:"guides"`
	Checks     []Check            `json:"checks"`
	Questions  []Question         `json:"questions"` // that are still open
}

// Size is the finished photo's, in millimetres on paper and in pixels.
type Size struct {
	Width    float64 `json:"width_mm"`
	Height   float64 `json:"height_mm"`
	WidthPx  int     `json:"width_px"`
	HeightPx int     `json:"height_px"`
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

// Formatting is all that was done to the picture.
type Formatting struct {
	TurnedDeg    float64 `json:"turned_deg"`    // to level the eyes, positive clockwise
	ScalePercent float64 `json:"scale_percent"` // above 100 the original was enlarged
	// MoveCut: the person wanted the photo placed further out than the original
	// reaches, and it was placed as far as that.
	MoveCut            bool `json:"move_cut,omitempty"`
	BackgroundReplaced bool `json:"background_replaced,omitempty"`
	LightChanged       bool `json:"light_changed,omitempty"`
}

// Check is one judgement.
type Check struct {
	Name        Name              `json:"name"`
	Stage       Stage             `json:"stage"`
	Outcome     Outcome           `json:"outcome"`
	Binding     bool              `json:"binding"` // it counts for this document and this person
	Value       *float64          `json:"value"`   // null when nothing was measured
	Uncertainty float64           `json:"uncertainty,omitempty"`
	Unit        Unit              `json:"unit,omitempty"`
	Limits      *Limits           `json:"limits,omitempty"`
	Certainty   docspec.Certainty `json:"certainty,omitempty"` // of the limits
	Advice      string            `json:"advice"`
	Place       *Place            `json:"place,omitempty"` // where to look in the photo
}

// Limits are what the value was held against, in its unit; an open end is nil.
type Limits struct {
	Min *float64 `json:"min,omitempty"`
	Max *float64 `json:"max,omitempty"`
}

// Unit of a value.
type Unit string

// The units. A ratio has none.
const (
	Millimetres Unit = "mm"
	Pixels      Unit = "px"
	Percent     Unit = "%"
	Kilobytes   Unit = "kB"
	Degrees     Unit = "deg"
	Bits        Unit = "bit"
	Days        Unit = "d"
	DeltaE      Unit = "deltaE2000"
	Ratio       Unit = ""
)
