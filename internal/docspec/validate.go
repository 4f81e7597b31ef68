package docspec

import (
	"fmt"
	"math"
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
	if err := s.validateFile(); err != nil {
		return err
	}
	for _, band := range []string{"adult", "6_10", "1_5", "under_1"} {
		if err := s.For(band).solvable(); err != nil {
			return fmt.Errorf("age band %s: %w", band, err)
		}
	}
	return nil
}

// validateFile checks what the document asks of a file and its colours.
func (s Spec) validateFile() error {
	if s.Pixels != nil {
		px := s.Pixels.Value
		w, h := s.PixelSize()
		switch {
		case px.MaxWidth > 0 && px.MinWidth > px.MaxWidth, px.MaxHeight > 0 && px.MinHeight > px.MaxHeight:
			return fmt.Errorf("pixels run backwards")
		case px.Square && w != h:
			return fmt.Errorf("%d x %d pixels are not square", w, h)
		case math.Abs(float64(w)*float64(s.Height.Value)/(float64(h)*float64(s.Width.Value))-1) > 0.01:
			return fmt.Errorf("%d x %d pixels have another shape than %v x %v mm", w, h, s.Width.Value, s.Height.Value)
		}
	}
	if s.FileSize != nil && s.FileSize.Value.Max > 0 && s.FileSize.Value.Min > s.FileSize.Value.Max {
		return fmt.Errorf("file_size_bytes runs backwards")
	}
	if s.Backgrounds != nil {
		for _, word := range s.Backgrounds.Value {
			if _, ok := ColourOf(word); !ok {
				return fmt.Errorf("background %q is not in the palette", word)
			}
		}
	}
	return nil
}

func (src Source) validate() error {
	if src.Title == "" {
		return fmt.Errorf("has no title")
	}
	if _, err := time.Parse(time.DateOnly, src.Checked); err != nil && src.Certainty != Own {
		return fmt.Errorf("checked %q is not a date", src.Checked)
	}
	switch src.Certainty {
	case Official, Secondary, Baseline, Own:
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
		"delivery": s.Delivery.Source, "print_by": s.PrintBy.Source,
	}
	cite(c, "eye_line_mm", s.EyeLine)
	cite(c, "space_above_mm", s.SpaceAbove)
	cite(c, "space_below_mm", s.SpaceBelow)
	cite(c, "head_width_mm", s.HeadWidth)
	cite(c, "pixels", s.Pixels)
	cite(c, "file_size_bytes", s.FileSize)
	cite(c, "backgrounds", s.Backgrounds)
	cite(c, "glasses", s.Glasses)
	cite(c, "expression", s.Expression)
	cite(c, "head_covering", s.HeadCovering)
	cite(c, "prints_needed", s.PrintsNeeded)
	cite(c, "max_age_days", s.MaxAgeDays)
	for i, e := range s.Exceptions {
		cite(c, fmt.Sprintf("exceptions[%d].head_height_mm", i), e.HeadHeight)
		cite(c, fmt.Sprintf("exceptions[%d].eye_line_mm", i), e.EyeLine)
		cite(c, fmt.Sprintf("exceptions[%d].expression", i), e.Expression)
		cite(c, fmt.Sprintf("exceptions[%d].photo_source", i), e.PhotoSource)
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
// allowed head fits between the smallest allowed margins, the greatest fills the
// photo between the greatest, and the eyes may be where that head has them.
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
	if s.SpaceAbove != nil && s.SpaceBelow != nil && s.SpaceAbove.Value.Max != nil && s.SpaceBelow.Value.Max != nil &&
		*s.SpaceAbove.Value.Max+*s.HeadHeight.Value.Max+*s.SpaceBelow.Value.Max < s.Height.Value {
		return fmt.Errorf("the greatest head and margins are lower than the photo")
	}
	return s.eyesFitTheHead()
}

// A head's height is 1.7 to 2.7 times the distance from the chin to the eyes:
// what short hair and a small child's head come to.
const (
	leastHeadOverEyes = 1.7
	mostHeadOverEyes  = 2.7
)

// eyesFitTheHead checks that the smallest allowed head can have its eyes where
// they have to be without leaving the photo.
func (s Spec) eyesFitTheHead() error {
	if s.EyeLine == nil {
		return nil
	}
	least, eyes := lowest(s.HeadHeight.Value), s.EyeLine.Value
	if eyes.Max != nil && *eyes.Max < least/mostHeadOverEyes {
		return fmt.Errorf("eye_line_mm is so low that the chin leaves the photo")
	}
	if eyes.Min != nil && *eyes.Min > s.Height.Value-least*(1-1/leastHeadOverEyes) {
		return fmt.Errorf("eye_line_mm is so high that the crown leaves the photo")
	}
	return nil
}

func lowest(r Range) geom.MM {
	if r.Min == nil {
		return 0
	}
	return *r.Min
}
