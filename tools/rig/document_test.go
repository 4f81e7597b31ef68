package rig

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAPartOfADocumentIsReplacedAndTheRestStays(t *testing.T) {
	path := filepath.Join(t.TempDir(), "figures.md")
	if err := os.WriteFile(path, []byte("# Figures\n\nBefore.\n\n<!-- a: begin -->\nold\n<!-- a: end -->\n\nAfter.\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for part, text := range map[string]string{"a": "new", "b": "more"} {
		if err := WritePart(path, part, text+"\n"); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := "# Figures\n\nBefore.\n\n<!-- a: begin -->\nnew\n<!-- a: end -->\n\nAfter.\n\n<!-- b: begin -->\nmore\n<!-- b: end -->\n"
	if string(got) != want {
		t.Errorf("the document is\n%s", got)
	}
}

func TestAPartWithoutAnEndIsLeftAlone(t *testing.T) {
	if _, err := replacePart("<!-- a: begin -->\nprecious", "a", "new"); err == nil || !strings.Contains(err.Error(), "does not end") {
		t.Errorf("the error is %v", err)
	}
}
