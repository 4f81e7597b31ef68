package printsheet

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
	"github.com/passportphotogenie/passportphotogenie/internal/typeset"
)

func TestAPaperHoldsAsManyPhotosAsCanBeCountedByHand(t *testing.T) {
	for _, tt := range []struct {
		paper  string
		w, h   geom.MM
		want   int
		turned bool
	}{
		{"4x6", 35, 45, 6, true}, // 3 x 45 + 2 x 2 = 139 of 152.4 mm, 2 x 35 + 2 = 72 of 101.6
		{"4x6", 50.8, 50.8, 2, false},
		{"4x6", 33, 48, 4, false},
		{"10x15", 35, 45, 4, false}, // a third row of 45 would need 139 of 137 mm
		{"10x15", 50, 70, 2, false}, // across: 2 x 50 + 2 = 102 of 137 mm, and 70 below the header
		{"13x18", 35, 45, 9, false}, // 3 x 35 + 4 = 109 of 117 mm, 3 x 45 + 4 = 139 of 167
		{"a4", 35, 45, 28, true},    // 4 x 45 + 6 = 186 of 190 mm, 7 x 35 + 12 = 257 of 277
		{"a4", 50.8, 50.8, 15, false},
		{"letter", 50.8, 50.8, 12, false},
	} {
		t.Run(tt.paper+" "+Size{tt.w, tt.h}.String(), func(t *testing.T) {
			s := plan(t, Order{Spec: spec(tt.w, tt.h, 1), Paper: paper(t, tt.paper), Format: PDF, Fill: true})
			if s.Fits != tt.want || len(s.Photos) != tt.want || s.Copies != tt.want || s.Turned != tt.turned {
				t.Errorf("holds %d, laid %d of %d, turned %v; want %d, turned %v", s.Fits, len(s.Photos), s.Copies, s.Turned, tt.want, tt.turned)
			}
		})
	}
}

func TestTheNumberOfPhotosFollowsTheDocumentUnlessOneIsAskedFor(t *testing.T) {
	for _, tt := range []struct {
		name           string
		prints, copies int
		want, pages    int
	}{
		{"as the document asks", 2, 0, 2, 1},
		{"one where it asks for none", 0, 0, 1, 1},
		{"as asked", 2, 3, 3, 1},
		{"on a second page what the first can't hold", 6, 0, 6, 2},
		{"on many", 1, 99, 99, 25},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := plan(t, Order{Spec: spec(35, 45, tt.prints), Paper: paper(t, "10x15"), Format: PDF, Copies: tt.copies})
			if s.Copies != tt.want || s.Pages() != tt.pages {
				t.Errorf("%d photos on %d pages, want %d on %d", s.Copies, s.Pages(), tt.want, tt.pages)
			}
			laid := 0
			for page := range s.Pages() {
				laid += len(s.OnPage(page))
			}
			if laid != tt.want {
				t.Errorf("the pages hold %d photos, want %d", laid, tt.want)
			}
		})
	}
}

func TestPhotosStandUprightWhereTurningThemSavesNoPaper(t *testing.T) {
	o := Order{Spec: spec(35, 45, 4), Paper: paper(t, "4x6"), Format: PDF}
	if s := plan(t, o); s.Turned || s.Pages() != 1 {
		t.Errorf("four photos are turned: %v, on %d pages", s.Turned, s.Pages())
	}
	o.Copies = 6
	if s := plan(t, o); !s.Turned || s.Pages() != 1 {
		t.Errorf("six photos are turned: %v, on %d pages", s.Turned, s.Pages())
	}
}

func TestThePageForTheShopHoldsOnePhotoHoweverManyPrintsAreWanted(t *testing.T) {
	o := Order{Spec: spec(35, 45, 2), Paper: paper(t, "a4"), Format: PDF, Copies: 7, Fill: true}
	o.Spec.PrintBy.Value = docspec.PrintByProfessional
	if s := plan(t, o); len(s.Photos) != 1 || s.Pages() != 1 {
		t.Errorf("%d photos on %d pages", len(s.Photos), s.Pages())
	}
}

func TestEveryDocumentOfTheCatalogueHasASheet(t *testing.T) {
	catalogue, err := docspec.Load()
	if err != nil {
		t.Fatal(err)
	}
	faces, err := typeset.Fonts()
	if err != nil {
		t.Fatal(err)
	}
	documents, _ := catalogue.Search(docspec.Query{Limit: math.MaxInt})
	for _, d := range documents {
		for _, p := range papers() {
			for _, format := range []Format{PDF, JPEG} {
				s, err := Plan(Order{Spec: d, Paper: p, Format: format})
				if d.Digital() && errors.Is(err, ErrNoSize) {
					continue
				}
				var small TooSmallError
				if d.Height.Value > 100 && errors.As(err, &small) {
					continue // a print for the wall of an office fills small paper by itself
				}
				if err != nil {
					t.Errorf("%s on %s: %v", d.ID, p.Name, err)
				}
				for _, l := range s.header.lines {
					if missing := faces.Missing(l); missing != "" {
						t.Errorf("%s: the font lacks %q of %q", d.ID, missing, l.Text)
					}
				}
			}
		}
	}
}

func TestPaperThatDoesNotHoldAPhotoIsRefused(t *testing.T) {
	small, err := CustomPaper(Size{80, 80})
	if err != nil {
		t.Fatal(err)
	}
	_, err = Plan(Order{Spec: spec(50, 70, 1), Paper: small, Format: PDF})
	if got := (TooSmallError{}); !errors.As(err, &got) || got.Photo != (Size{50, 70}) {
		t.Errorf("Plan says %v", err)
	}
}

