package docspec

import (
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

// validate refuses figures that no photo can satisfy and facts without a source.
func (s Spec) validate() error {
	if s.Name == "" || s.Kind == "" {
		return fmt.Errorf("name and kind are required")
	}
	for name, src := range s.Sources {
		if err := src.validate(); err != nil {
			return fmt.Errorf("source %q: %w", name, err)
		}
	}
	for field, source := range s.cited() {
		if _, known := s.Sources[source]; !known {
			return fmt.Errorf("%s cites the unknown source %q", field, source)
		}
	}
	if s.Width.Value <= 0 || s.Height.Value <= 0 {
		return fmt.Errorf("size %v x %v mm is not a size", s.Width.Value, s.Height.Value)
	}
	for _, band := range []string{"adult", "6_10", "1_5", "under_1"} {
		if err := s.For(band).solvable(); err != nil {
			return fmt.Errorf("age band %s: %w", band, err)
		}
	}
	return nil
}

func (src Source) validate() error {
	if src.Title == "" {
		return fmt.Errorf("has no title")
	}
	if _, err := time.Parse(time.DateOnly, src.Checked); err != nil {
		return fmt.Errorf("checked %q is not a date", src.Checked)
	}
	switch src.Certainty {
	case Official, Secondary, Baseline:
		return nil
	}
	return fmt.Errorf("certainty %q is none of ours", src.Certainty)
}

// cited lists every fact's source by field name.
func (s Spec) cited() map[string]string {
	c := map[string]string{
		"width_mm": s.Width.Source, "height_mm": s.Height.Source, "dpi": s.DPI.Source,
		"head_height_mm":  s.HeadHeight.Source,
		"crown_reference": s.CrownReference.Source, "alteration": s.Alteration.Source,
		"photo_source": s.PhotoSource.Source, "channel": s.Channel.Source,
		"prints_needed": s.PrintsNeeded.Source, "print_by": s.PrintBy.Source,
	}
	cite(c, "eye_line_mm", s.EyeLine)
	cite(c, "space_above_mm", s.SpaceAbove)
	cite(c, "space_below_mm", s.SpaceBelow)
	cite(c, "head_width_mm", s.HeadWidth)
	cite(c, "background", s.Background)
	cite(c, "glasses", s.Glasses)
	cite(c, "expression", s.Expression)
	cite(c, "max_age_days", s.MaxAgeDays)
	for i, e := range s.Exceptions {
		cite(c, fmt.Sprintf("exceptions[%d].head_height_mm", i), e.HeadHeight)
		cite(c, fmt.Sprintf("exceptions[%d].eye_line_mm", i), e.EyeLine)
	}
	for i, x := range s.Conflicts {
		c[fmt.Sprintf("conflicts[%d]", i)] = x.Source
	}
	return c
}

func cite[T any](into map[string]string, field string, f *Fact[T]) {
	if f != nil {
		into[field] = f.Source
	}
}

// solvable checks that the ranges leave room for a head: that the smallest
// allowed head fits between the smallest allowed margins.
func (s Spec) solvable() error {
	ranges := map[string]Range{"head_height_mm": s.HeadHeight.Value}
	var above, below geom.MM
	if s.EyeLine != nil {
		ranges["eye_line_mm"] = s.EyeLine.Value
	}
	if s.SpaceAbove != nil {
		ranges["space_above_mm"], above = s.SpaceAbove.Value, lowest(s.SpaceAbove.Value)
	}
	if s.SpaceBelow != nil {
		ranges["space_below_mm"], below = s.SpaceBelow.Value, lowest(s.SpaceBelow.Value)
	}
	for name, r := range ranges {
		if r.Min != nil && r.Max != nil && *r.Min > *r.Max {
			return fmt.Errorf("%s runs backwards", name)
		}
	}
	if s.HeadHeight.Value.Min == nil || s.HeadHeight.Value.Max == nil {
		return fmt.Errorf("head_height_mm needs both ends")
	}
	if above+lowest(s.HeadHeight.Value)+below > s.Height.Value {
		return fmt.Errorf("the smallest head and margins are higher than the photo")
	}
	return nil
}

func lowest(r Range) geom.MM {
	if r.Min == nil {
		return 0
	}
	return *r.Min
}
