package contest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/passportphotogenie/passportphotogenie/internal/check"
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
)

// Record is what is kept of a contested check. It is a shape of its own, not
// check.Check, so that whatever a check will hold one day is not kept unless it
// is asked for here: no place in the picture, no advice that may name one.
type Record struct {
	Name      check.Name        `json:"name"`
	Stage     string            `json:"stage,omitempty"`
	Outcome   check.Outcome     `json:"outcome"`
	Value     *float64          `json:"value"` // null when nothing was measured, or it is not kept
	Unit      check.Unit        `json:"unit,omitempty"`
	Limits    *Limits           `json:"limits,omitempty"`
	Certainty docspec.Certainty `json:"certainty,omitempty"`
}

// Limits are what the value was held against; an open end is nil.
type Limits struct {
	Min *float64 `json:"min,omitempty"`
	Max *float64 `json:"max,omitempty"`
}

// units of the values that are kept; a plain ratio has none.
var units = []check.Unit{check.Millimetres, check.Percent, check.Pixels, check.Degrees, check.Ratio}

// Check is the record as the check that it was, without what was not kept.
func (r Record) Check() check.Check {
	c := check.Check{Name: r.Name, Outcome: r.Outcome, Value: r.Value, Unit: r.Unit, Certainty: r.Certainty}
	if r.Limits != nil {
		c.Limits = &check.Limits{Min: r.Limits.Min, Max: r.Limits.Max}
	}
	return c
}

// report is the part of a stored report that may be kept.
type report struct {
	Verdict check.Verdict `json:"verdict"`
	Checks  []Record      `json:"checks"`
}

func read(stored []byte) (report, error) {
	var r report
	if err := json.Unmarshal(stored, &r); err != nil {
		return report{}, fmt.Errorf("read the contested report: %w", err)
	}
	for i := range r.Checks {
		if c := &r.Checks[i]; !slices.Contains(units, c.Unit) {
			c.Value, c.Unit, c.Limits = nil, "", nil
		}
	}
	return r, nil
}

// Outcomes reads from a stored report what may be kept when the photo is gone.
func Outcomes(stored []byte) (check.Verdict, []Record, error) {
	r, err := read(stored)
	return r.Verdict, r.Checks, err
}

// UnknownCheckError says which of the named checks, from 0, the report does not
// have.
type UnknownCheckError int

// Error counts as people do.
func (e UnknownCheckError) Error() string {
	return fmt.Sprintf("check %d is not in the report", int(e)+1)
}

// pick returns the named checks, sorted and each once.
func (r report) pick(names []string) ([]Record, error) {
	var picked []Record
	for i, name := range names {
		at := slices.IndexFunc(r.Checks, func(c Record) bool { return string(c.Name) == name })
		if at < 0 {
			return nil, UnknownCheckError(i)
		}
		picked = append(picked, r.Checks[at])
	}
	slices.SortFunc(picked, func(a, b Record) int { return strings.Compare(string(a.Name), string(b.Name)) })
	return slices.CompactFunc(picked, func(a, b Record) bool { return a.Name == b.Name }), nil
}
