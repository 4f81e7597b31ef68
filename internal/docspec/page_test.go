package docspec

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write docs/documents.md anew")

const pageFile = "../../docs/documents.md"

func TestThePageOfDocumentsIsUpToDate(t *testing.T) {
	var b bytes.Buffer
	writePage(&b, all(t))
	if *update {
		if err := os.WriteFile(pageFile, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	onDisk, err := os.ReadFile(pageFile)
	if err != nil || !bytes.Equal(onDisk, b.Bytes()) {
		t.Errorf("docs/documents.md is stale (%v); renew it with: go test ./internal/docspec -update\n%s", err, cmp.Diff(string(onDisk), b.String()))
	}
}

const pageStart = `# Documents

%d documents of %d countries and the Schengen area. This page is written from
[internal/docspec/data](../internal/docspec/data) by ` + "`go test ./internal/docspec -update`" + `.

The data is kept by hand, one file per country, in the shape that
[schema.json](../internal/docspec/schema.json) describes; ` + "`go test ./internal/docspec ./internal/crop`" + ` says
what is wrong with a change. A file holds what a source says and nothing else.
What an authority leaves open is filled in when the catalogue is loaded: ICAO 9303's
framing (head 70 to 80 %% of the photo's height, eyes at 50 to 70 %% where the head
is that large), 300 DPI, or plainly "unknown". Where sources disagree the
authority's own newest text wins and the others stand under it.

The letter behind a figure says how sure it is: **o** official, read on the
authority's own page; **s** secondary, a list or guide says so; **b** baseline,
because nothing was found. ` + "`GET /v1/documents/{id}`" + ` gives every fact with its
source, the day it was read and its note. The files began as a merger of
"passport-photo-specs by PixID" (pixid.studio, CC BY 4.0), "passport-photo-specs"
of idphotosnap.com (MIT) and pages read one by one.

Words for backgrounds have no official colour. We paint them so:

| word | colour |
|---|---|
`

func writePage(w *bytes.Buffer, specs []Spec) {
	countries := map[string][]Spec{}
	for _, s := range specs {
		countries[s.CountryName] = append(countries[s.CountryName], s)
	}
	fmt.Fprintf(w, pageStart, len(specs), len(countries)-1)
	for _, c := range Palette() {
		fmt.Fprintf(w, "| %s | `%s` |\n", c.Name, c.Hex)
	}
	for _, name := range slices.Sorted(maps.Keys(countries)) {
		writeCountry(w, name, countries[name])
	}
}

func writeCountry(w *bytes.Buffer, name string, specs []Spec) {
	fmt.Fprintf(w, "\n## %s\n\n", name)
	fmt.Fprint(w, "| document | size | head, mm | to | eyes above edge, mm | file | background | taken by | changes |\n|---|---|---|---|---|---|---|---|---|\n")
	sources := map[string]Source{}
	for _, s := range specs {
		maps.Copy(sources, s.Sources)
		fmt.Fprintf(w, "| %s `%s` | %s | %s | %s | %s | %s | %s | %s | %s |\n", s.Name, s.ID,
			mark(s, s.sizeCell(), s.Width.Source), mark(s, rangeCell(s.HeadHeight.Value), s.HeadHeight.Source),
			mark(s, string(s.CrownReference.Value), s.CrownReference.Source), eyeCell(s), fileCell(s), backgroundCell(s),
			mark(s, plain(string(s.PhotoSource.Value)), s.PhotoSource.Source), alterationCell(s))
	}
	fmt.Fprintln(w)
	for _, s := range specs {
		for _, e := range s.Exceptions {
			if e.HeadHeight != nil {
				fmt.Fprintf(w, "- `%s`, ages %s: head %s mm\n", s.ID, ages(e), mark(s, rangeCell(e.HeadHeight.Value), e.HeadHeight.Source))
			}
			if e.EyeLine != nil {
				fmt.Fprintf(w, "- `%s`, ages %s: eyes %s mm\n", s.ID, ages(e), mark(s, rangeCell(e.EyeLine.Value), e.EyeLine.Source))
			}
		}
		for _, x := range s.Conflicts {
			fmt.Fprintf(w, "- `%s`, %s: %s says %s\n", s.ID, plain(strings.TrimSuffix(x.Field, "_mm")), s.Sources[x.Source].Title, x.Says)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(sources)) {
		if src := sources[key]; src.Certainty != Baseline {
			fmt.Fprintf(w, "- %s, %s: [%s](<%s>)\n", src.Certainty, src.Checked, src.Title, src.URL)
		}
	}
}

// mark adds the first letter of a source's certainty.
func mark(s Spec, text, source string) string { return text + " " + string(s.Certainty(source))[:1] }

func plain(code string) string { return strings.ReplaceAll(code, "_", " ") }

func ages(e Exception) string {
	return strings.NewReplacer("under_1", "under 1", "1_5", "1 to 5", "6_10", "6 to 10").Replace(strings.Join(e.AgeBands, ", "))
}

func (s Spec) sizeCell() string {
	size := s.Size()
	if s.DPI.Value > leastDPI {
		size += fmt.Sprintf(", %d DPI", s.DPI.Value)
	}
	return size
}

func rangeCell(r Range) string {
	switch {
	case r.Min == nil:
		return fmt.Sprintf("at most %g", float64(*r.Max))
	case r.Max == nil:
		return fmt.Sprintf("at least %g", float64(*r.Min))
	}
	return fmt.Sprintf("%g to %g", float64(*r.Min), float64(*r.Max))
}

func eyeCell(s Spec) string {
	if s.EyeLine == nil {
		return ""
	}
	return mark(s, rangeCell(s.EyeLine.Value), s.EyeLine.Source)
}

func fileCell(s Spec) string {
	var parts []string
	if s.Pixels != nil {
		px := s.Pixels.Value
		window := fmt.Sprintf("%d × %d", px.MinWidth, px.MinHeight)
		switch {
		case px.MaxWidth == 0:
			window = "at least " + window
		case px.MaxWidth != px.MinWidth:
			window += fmt.Sprintf(" to %d × %d", px.MaxWidth, px.MaxHeight)
		}
		parts = append(parts, mark(s, window+" px", s.Pixels.Source))
	}
	if s.FileSize != nil {
		b := s.FileSize.Value
		window := fmt.Sprintf("%d to %d", b.Min, b.Max)
		if b.Min == 0 {
			window = fmt.Sprintf("at most %d", b.Max)
		}
		parts = append(parts, mark(s, window+" bytes", s.FileSize.Source))
	}
	return strings.Join(parts, ", ")
}

// alterationCell does not call a rule that nobody found a permission.
func alterationCell(s Spec) string {
	if s.Certainty(s.Alteration.Source) == Baseline {
		return "no rule found b"
	}
	return mark(s, plain(string(s.Alteration.Value)), s.Alteration.Source)
}

func backgroundCell(s Spec) string {
	if s.Backgrounds == nil {
		return ""
	}
	return mark(s, strings.Join(s.Backgrounds.Value, ", "), s.Backgrounds.Source)
}
