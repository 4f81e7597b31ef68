package docspec

import (
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

func mm(v geom.MM) *geom.MM { return &v }

func span(lo, hi geom.MM) Range { return Range{&lo, &hi} }

// ordinary is a size that nobody would object to.
func ordinary() CustomSize {
	return CustomSize{
		Width: 40, Height: 50, HeadHeight: span(30, 36), DPI: 600, Background: "#DDEEFF",
	}
}

func TestAnOwnSizeBecomesADocument(t *testing.T) {
	s, err := Custom(ordinary())
	if err != nil {
		t.Fatal(err)
	}
	if w, h := s.PixelSize(); s.ID != "custom:40x50,head=30-36,dpi=600,background=#ddeeff" || w != 945 || h != 1181 {
		t.Errorf("%s is %d x %d pixels, want 945 x 1181", s.ID, w, h)
	}
	if src := s.Sources[s.HeadHeight.Source]; src.Title != "the person's own figures" || src.Checked != "" || src.Certainty != Own {
		t.Errorf("the figures come from %+v", src)
	}
	if got := s.BackgroundColours(); len(got) != 1 || got[0].Hex != "#ddeeff" {
		t.Errorf("the background is %v", got)
	}
	if s.EyeLine == nil || s.Certainty(s.EyeLine.Source) != Baseline {
		t.Errorf("the eye line is %+v, want the baseline", s.EyeLine)
	}
}

func TestAnOwnSizeThatCannotBeNamesTheField(t *testing.T) {
	for _, tt := range []struct {
		name  string
		spoil func(*CustomSize)
		field string
	}{
		{"narrower than a stamp", func(c *CustomSize) { c.Width = 9.9 }, "width_mm"},
		{"higher than a sheet", func(c *CustomSize) { c.Height = 201 }, "height_mm"},
		{"no number", func(c *CustomSize) { c.Width = geom.MM(math.NaN()) }, "width_mm"},
		{"a head without an end", func(c *CustomSize) { c.HeadHeight.Max = nil }, "head_height_mm"},
		{"a head higher than the photo", func(c *CustomSize) { c.HeadHeight = span(30, 51) }, "head_height_mm"},
		{"a head of nothing", func(c *CustomSize) { c.HeadHeight = span(0, 20) }, "head_height_mm"},
		{"a head of no number", func(c *CustomSize) { c.HeadHeight = span(geom.MM(math.NaN()), 20) }, "head_height_mm"},
		{"a head range that runs backwards", func(c *CustomSize) { c.HeadHeight = span(36, 30) }, "head_height_mm"},
		{"eyes above the photo", func(c *CustomSize) { c.EyeLine = &Range{Max: mm(60)} }, "eye_line_mm"},
		{"eyes that run backwards", func(c *CustomSize) { r := span(30, 20); c.EyeLine = &r }, "eye_line_mm"},
		{"eyes too high for the head", func(c *CustomSize) { r := span(45, 48); c.EyeLine = &r }, "eye_line_mm"},
		{"eyes too low for the head", func(c *CustomSize) { r := span(2, 6); c.EyeLine = &r }, "eye_line_mm"},
		{"too coarse", func(c *CustomSize) { c.DPI = 149 }, "dpi"},
		{"too fine", func(c *CustomSize) { c.DPI = 1201 }, "dpi"},
		{"a colour without a name", func(c *CustomSize) { c.Background = "sky" }, "background"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := ordinary()
			tt.spoil(&c)
			_, err := Custom(c)
			var f FieldError
			if !errors.As(err, &f) || f.Field != tt.field {
				t.Errorf("Custom says %v, want an error about %s", err, tt.field)
			}
		})
	}
}

func TestEveryOwnSizeIsADocumentOrAFieldError(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) geom.MM { return geom.MM(rapid.Float64Range(-5, 220).Draw(t, name)) }
		c := ordinary()
		c.Width, c.Height = draw("width"), draw("height")
		c.HeadHeight = span(draw("least head"), draw("greatest head"))
		if rapid.Bool().Draw(t, "with eye line") {
			r := span(draw("least eyes"), draw("greatest eyes"))
			c.EyeLine = &r
		}
		_, err := Custom(c)
		var f FieldError
		if err != nil && !errors.As(err, &f) {
			t.Fatalf("%+v: %v", c, err)
		}
	})
}

func TestAnOwnSizeIsFoundByItsID(t *testing.T) {
	c := load(t)
	s, err := c.Find("custom:40x50,head=30-36,eyes=22-30,dpi=600,background=light-grey")
	if err != nil {
		t.Fatal(err)
	}
	if s.Width.Value != 40 || s.Height.Value != 50 || *s.HeadHeight.Value.Max != 36 || *s.EyeLine.Value.Min != 22 || s.PrintDPI() != 600 || s.BackgroundColours()[0].Name != "light grey" {
		t.Errorf("got %+v", s)
	}
	rapid.Check(t, func(t *rapid.T) {
		w, h := geom.MM(rapid.IntRange(200, 800).Draw(t, "w"))/10, geom.MM(rapid.IntRange(300, 900).Draw(t, "h"))/10
		size := CustomSize{Width: w, Height: h, HeadHeight: span(geom.MM(int(h*0.5)), geom.MM(int(h*0.7))), DPI: rapid.SampledFrom([]int{0, 300, 600}).Draw(t, "dpi")}
		want, err := Custom(size)
		if err != nil {
			t.Skip("no size that can be")
		}
		got, err := c.Find(want.ID)
		if err != nil || !cmp.Equal(got, want) {
			t.Fatalf("%s: %v\n%s", want.ID, err, cmp.Diff(want, got))
		}
	})
}

func TestAnIDThatIsNoSizeNamesWhatIsWrong(t *testing.T) {
	c := load(t)
	for id, field := range map[string]string{
		"custom:":                               "document",
		"custom:40":                             "document",
		"custom:40x50x60,head=30-36":            "document",
		"custom:-40x50,head=30-36":              "document",
		"custom:1e9x50,head=30-36":              "document",
		"custom:40x50":                          "head_height_mm",
		"custom:40x50,head=":                    "head_height_mm",
		"custom:40x50,head=36-30":               "head_height_mm",
		"custom:40x50,head=30":                  "head_height_mm",
		"custom:40x50,head=30-60":               "head_height_mm",
		"custom:40x50,head=30-36,eyes=49-50":    "eye_line_mm",
		"custom:40x50,head=30-36,dpi=9":         "dpi",
		"custom:40x50,head=30-36,dpi=many":      "dpi",
		"custom:40x50,head=30-36,background=xx": "background",
		"custom:40x50,head=30-36,smile=yes":     "document",
		"custom:40x50,head=30-36,head=20-30":    "document",
		"custom:400x50,head=30-36":              "width_mm",
	} {
		var wrong FieldError
		if _, err := c.Find(id); !errors.As(err, &wrong) || wrong.Field != field {
			t.Errorf("%s: %v, want an error about %s", id, err, field)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		_, err := c.Find("custom:" + rapid.String().Draw(t, "figures"))
		if err != nil && !errors.As(err, new(FieldError)) {
			t.Fatal(err)
		}
	})
}
