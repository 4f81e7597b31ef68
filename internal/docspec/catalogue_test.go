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

func TestOnlyTheUnitedStatesOfTheFirstFiveTakeASelfMadePhoto(t *testing.T) {
	found, _ := load(t).Search(Query{Limit: 100})
	for _, s := range found {
		if got, want := s.AcceptsSelfMade(), s.ID == "us-passport"; got != want {
			t.Errorf("%s accepts self-made photos: %v, want %v", s.ID, got, want)
		}
	}
}

func TestSearchNarrowsAndPages(t *testing.T) {
	c := load(t)
	for _, tt := range []struct {
		name  string
		query Query
		want  []string
		more  bool
	}{
		{"everything in order", Query{Limit: 9}, []string{"ca-passport", "cn-visa", "de-passport", "gb-passport", "us-passport"}, false},
		{"by country code in any case", Query{Country: "gb", Limit: 9}, []string{"gb-passport"}, false},
		{"by country name", Query{Text: " germany ", Limit: 9}, []string{"de-passport"}, false},
		{"by kind of document", Query{Text: "visa", Limit: 9}, []string{"cn-visa"}, false},
		{"a page at a time", Query{Limit: 2}, []string{"ca-passport", "cn-visa"}, true},
		{"the page after", Query{Limit: 3, After: "cn-visa"}, []string{"de-passport", "gb-passport", "us-passport"}, false},
		{"nothing", Query{Text: "atlantis", Limit: 9}, nil, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			found, more := c.Search(tt.query)
			var ids []string
			for _, s := range found {
				ids = append(ids, s.ID)
			}
			if !cmp.Equal(ids, tt.want) || more != tt.more {
				t.Errorf("found %v (more: %v), want %v (more: %v)", ids, more, tt.want, tt.more)
			}
		})
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
