package docspec

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

func load(t *testing.T) *Catalogue {
	t.Helper()
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func all(t *testing.T) []Spec {
	t.Helper()
	specs, _ := load(t).Search(Query{Limit: 10_000})
	return specs
}

func TestTheCatalogueHoldsItsFiguresWithTheirSources(t *testing.T) {
	c := load(t)
	for _, tt := range []struct {
		id             string
		width, height  int // pixels
		headLo, headHi geom.MM
		crown          Crown
	}{
		{"us-passport", 600, 600, 25, 35, Hair},
		{"gb-passport", 413, 531, 29, 34, CrownUnknown},
		{"de-passport", 413, 531, 32, 36, Skull},
		{"ca-passport", 591, 827, 31, 36, Skull},
		{"cn-visa", 390, 567, 28, 33, CrownUnknown},
	} {
		s, err := c.Find(tt.id)
		if err != nil {
			t.Fatalf("%s: %v", tt.id, err)
		}
		if w, h := s.PixelSize(); w != tt.width || h != tt.height {
			t.Errorf("%s is %d x %d pixels, want %d x %d", tt.id, w, h, tt.width, tt.height)
		}
		if want := (Range{&tt.headLo, &tt.headHi}); !cmp.Equal(s.HeadHeight.Value, want) {
			t.Errorf("%s: head height differs: %s", tt.id, cmp.Diff(want, s.HeadHeight.Value))
		}
		if s.CrownReference.Value != tt.crown {
			t.Errorf("%s: crown reference %q, want %q", tt.id, s.CrownReference.Value, tt.crown)
		}
		for field, source := range s.cited() {
			if s.Certainty(source) == "" {
				t.Errorf("%s: %s has no certainty", tt.id, field)
			}
		}
	}
}

func TestAnAgeBandBringsItsException(t *testing.T) {
	s, err := load(t).Find("de-passport")
	if err != nil {
		t.Fatal(err)
	}
	if got := *s.For("6_10").HeadHeight.Value.Min; got != 22 {
		t.Errorf("a child's head may be %v mm high at least, want 22", got)
	}
	if got := *s.For("adult").HeadHeight.Value.Min; got != 32 {
		t.Errorf("an adult's head must be %v mm high at least, want 32", got)
	}
}

func TestAnAgeBandCanBringAnotherRuleThanAFigure(t *testing.T) {
	s := Spec{
		PhotoSource: Fact[PhotoSource]{Value: AtOffice},
		Exceptions: []Exception{{
			AgeBands:    []string{"under_1"},
			Expression:  &Fact[string]{Value: "eyes may be closed"},
			PhotoSource: &Fact[PhotoSource]{Value: Self},
		}},
	}
	if baby := s.For("under_1"); baby.Expression == nil || !baby.AcceptsSelfMade() {
		t.Errorf("a baby gets %+v", baby)
	}
	if adult := s.For("adult"); adult.Expression != nil || adult.AcceptsSelfMade() {
		t.Errorf("an adult gets %+v", adult)
	}
}

func TestTheCatalogueIsAsLargeAsItClaims(t *testing.T) {
	countries, ids := map[string]bool{}, map[string]bool{}
	for _, s := range all(t) {
		if ids[s.ID] {
			t.Errorf("two documents are called %s", s.ID)
		}
		ids[s.ID] = true
		if s.Country != "EU" { // reserved in ISO 3166-1 for the union, which is no country
			countries[s.Country] = true
		}
	}
	if len(ids) < 250 || len(countries) < 100 {
		t.Errorf("%d documents of %d countries, want 250 of 100", len(ids), len(countries))
	}
}

func TestEveryFactNamesASourceWithTitleDateAndCertainty(t *testing.T) {
	for _, s := range all(t) {
		for field, name := range s.cited() {
			src, known := s.Sources[name]
			if !known {
				t.Errorf("%s: %s cites %q, which is unknown", s.ID, field, name)
				continue
			}
			if err := src.validate(); err != nil {
				t.Errorf("%s: the source of %s: %v", s.ID, field, err)
			}
			if src.Certainty != Baseline && src.URL == "" {
				t.Errorf("%s: the source of %s has no address", s.ID, field)
			}
		}
	}
}

func TestOfficialFactsAreNotContradictedByOtherOfficialFactsUnseen(t *testing.T) {
	for _, s := range all(t) {
		for _, x := range s.Conflicts {
			if x.Source == s.cited()[x.Field] && x.Field != "head_height_mm" {
				t.Errorf("%s: %s contradicts its own source %s", s.ID, x.Field, x.Source)
			}
			if x.Says == "" {
				t.Errorf("%s: a conflict about %s says nothing", s.ID, x.Field)
			}
		}
	}
}

func TestWhoMayTakeThePhotoIsKnownWhereItMatters(t *testing.T) {
	c := load(t)
	for id, want := range map[string]PhotoSource{
		"us-passport": Self, "us-green-card": AtOffice, "gb-passport": Professional, "gb-passport-online": Self,
		"de-passport": ApprovedProvider, "de-id-card": ApprovedProvider, "fr-passport": ApprovedProvider,
		"ca-passport": Professional, "ca-pr-card": Professional, "in-passport": AtOffice, "cn-visa": SourceUnknown,
		"se-passport": AtOffice, "no-passport": AtOffice, "pt-passport": AtOffice, "mx-passport": AtOffice,
		"ar-passport": AtOffice, "co-passport": AtOffice, "pe-passport": AtOffice, "ph-passport": AtOffice,
		"th-passport": AtOffice, "id-passport": AtOffice, "kz-passport": AtOffice, "cz-passport": AtOffice,
		"ua-passport": AtOffice, "sg-passport": Self,
	} {
		s, err := c.Find(id)
		if err != nil {
			t.Errorf("%s: %v", id, err)
			continue
		}
		if s.PhotoSource.Value != want {
			t.Errorf("%s: the photo comes from %q, want %q", id, s.PhotoSource.Value, want)
		}
		if s.AcceptsSelfMade() != (want == Self) {
			t.Errorf("%s: accepts self-made photos: %v", id, s.AcceptsSelfMade())
		}
	}
}

func TestWhereTheAuthoritySaysNothingTheBaselineSaysSo(t *testing.T) {
	s, err := load(t).Find("se-visa") // a list gives its size and little else
	if err != nil {
		t.Fatal(err)
	}
	if got, want := s.HeadHeight.Value, (Range{new(geom.MM(31.5)), new(geom.MM(36))}); !cmp.Equal(got, want) {
		t.Errorf("head height differs: %s", cmp.Diff(want, got))
	}
	for field, source := range map[string]string{
		"head height": s.HeadHeight.Source, "eye line": s.EyeLine.Source, "resolution": s.DPI.Source,
		"alteration": s.Alteration.Source, "photo source": s.PhotoSource.Source, "channel": s.Channel.Source, "delivery": s.Delivery.Source,
	} {
		if s.Certainty(source) != Baseline {
			t.Errorf("the %s is %q, want baseline", field, s.Certainty(source))
		}
	}
	if s.PhotoSource.Value != SourceUnknown || s.Channel.Value != ChannelUnknown || s.PrintBy.Value != PrintByUnknown || s.PrintsNeeded != nil {
		t.Errorf("what is unknown is given as %q, %q, %q, %v", s.PhotoSource.Value, s.Channel.Value, s.PrintBy.Value, s.PrintsNeeded)
	}
}

func TestEveryBackgroundCanBePainted(t *testing.T) {
	for _, s := range all(t) {
		if s.Backgrounds == nil {
			continue
		}
		if got := s.BackgroundColours(); len(got) != len(s.Backgrounds.Value) || len(got) == 0 {
			t.Errorf("%s: %v becomes %v", s.ID, s.Backgrounds.Value, got)
		}
	}
	for _, c := range Palette() {
		if !hexColour.MatchString(c.Hex) {
			t.Errorf("%s is %s", c.Name, c.Hex)
		}
	}
}

func TestASpecThatNoPhotoCanSatisfyIsRefused(t *testing.T) {
	mm := func(v geom.MM) *geom.MM { return &v }
	for _, tt := range []struct {
		name  string
		spoil func(*Spec)
		want  string
	}{
		{"a fact of unknown source", func(s *Spec) { s.Width.Source = "hearsay" }, "hearsay"},
		{"a range that runs backwards", func(s *Spec) { s.EyeLine.Value = Range{mm(30), mm(20)} }, "backwards"},
		{"a head higher than the photo", func(s *Spec) { s.HeadHeight.Value = Range{mm(60), mm(70)} }, "higher than the photo"},
		{"no size", func(s *Spec) { s.Width.Value = 0 }, "not a size"},
		{"eyes below where such a head can have them", func(s *Spec) { s.EyeLine.Value = Range{mm(1), mm(8)} }, "eye_line_mm"},
		{"eyes above where such a head can have them", func(s *Spec) { s.EyeLine.Value = Range{mm(45), mm(50)} }, "eye_line_mm"},
		{"margins that leave too little for the head", func(s *Spec) {
			s.SpaceAbove = &Fact[Range]{Value: Range{mm(15), nil}, Source: "state"}
			s.SpaceBelow = &Fact[Range]{Value: Range{mm(15), nil}, Source: "state"}
		}, "higher than the photo"},
		{"margins that leave too much", func(s *Spec) {
			s.SpaceAbove = &Fact[Range]{Value: Range{nil, mm(5)}, Source: "state"}
			s.SpaceBelow = &Fact[Range]{Value: Range{nil, mm(5)}, Source: "state"}
		}, "lower than the photo"},
		{"pixels of another shape", func(s *Spec) {
			s.Pixels = &Fact[PixelRange]{Value: PixelRange{MinWidth: 600, MaxWidth: 600, MinHeight: 800, MaxHeight: 800}, Source: "state"}
		}, "another shape"},
		{"a pixel window that runs backwards", func(s *Spec) {
			s.Pixels = &Fact[PixelRange]{Value: PixelRange{MinWidth: 600, MaxWidth: 500}, Source: "state"}
		}, "backwards"},
		{"a file window that runs backwards", func(s *Spec) { s.FileSize = &Fact[ByteRange]{Value: ByteRange{Min: 2, Max: 1}, Source: "state"} }, "backwards"},
		{"a colour nobody can paint", func(s *Spec) { s.Backgrounds = &Fact[[]string]{Value: []string{"sky"}, Source: "state"} }, "palette"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, err := load(t).Find("us-passport")
			if err != nil {
				t.Fatal(err)
			}
			tt.spoil(&s)
			if err := s.validate(); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("validate says %v, want something about %q", err, tt.want)
			}
		})
	}
}
