package disclosure

import (
	"fmt"
	"strings"

	"github.com/passportphotogenie/passportphotogenie/internal/policy"
)

// Answer is the text of the answer to a Shine the Light request, about a year: the
// one before that in which the request arrived. The entries are those of that year.
func Answer(year int, entries []Entry, c policy.Controller) string {
	var b strings.Builder
	fmt.Fprintf(&b, "You asked which personal information we disclosed to third parties for their direct marketing (California Civil Code section 1798.83). This is our answer for the calendar year %d.\n\n", year)
	if len(entries) == 0 {
		fmt.Fprintf(&b, "In %d we disclosed no personal information to third parties for their direct marketing, of you or of anybody else.\n", year)
	} else {
		fmt.Fprintf(&b, "In %d we disclosed personal information of these kinds to third parties for their direct marketing:\n\n", year)
		for _, kind := range kinds(entries) {
			b.WriteString("- " + kind + "\n")
		}
		b.WriteString("\nThe third parties are:\n")
		for _, e := range entries {
			fmt.Fprintf(&b, "\n%s\n%s\nIt got: %s\n", e.Name, e.Address, strings.Join(lines(e.Categories), "; "))
			if e.Products != "" {
				fmt.Fprintf(&b, "Examples of what it markets: %s\n", strings.Join(lines(e.Products), "; "))
			}
		}
	}
	b.WriteString("\nYou can ask once in each calendar year, free of charge.\n")
	for _, line := range []string{c.Name, c.Address, c.ShineTheLight} {
		if line != "" {
			b.WriteString("\n" + line)
		}
	}
	return strings.TrimSpace(b.String()) + "\n"
}

// kinds are all categories, each once, in the order of the entries.
func kinds(entries []Entry) (all []string) {
	seen := map[string]bool{}
	for _, e := range entries {
		for _, kind := range lines(e.Categories) {
			if key := strings.ToLower(kind); !seen[key] {
				seen[key], all = true, append(all, kind)
			}
		}
	}
	return all
}

func lines(text string) (all []string) {
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}
