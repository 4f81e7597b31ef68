package docspec

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

// A size of one's own is said in its ID, so that it can stand wherever a
// document's ID can:
//
//	custom:40x50,head=30-36,eyes=25-30,dpi=600,background=light-grey
//
// All lengths are millimetres. eyes, dpi and background may be left out.
const customPrefix = CustomID + ":"

// ShortID is the ID without the figures of a size of one's own, for file names.
func ShortID(id string) string {
	short, _, _ := strings.Cut(id, ":")
	return short
}

// String is the ID that says the size.
func (c CustomSize) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s%gx%g,head=%s", customPrefix, float64(c.Width), float64(c.Height), spanText(c.HeadHeight))
	if c.EyeLine != nil {
		fmt.Fprintf(&b, ",eyes=%s", spanText(*c.EyeLine))
	}
	if c.DPI != 0 {
		fmt.Fprintf(&b, ",dpi=%d", c.DPI)
	}
	if c.Background != "" {
		fmt.Fprintf(&b, ",background=%s", strings.ReplaceAll(strings.ToLower(c.Background), " ", "-"))
	}
	return b.String()
}

func spanText(r Range) string {
	end := func(v *geom.MM) string {
		if v == nil {
			return ""
		}
		return strconv.FormatFloat(float64(*v), 'g', -1, 64)
	}
	return end(r.Min) + "-" + end(r.Max)
}

const number = `[0-9]{1,4}(?:\.[0-9]{1,3})?`

var (
	sizePattern = regexp.MustCompile(`^(` + number + `)x(` + number + `)$`)
	spanPattern = regexp.MustCompile(`^(` + number + `)?-(` + number + `)?$`)
	dpiPattern  = regexp.MustCompile(`^[0-9]{1,5}$`)
)

// parseCustom reads a size of one's own from its ID. Its error is a FieldError.
func parseCustom(id string) (Spec, error) {
	size, rest, _ := strings.Cut(strings.TrimPrefix(id, customPrefix), ",")
	m := sizePattern.FindStringSubmatch(size)
	if m == nil {
		return Spec{}, FieldError{"document", "has to begin with custom: and a size in millimetres, such as custom:40x50,head=30-36"}
	}
	c := CustomSize{Width: lengthOf(m[1]), Height: lengthOf(m[2])}
	seen := map[string]bool{}
	for _, part := range strings.Split(rest, ",") {
		name, value, _ := strings.Cut(part, "=")
		if part == "" {
			continue
		}
		if seen[name] {
			return Spec{}, FieldError{"document", "says " + name + " twice"}
		}
		seen[name] = true
		if err := c.set(name, value); err != nil {
			return Spec{}, err
		}
	}
	return Custom(c)
}

func (c *CustomSize) set(name, value string) error {
	switch name {
	case "head":
		r, ok := spanOf(value)
		if !ok {
			return FieldError{"head_height_mm", "has to be a range such as head=30-36"}
		}
		c.HeadHeight = r
	case "eyes":
		r, ok := spanOf(value)
		if !ok {
			return FieldError{"eye_line_mm", "has to be a range such as eyes=25-30"}
		}
		c.EyeLine = &r
	case "dpi":
		if !dpiPattern.MatchString(value) {
			return FieldError{"dpi", "has to be a whole number"}
		}
		c.DPI, _ = strconv.Atoi(value)
	case "background":
		c.Background = strings.ReplaceAll(value, "-", " ")
	default:
		return FieldError{"document", "knows head, eyes, dpi and background beside the size"}
	}
	return nil
}

func spanOf(s string) (r Range, ok bool) {
	m := spanPattern.FindStringSubmatch(s)
	if m == nil || m[1]+m[2] == "" {
		return r, false
	}
	for i, end := range []**geom.MM{&r.Min, &r.Max} {
		if m[i+1] != "" {
			v := lengthOf(m[i+1])
			*end = &v
		}
	}
	return r, true
}

// lengthOf reads what number has matched.
func lengthOf(s string) geom.MM {
	v, _ := strconv.ParseFloat(s, 64)
	return geom.MM(v)
}