func TestPaperOfNoSensibleSizeIsRefused(t *testing.T) {
	nan, inf := geom.MM(math.NaN()), geom.MM(math.Inf(1))
	for _, s := range []Size{{0, 100}, {100, 79.9}, {-100, -100}, {100, 420.1}, {nan, 100}, {100, nan}, {inf, 100}} {
		if p, err := CustomPaper(s); !errors.Is(err, ErrNoPaper) {
			t.Errorf("%v is paper %+v, error %v", s, p, err)
		}
	}
	if p, err := CustomPaper(Size{180, 120}); err != nil || p.Size != (Size{120, 180}) || p.Label != "120 × 180 mm" {
		t.Errorf("180 x 120 mm is paper %+v, error %v", p, err)
	}
}

func TestADocumentThatAsksForPixelsHasNoSizeToPrint(t *testing.T) {
	d := spec(35, 45, 1)
	d.Width.Source = "icao"
	d.Sources = map[string]docspec.Source{"icao": {Certainty: docspec.Baseline}}
	d.Pixels = &docspec.Fact[docspec.PixelRange]{}
	if _, err := Plan(Order{Spec: d, Paper: paper(t, "a4"), Format: PDF}); !errors.Is(err, ErrNoSize) {
		t.Errorf("Plan says %v", err)
	}
}

// anOrder draws any order that a person could place.
func anOrder(t *rapid.T) Order {
	side := rapid.Float64Range(float64(MinSide), float64(MaxSide))
	p, err := CustomPaper(Size{geom.MM(side.Draw(t, "paper width")), geom.MM(side.Draw(t, "paper height"))})
	if err != nil {
		t.Fatal(err)
	}
	photo := rapid.Float64Range(20, 110)
	o := Order{
		Spec:  spec(geom.MM(photo.Draw(t, "photo width")), geom.MM(photo.Draw(t, "photo height")), rapid.IntRange(0, 8).Draw(t, "prints")),
		Paper: p, Format: rapid.SampledFrom([]Format{PDF, JPEG}).Draw(t, "format"),
		Copies: rapid.IntRange(0, MaxCopies).Draw(t, "copies"), Fill: rapid.Bool().Draw(t, "fill"),
	}
	o.Spec.PrintBy.Value = rapid.SampledFrom([]docspec.PrintBy{docspec.PrintByAnyone, docspec.PrintByProfessional, docspec.PrintByUnknown}).Draw(t, "print by")
	return o
}

// fromEdge is how near a rectangle comes to the edge of the paper.
func fromEdge(paper Size, r Rect) geom.MM {
	return min(r.X, r.Y, paper.W-r.X-r.W, paper.H-r.Y-r.H)
}

const rounding = 1e-6

func TestNothingOnASheetTouchesAnythingElse(t *testing.T) {
	faces, err := typeset.Fonts()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		s, err := Plan(anOrder(t))
		if errors.As(err, new(TooSmallError)) {
			t.Skip("the paper is too small")
		} else if err != nil {
			t.Fatal(err)
		}
		for i, p := range s.Photos {
			if d := fromEdge(s.Paper, p); d < inset-rounding {
				t.Fatalf("photo %d is %.2f mm from the edge", i, d)
			}
			for j, q := range s.Photos[:i] {
				if d := apart(p, q); d < MinGutter-rounding {
					t.Fatalf("photos %d and %d are %.2f mm apart", j, i, d)
				}
			}
		}
		printed := []Rect{s.header.bar}
		for _, l := range s.header.lines {
			size := l.Size.MM()
			printed = append(printed, Rect{l.X, l.Baseline - size*0.8, faces.Width(l.Style, l.Text), size})
		}
		for _, m := range cutMarks(s.Paper, s.Photos) {
			if m.W < markStroke-rounding || m.H < markStroke-rounding {
				t.Fatalf("a mark has no length: %+v", m)
			}
			printed = append(printed, m)
		}
		for _, r := range printed {
			if d := fromEdge(s.Paper, r); d < Clear-markStroke/2-rounding {
				t.Fatalf("%+v is %.2f mm from the edge", r, d)
			}
			for i, p := range s.Photos {
				if d := apart(r, p); d < markGap-markStroke/2-rounding {
					t.Fatalf("%+v is %.2f mm from photo %d", r, d, i)
				}
			}
		}
	})
}

func TestNoOtherOrientationHoldsMore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := anOrder(t)
		faces, err := typeset.Fonts()
		if err != nil {
			t.Fatal(err)
		}
		best := 0
		for _, f := range framesOf(faces, o, Size{o.Spec.Width.Value, o.Spec.Height.Value}) {
			// Counted by laying one more until it does not fit.
			n := 0
			for w := f.photo.W; w <= f.room.W+rounding; w += f.photo.W + MinGutter {
				for h := f.photo.H; h <= f.room.H+rounding; h += f.photo.H + MinGutter {
					n++
				}
			}
			best = max(best, n)
		}
		s, err := Plan(o)
		if best == 0 {
			if !errors.As(err, new(TooSmallError)) {
				t.Fatalf("nothing fits, and Plan says %v", err)
			}
			return
		}
		if err != nil || s.Fits != best {
			t.Fatalf("Plan finds room for %d, error %v; there is room for %d", s.Fits, err, best)
		}
		if o.Fill && !ForShop(o.Spec) && len(s.Photos) != best {
			t.Fatalf("a filled sheet holds %d of %d photos", len(s.Photos), best)
		}
	})
}
