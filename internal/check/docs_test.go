package check

import (
	"os"
	"strings"
	"testing"
)

func TestEveryCheckStandsInTheDocumentation(t *testing.T) {
	page, err := os.ReadFile("../../docs/checks.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range Assess(good(t, "us-passport")).Checks {
		if !strings.Contains(string(page), "`"+string(c.Name)+"`") {
			t.Errorf("docs/checks.md does not explain %s", c.Name)
		}
	}
}
