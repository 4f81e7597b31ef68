package archtest

import (
	"os"
	"strings"
	"testing"
)

// TestTheArchitecturePageNamesEveryPackage keeps docs/ARCHITECTURE.md whole, and free of
// packages that there are no longer.
func TestTheArchitecturePageNamesEveryPackage(t *testing.T) {
	b, err := os.ReadFile("../../docs/ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	_, page, found := strings.Cut(string(b), "## Where things are")
	page, _, ended := strings.Cut(page, "## Where to begin")
	if !found || !ended {
		t.Fatal("docs/ARCHITECTURE.md has no list of packages")
	}
	known := map[string]bool{"testdata/portraits": true} // go list leaves out what is under testdata
	for path := range list(t, "./...") {
		short := strings.TrimPrefix(path, "internal/")
		known[short] = true
		if !strings.Contains(page, "`"+short+"`") {
			t.Errorf("docs/ARCHITECTURE.md does not name %s: add it to its layer", path)
		}
	}
	for _, row := range strings.Split(page, "\n") {
		words := strings.Split(row, "`")
		for i := 1; i < len(words) && strings.HasPrefix(row, "|"); i += 2 {
			if !known[words[i]] {
				t.Errorf("docs/ARCHITECTURE.md names %s, which is no package", words[i])
			}
		}
	}
}
