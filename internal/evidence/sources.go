package evidence

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
)

// sourcesOf says where a document's rules were read, the surest first. What only
// stands for a rule that nobody found is no source.
func sourcesOf(spec docspec.Spec) []string {
	var names []string
	for name, s := range spec.Sources {
		if s.Certainty != docspec.Baseline || s.URL != "" {
			names = append(names, name)
		}
	}
	sure := []docspec.Certainty{docspec.Official, docspec.Own, docspec.Secondary, docspec.Baseline}
	slices.SortFunc(names, func(a, b string) int {
		rank := func(name string) int { return slices.Index(sure, spec.Sources[name].Certainty) }
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b))
	})
	lines := make([]string, len(names))
	for i, name := range names {
		lines[i] = sourceLine(spec.Sources[name])
	}
	return lines
}

func sourceLine(s docspec.Source) string {
	word := map[docspec.Certainty]string{
		docspec.Official: "official", docspec.Secondary: "secondary", docspec.Baseline: "standard", docspec.Own: "your own",
	}[s.Certainty]
	parts := []string{word, s.Title}
	if s.URL != "" {
		parts = append(parts, s.URL)
	}
	if day, err := time.Parse(time.DateOnly, s.Checked); err == nil {
		parts = append(parts, "read on "+day.Format(dayFormat))
	}
	return strings.Join(parts, " · ")
}
